// What is known before the chip is built becomes a constant: shape arithmetic, by the values that
// the shape rules carry, and small subgraphs of constants, by the interpreter's kernels.
#include <algorithm>

#include "frontend/interpret/evaluate.h"
#include "frontend/interpret/interpreter.h"
#include "frontend/op_table.h"
#include "frontend/passes/match.h"
#include "frontend/passes/pass.h"
#include "support/error.h"

namespace tilewright::pass {
namespace {

constexpr std::int64_t kMostElements = 1 << 20;  // of all inputs and outputs of one node

// At hand without another file, and small.
bool readable(const GraphEditor& edit, const Match& m, std::int32_t tensor) {
  const Tensor& t = edit.tensor(tensor);
  return m.is_constant(tensor) && t.has_shape && t.elements() <= kMostElements &&
         t.location.kind != WeightLocation::Kind::kExternal &&
         (t.location.kind != WeightLocation::Kind::kNone || t.has_value || t.has_reals);
}

// Integers that a shape rule knows.
bool fold_known(GraphEditor& edit, std::int32_t node) {
  const Node n = edit.node(node);
  bool all = true;
  for (const std::int32_t output : n.outputs) {
    all = all &&
          (output < 0 || (edit.tensor(output).has_value && !is_floating(edit.tensor(output).type)));
  }
  if (!all) return false;
  for (const std::int32_t output : n.outputs) {
    if (output < 0) continue;
    const Tensor t = edit.tensor(output);
    edit.replace(output, edit.add_constant(constant_value(edit.graph(), t, Precision::kDeclared),
                                           t.name + "/folded"));
  }
  return true;
}

// Whether a result is what the graph has recorded of the tensor it takes the place of.
bool as_recorded(const GraphEditor& edit, std::int32_t tensor, const Value& result) {
  const Tensor& t = edit.tensor(tensor);
  return t.has_shape && t.type == result.type && t.shape == result.shape;
}

// Nothing when that would take more than the passes may.
std::vector<Value> evaluated(GraphEditor& edit, const Node& n, const std::vector<Value>& inputs) {
  try {
    return evaluate_node(edit.graph(), n, inputs, Precision::kDeclared, edit.allowance());
  } catch (const Error& error) {
    if (error.id() != "TW-RUN-004" && error.id() != "TW-RUN-011") throw;
    return {};
  }
}

bool fold_computed(GraphEditor& edit, std::int32_t node) {
  const Node n = edit.node(node);
  const Match m(edit);
  const OpRule* const rule = find_rule(n.domain, n.type);
  if (rule == nullptr || rule->run == nullptr || draws(n) || n.inputs.empty()) return false;
  // What is quantised stays so.
  if (n.domain.empty() && n.type == "DequantizeLinear") return false;
  std::int64_t elements = 0;
  bool of_weights = false;
  for (const std::int32_t input : n.inputs) {
    if (input < 0) continue;
    if (!readable(edit, m, input)) return false;
    elements += edit.tensor(input).elements();
    of_weights = of_weights || edit.tensor(input).is_weight;
  }
  for (const std::int32_t output : n.outputs) {
    if (output < 0) continue;
    if (!edit.tensor(output).has_shape) return false;
    elements += edit.tensor(output).elements();
  }
  if (elements > kMostElements) return false;
  std::vector<Value> inputs;
  for (const std::int32_t input : n.inputs) {
    inputs.push_back(input < 0
                         ? Value{}
                         : constant_value(edit.graph(), edit.tensor(input), Precision::kDeclared));
  }
  const std::vector<Value> results = evaluated(edit, n, inputs);
  if (results.size() != n.outputs.size()) return false;
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (edit.in_use(n.outputs[i]) && !as_recorded(edit, n.outputs[i], results[i])) return false;
  }
  for (std::size_t i = 0; i < n.outputs.size(); ++i) {
    if (!edit.in_use(n.outputs[i])) continue;
    const std::string name = edit.tensor(n.outputs[i]).name + "/folded";
    // What weights become is a weight still.
    const bool weight = of_weights && results[i].count() > 64;
    edit.replace(n.outputs[i],
                 weight ? edit.add_weight(results[i], name) : edit.add_constant(results[i], name));
  }
  return true;
}

}  // namespace

std::int64_t fold_constants(GraphEditor& edit) {
  std::int64_t changes = 0;
  const std::size_t count = edit.nodes();
  for (std::size_t i = 0; i < count; ++i) {
    const auto node = static_cast<std::int32_t>(i);
    const Node& n = edit.node(node);
    const bool used = std::any_of(n.outputs.begin(), n.outputs.end(),
                                  [&](std::int32_t t) { return edit.in_use(t); });
    if (!edit.alive(node) || !used || (n.domain.empty() && n.type == "Constant")) continue;
    if (!fold_known(edit, node) && !fold_computed(edit, node)) continue;
    edit.remove(node);
    ++changes;
  }
  return changes;
}

}  // namespace tilewright::pass
