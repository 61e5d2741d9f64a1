// RotaryEmbedding from x cos + rotate_half(x) sin, where cos and sin are of the same angles twice,
// or constants.
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
  const auto steps = has_steps ? m.ints(node->inputs[4]) : std::optional(Shape{1});
  if (!starts || !ends || !axes || starts->size() != 1 || ends->size() != 1 || axes->size() != 1 ||
      steps != Shape{1} || extent < 0)
    return std::nullopt;
  if ((*axes)[0] != rank - 1 && (*axes)[0] != -1) return std::nullopt;
  const auto place = [&](std::int64_t v) {
    return std::clamp<std::int64_t>(v < 0 ? std::max(v, -extent) + extent : v, 0, extent);
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

// cos or sin for each place of the sequence and each half of the width, twice: of angles, or known.
struct Table {
  std::int32_t angles = -1;  // [batch, sequence, half]: computed
  double scale = 1;
  std::int32_t constant = -1;   // [1, ..., rows, width], both halves alike
  std::int32_t positions = -1;  // [batch, sequence]: which row is whose; -1: in order
};

bool halves_alike(const Match& m, std::int32_t constant) {
  const auto value = m.value(constant);
  const std::int64_t width = m.dim(constant, -1);
  if (!value || !is_floating(value->type) || m.rank(constant) < 2 || width % 2 != 0) return false;
  for (std::int64_t axis = 0; axis + 2 < m.rank(constant); ++axis) {
    if (m.dim(constant, axis) != 1) return false;
  }
  const std::vector<double> list = as_reals(*value);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto half = static_cast<std::size_t>(width) / 2, place = i % (2 * half);
    if (place < half && list[i] != list[i + half]) return false;
  }
  return true;
}

// Rows of a constant that positions [batch, sequence] pick.
std::optional<Table> picked(const GraphEditor& edit, const Match& m, std::int32_t tensor) {
  const Node* const node = m.made_by(tensor, "Gather");
  if (node == nullptr || OpView(edit.graph(), *node).attr_int("axis", 0) != 0) return std::nullopt;
  const std::int32_t rows = node->inputs[0], positions = node->inputs[1];
  if (m.rank(rows) != 2 || m.rank(positions) != 2 || edit.tensor(positions).type != DType::kInt64 ||
      !halves_alike(m, rows))
    return std::nullopt;
  Table table;
  table.constant = rows;
  table.positions = positions;
  return table;
}

std::optional<Table> table_of(const GraphEditor& edit, const Match& m, std::int32_t tensor,
                              const char* function) {
  if (halves_alike(m, tensor)) return Table{-1, 1, tensor, -1};
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
  if (table.scale == 1) {
    if (const auto rows = picked(edit, m, tensor)) return rows;
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

// Both tables are of the same angles, or of the same rows, and fit x [batch, heads, sequence,
// width].
bool fit(const Match& m, std::int32_t x, const Table& cos, const Table& sin) {
  const std::int64_t batch = m.dim(x, 0), sequence = m.dim(x, 2), width = m.dim(x, 3);
  if (cos.angles >= 0) {
    return cos.angles == sin.angles && m.dim(cos.angles, 0) == batch &&
           m.dim(cos.angles, 1) == sequence && 2 * m.dim(cos.angles, 2) == width;
  }
  if (sin.constant < 0 || cos.positions != sin.positions || m.dim(cos.constant, -1) != width ||
      m.dim(sin.constant, -1) != width || m.dim(cos.constant, -2) != m.dim(sin.constant, -2))
    return false;
  constexpr std::int64_t kMostPositions = 1 << 20;  // that become a constant
  if (cos.positions < 0) {
    return m.dim(cos.constant, -2) == sequence && sequence > 0 && batch > 0 &&
           product({batch, sequence}) <= kMostPositions;
  }
  return m.dim(cos.positions, 0) == batch && m.dim(cos.positions, 1) == sequence;
}

// The first half of every row, in x's type: [rows, half].
std::int32_t narrow_rows(GraphEditor& edit, const Table& table, DType type) {
  const Match m(edit);
  const std::int64_t rows = m.dim(table.constant, -2), half = m.dim(table.constant, -1) / 2;
  const std::vector<double> list = as_reals(*m.value(table.constant));
  Value value = make_value(DType::kFloat64, {rows, half}, Precision::kDeclared);
  auto& narrow = std::get<std::vector<double>>(value.elements);
  for (std::size_t i = 0; i < narrow.size(); ++i) {
    const auto wide = static_cast<std::size_t>(half);
    narrow[i] = list[i / wide * 2 * wide + i % wide];
  }
  const Value typed = converted(value, type, Precision::kDeclared);
  const std::string name = edit.tensor(table.constant).name + "/half";
  return edit.tensor(table.constant).is_weight ? edit.add_weight(typed, name)
                                               : edit.add_constant(typed, name);
}

// The table of half the width, in x's type.
std::int32_t narrow_table(GraphEditor& edit, const Table& table, const char* function, DType type) {
  if (table.constant >= 0) return narrow_rows(edit, table, type);
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

// 0, 1, 2, ... for every sequence of the batch.
std::int32_t in_order(GraphEditor& edit, std::int64_t batch, std::int64_t sequence,
                      const std::string& name) {
  Value value = make_value(DType::kInt64, {batch, sequence}, Precision::kDeclared);
  auto& list = std::get<std::vector<std::int64_t>>(value.elements);
  for (std::size_t i = 0; i < list.size(); ++i) list[i] = static_cast<std::int64_t>(i) % sequence;
  return edit.add_constant(value, name + "/positions");
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
      if (!cos || !sin || !fit(m, *x, *cos, *sin)) continue;
      const DType type = edit.tensor(*x).type;
      const std::string name = edit.tensor(sum).name + "/RotaryEmbedding";
      std::vector<std::int32_t> inputs = {*x, narrow_table(edit, *cos, "Cos", type),
                                          narrow_table(edit, *sin, "Sin", type)};
      if (cos->constant >= 0) {
        inputs.push_back(cos->positions >= 0 ? cos->positions
                                             : in_order(edit, m.dim(*x, 0), m.dim(*x, 2), name));
      }
      return edit.replace(sum, edit.add_op("RotaryEmbedding", std::move(inputs), {}, name));
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
