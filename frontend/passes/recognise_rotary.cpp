// RotaryEmbedding from x cos + rotate_half(x) sin, where cos and sin are of the same angles twice.
#include <algorithm>

#include "frontend/onnx_proto.h"
#include "frontend/passes/match.h"
#include "frontend/passes/pass.h"
#include "frontend/passes/rewrite.h"

namespace tilewright::pass {
namespace {

struct Range {
  std::int32_t from = -1;
  std::int64_t first = 0, last = 0;
};

// A part of the last axis: Slice with known bounds.
std::optional<Range> part_of_last(const GraphEditor& edit, const Match& m, std::int32_t tensor) {
  const Node* const node = m.made_by(tensor, "Slice");
  if (node == nullptr) return std::nullopt;
  const OpView view(edit.graph(), *node);
  const bool by_input = node->inputs.size() > 1;
  const auto list = [&](std::size_t slot, const char* name) {
    return by_input ? m.ints(Match::input(*node, slot)) : std::optional(view.attr_ints(name));
  };
  const auto starts = list(1, "starts"), ends = list(2, "ends"), axes = list(3, "axes");
  const std::int64_t rank = m.rank(node->inputs[0]), extent = m.dim(node->inputs[0], -1);
  const bool has_steps = Match::input(*node, 4) >= 0;
  const auto steps = has_steps ? m.ints(node->inputs[4]) : std::nullopt;
  if (!starts || !ends || !axes || starts->size() != 1 || axes->size() != 1 ||
      (has_steps && (!steps || (*steps)[0] != 1)))
    return std::nullopt;
  if ((*axes)[0] != rank - 1 && (*axes)[0] != -1) return std::nullopt;
  const auto place = [&](std::int64_t v) {
    return std::clamp<std::int64_t>(v < 0 ? v + extent : v, 0, extent);
  };
  return Range{node->inputs[0], place((*starts)[0]), place((*ends)[0])};
}

// [-x2, x1] of which x?
std::optional<std::int32_t> rotated_half(const GraphEditor& edit, const Match& m,
                                         std::int32_t tensor) {
  const Node* const node = m.made_by(tensor, "Concat");
  if (node == nullptr || node->inputs.size() != 2) return std::nullopt;
  const std::int64_t axis = OpView(edit.graph(), *node).attr_int("axis", 0);
  if (axis != -1 && axis != m.rank(tensor) - 1) return std::nullopt;
  const Node* const negated = m.made_by(node->inputs[0], "Neg");
  if (negated == nullptr) return std::nullopt;
  const auto upper = part_of_last(edit, m, negated->inputs[0]),
             lower = part_of_last(edit, m, node->inputs[1]);
  if (!upper || !lower || upper->from != lower->from) return std::nullopt;
  const std::int64_t width = m.dim(upper->from, -1);
  const bool halves = lower->first == 0 && lower->last == width / 2 && upper->first == width / 2 &&
                      upper->last == width;
  return halves ? std::optional(upper->from) : std::nullopt;
}

// cos or sin of [a, a] with an axis of 1 for the heads; a is [batch, sequence, half].
struct Table {
  std::int32_t angles = -1;
  double scale = 1;
};
std::optional<Table> table_of(const GraphEditor& edit, const Match& m, std::int32_t tensor,
                              const char* function) {
  Table table;
  // Down to the function through casts, scales, and a reshape that adds the axis of heads.
  for (int steps = 0; steps < 6; ++steps) {
    tensor = m.before_casts(tensor);
    if (const auto scaled = m.with_scalar(tensor, "Mul")) {
      table.scale *= scaled->second;
      tensor = scaled->first;
      continue;
    }
    const Node* node = m.made_by(tensor, "Unsqueeze");
    if (node == nullptr) node = m.made_by(tensor, "Reshape");
    if (node == nullptr) break;
    const std::int32_t from = node->inputs[0];
    const bool adds_heads = m.rank(tensor) == 4 && m.rank(from) == 3 && m.dim(tensor, 1) == 1 &&
                            m.dim(tensor, 0) == m.dim(from, 0) &&
                            m.dim(tensor, 2) == m.dim(from, 1);
    if (!adds_heads) return std::nullopt;
    tensor = from;
  }
  const Node* const node = m.made_by(tensor, function);
  const Node* const both = node == nullptr ? nullptr : m.made_by(node->inputs[0], "Concat");
  if (both == nullptr || both->inputs.size() != 2 || both->inputs[0] != both->inputs[1] ||
      m.rank(tensor) != 3)
    return std::nullopt;
  const std::int64_t axis = OpView(edit.graph(), *both).attr_int("axis", 0);
  if (axis != -1 && axis != 2) return std::nullopt;
  table.angles = both->inputs[0];
  return table;
}

// The table of half the width, in x's type.
std::int32_t narrow_table(GraphEditor& edit, const Table& table, const char* function, DType type) {
  const std::string name = edit.tensor(table.angles).name;
  std::int32_t t = edit.add_op(function, {table.angles}, {}, name + "/" + function);
  if (table.scale != 1) {
    Value scale = make_value(DType::kFloat64, {}, Precision::kDeclared);
    std::get<std::vector<double>>(scale.elements)[0] = table.scale;
    const Value typed = converted(scale, edit.tensor(t).type, Precision::kDeclared);
    t = edit.add_op("Mul", {t, edit.add_constant(typed, name + "/scale")}, {}, name + "/scaled");
  }
  if (edit.tensor(t).type == type) return t;
  const std::int64_t number = proto::number_of(type);
  return edit.add_op("Cast", {t}, {{"to", number}}, name + "/cast");
}

bool recognise(GraphEditor& edit, std::int32_t sum) {
  const Match m(edit);
  const auto both = m.operands(sum, "Add");
  if (!both) return false;
  for (const auto& [plain, turned] :
       {std::pair(both->first, both->second), std::pair(both->second, both->first)}) {
    const auto a = m.operands(plain, "Mul"), b = m.operands(turned, "Mul");
    if (!a || !b) return false;
    for (const bool swap : {false, true}) {
      const std::int32_t half = swap ? b->second : b->first, sine = swap ? b->first : b->second;
      const auto x = rotated_half(edit, m, half);
      if (!x || (a->first != *x && a->second != *x) || m.rank(*x) != 4) continue;
      const auto cos = table_of(edit, m, a->first == *x ? a->second : a->first, "Cos");
      const auto sin = table_of(edit, m, sine, "Sin");
      if (!cos || !sin || cos->angles != sin->angles || m.dim(cos->angles, 0) != m.dim(*x, 0) ||
          m.dim(cos->angles, 1) != m.dim(*x, 2) || 2 * m.dim(cos->angles, 2) != m.dim(*x, 3)) {
        continue;
      }
      const DType type = edit.tensor(*x).type;
      const std::string name = edit.tensor(sum).name + "/RotaryEmbedding";
      const std::int32_t c = narrow_table(edit, *cos, "Cos", type),
                         s = narrow_table(edit, *sin, "Sin", type);
      return edit.replace(sum, edit.add_op("RotaryEmbedding", {*x, c, s}, {}, name));
    }
  }
  return false;
}

}  // namespace

std::int64_t recognise_rotary_embedding(GraphEditor& edit) {
  return rewrite_each(edit, "Add", [](GraphEditor& e, std::int32_t node) {
    return recognise(e, e.node(node).outputs[0]);
  });
}

}  // namespace tilewright::pass
