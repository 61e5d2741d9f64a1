// Data movement that moves nothing goes; chains of reshapes and of transposes become one.
#include <algorithm>

#include "frontend/passes/match.h"
#include "frontend/passes/pass.h"
#include "frontend/passes/rewrite.h"

namespace tilewright::pass {
namespace {

bool only_renames(const Node& node) {
  return node.type == "Reshape" || node.type == "Squeeze" || node.type == "Unsqueeze" ||
         node.type == "Flatten";
}

Shape permutation(const GraphEditor& edit, const Node& node) {
  const OpView view(edit.graph(), node);
  Shape perm = view.attr_ints("perm");
  if (perm.empty()) {
    for (std::int64_t i = view.rank(0) - 1; i >= 0; --i) perm.push_back(i);
  }
  return perm;
}

bool is_sorted_but_for_ones(const Shape& perm, const Shape& shape) {
  std::int64_t last = -1;
  for (const std::int64_t axis : perm) {
    if (shape[static_cast<std::size_t>(axis)] == 1) continue;
    if (axis < last) return false;
    last = axis;
  }
  return true;
}

// Every element stays where it is, and the shape too.
bool does_nothing(const GraphEditor& edit, const Node& node) {
  const OpView view(edit.graph(), node);
  const std::int32_t from = node.inputs.empty() ? -1 : node.inputs[0], to = node.outputs[0];
  if (from < 0 || !edit.tensor(from).has_shape || !edit.tensor(to).has_shape ||
      edit.tensor(from).shape != edit.tensor(to).shape ||
      edit.tensor(from).type != edit.tensor(to).type) {
    return false;
  }
  const std::string& type = node.type;
  if (type == "Identity" || type == "Cast" || type == "CastLike" || type == "Expand" ||
      type == "Tile" || only_renames(node)) {
    return true;
  }
  if (type == "Transpose") {
    const Shape perm = permutation(edit, node);
    return is_sorted_but_for_ones(perm, edit.tensor(from).shape);
  }
  if (type == "Concat" || type == "Sum" || type == "Max" || type == "Min")
    return node.inputs.size() == 1;
  if (type == "Dropout") {
    return node.inputs.size() < 3 || node.inputs[2] < 0;
  }
  if (type == "Slice") {
    const auto steps = Match(edit).ints(Match::input(node, 4));
    return Match::input(node, 4) < 0 ||
           (steps &&
            std::all_of(steps->begin(), steps->end(), [](std::int64_t s) { return s > 0; }));
  }
  return false;
}

Value ints_value(const Shape& values) {
  Value value =
      make_value(DType::kInt64, {static_cast<std::int64_t>(values.size())}, Precision::kDeclared);
  value.elements = values;
  return value;
}

std::int32_t reshaped(GraphEditor& edit, std::int32_t from, std::int32_t like) {
  const Tensor to = edit.tensor(like);
  const std::int32_t shape = edit.add_constant(ints_value(to.shape), to.name + "/shape");
  return edit.add_op("Reshape", {from, shape}, {{"allowzero", std::int64_t{1}}},
                     to.name + "/reshaped");
}

// A reshape of a reshape, or a transpose that moves extents of 1 alone.
bool join_reshapes(GraphEditor& edit, std::int32_t index) {
  const Node node = edit.node(index);
  const std::int32_t from = node.inputs[0], to = node.outputs[0];
  if (!edit.tensor(from).has_shape || !edit.tensor(to).has_shape) return false;
  if (node.type == "Transpose") {
    if (!is_sorted_but_for_ones(permutation(edit, node), edit.tensor(from).shape)) return false;
    return edit.replace(to, reshaped(edit, from, to));
  }
  const std::int32_t before = edit.producer(from);
  if (!only_renames(node) || before < 0) return false;
  const Node first = edit.node(before);
  if (!first.domain.empty() || !only_renames(first) || !edit.tensor(first.inputs[0]).has_shape)
    return false;
  return edit.replace(to, reshaped(edit, first.inputs[0], to));
}

bool join_transposes(GraphEditor& edit, std::int32_t index) {
  const Node node = edit.node(index);
  const std::int32_t before = edit.producer(node.inputs[0]);
  if (node.type != "Transpose" || before < 0) return false;
  const Node first = edit.node(before);
  // Axes are checked where shapes are known.
  if (!first.domain.empty() || first.type != "Transpose" ||
      !edit.tensor(first.inputs[0]).has_shape || !edit.tensor(node.inputs[0]).has_shape ||
      !edit.tensor(node.outputs[0]).has_shape)
    return false;
  const Shape inner = permutation(edit, first), outer = permutation(edit, node);
  Shape both;
  for (const std::int64_t axis : outer) both.push_back(inner[static_cast<std::size_t>(axis)]);
  const std::string name = edit.tensor(node.outputs[0]).name + "/transposed";
  return edit.replace(node.outputs[0],
                      edit.add_op("Transpose", {first.inputs[0]}, {{"perm", both}}, name));
}

}  // namespace

std::int64_t simplify_moves(GraphEditor& edit) {
  std::int64_t changes = 0;
  const std::size_t count = edit.nodes();
  for (std::size_t i = 0; i < count; ++i) {
    const auto node = static_cast<std::int32_t>(i);
    if (!edit.alive(node) || !edit.node(node).domain.empty() || edit.node(node).outputs.empty() ||
        edit.node(node).outputs[0] < 0 || edit.node(node).inputs.empty() ||
        edit.node(node).inputs[0] < 0 || !only_first_used(edit, edit.node(node))) {
      continue;
    }
    const Node n = edit.node(node);
    const bool shown = edit.is_output(n.outputs[0]) &&
                       (edit.producer(n.inputs[0]) < 0 || edit.is_output(n.inputs[0]));
    const bool idle = does_nothing(edit, n) && !shown && edit.replace(n.outputs[0], n.inputs[0]);
    if (!idle && !join_transposes(edit, node) && !join_reshapes(edit, node)) continue;
    edit.remove(node);
    ++changes;
  }
  return changes;
}

}  // namespace tilewright::pass
