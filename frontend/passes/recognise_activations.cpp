// SiLU (Swish) and GELU from their primitives.
#include <cmath>
#include <numbers>

#include "frontend/passes/match.h"
#include "frontend/passes/pass.h"
#include "frontend/passes/rewrite.h"

namespace tilewright::pass {
namespace {

// A product taken apart: its factors that are no constant scalars, and the product of those that
// are.
struct Product {
  std::vector<std::int32_t> factors;
  double scale = 1;
};

// Through Mul and Div as far as only this product reads them.
void take_apart(const GraphEditor& edit, const Match& m, std::int32_t tensor, bool top, int depth,
                Product& p) {
  if (const auto s = m.scalar(tensor)) {
    p.scale *= *s;
    return;
  }
  const bool own = depth < 4 && (top || edit.used_once(tensor));
  if (const auto product = own ? m.operands(tensor, "Mul") : std::nullopt) {
    take_apart(edit, m, product->first, false, depth + 1, p);
    take_apart(edit, m, product->second, false, depth + 1, p);
    return;
  }
  if (const auto quotient = own ? m.with_scalar(tensor, "Div") : std::nullopt;
      quotient && quotient->second != 0) {
    p.scale /= quotient->second;
    take_apart(edit, m, quotient->first, false, depth + 1, p);
    return;
  }
  p.factors.push_back(tensor);
}

bool near(double a, double b) {
  return std::fabs(a - b) <= 1e-3 * std::fabs(b);
}

// erf(x / sqrt 2) of which x?
std::optional<std::int32_t> erf_of(const GraphEditor& edit, const Match& m, std::int32_t tensor) {
  const Node* const node = m.made_by(tensor, "Erf");
  if (node == nullptr) return std::nullopt;
  Product p;
  take_apart(edit, m, node->inputs[0], true, 0, p);
  if (p.factors.size() != 1 || !near(p.scale, 1 / std::numbers::sqrt2)) return std::nullopt;
  return p.factors[0];
}

// tanh(sqrt(2 / pi) (x + 0.044715 x^3)) of which x?
std::optional<std::int32_t> tanh_of(const GraphEditor& edit, const Match& m, std::int32_t tensor) {
  const Node* const node = m.made_by(tensor, "Tanh");
  if (node == nullptr) return std::nullopt;
  Product p;
  take_apart(edit, m, node->inputs[0], true, 0, p);
  if (p.factors.size() != 1 || !near(p.scale, std::sqrt(2 / std::numbers::pi))) return std::nullopt;
  const auto sum = m.operands(p.factors[0], "Add");
  if (!sum) return std::nullopt;
  for (const auto& [x, cubic] :
       {std::pair(sum->first, sum->second), std::pair(sum->second, sum->first)}) {
    Product c;
    take_apart(edit, m, cubic, true, 0, c);
    if (!near(c.scale, 0.044715)) continue;
    const bool three =
        c.factors.size() == 3 && c.factors[0] == x && c.factors[1] == x && c.factors[2] == x;
    const auto power = c.factors.size() == 1 ? m.operands(c.factors[0], "Pow") : std::nullopt;
    if (three || (power && power->first == x && m.is_scalar(power->second, 3))) return x;
  }
  return std::nullopt;
}

// 0.5 x (1 + f(x))
bool gelu(GraphEditor& edit, std::int32_t tensor) {
  const Match m(edit);
  Product p;
  take_apart(edit, m, tensor, true, 0, p);
  if (p.factors.size() != 2 || !near(p.scale, 0.5)) return false;
  for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) {
    const std::int32_t x = p.factors[1 - i];
    const auto one_more = m.with_scalar(p.factors[i], "Add");
    if (!one_more || !near(one_more->second, 1) || !edit.tensor(x).has_shape) continue;
    const bool exact = erf_of(edit, m, one_more->first) == x;
    if (!exact && tanh_of(edit, m, one_more->first) != x) continue;
    return edit.replace(
        tensor, edit.add_op("Gelu", {x}, {{"approximate", std::string(exact ? "none" : "tanh")}},
                            edit.tensor(tensor).name + "/Gelu"));
  }
  return false;
}

// x sigmoid(alpha x)
bool swish(GraphEditor& edit, std::int32_t tensor) {
  const Match m(edit);
  const auto both = m.operands(tensor, "Mul");
  if (!both) return false;
  for (const auto& [x, gate] :
       {std::pair(both->first, both->second), std::pair(both->second, both->first)}) {
    const Node* const sigmoid = m.made_by(gate, "Sigmoid");
    if (sigmoid == nullptr || !edit.tensor(x).has_shape) continue;
    double alpha = 1;
    if (sigmoid->inputs[0] != x) {
      const auto scaled = m.with_scalar(sigmoid->inputs[0], "Mul");
      if (!scaled || scaled->first != x) continue;
      alpha = scaled->second;
    }
    return edit.replace(
        tensor, edit.add_op("Swish", {x}, {{"alpha", alpha}}, edit.tensor(tensor).name + "/Swish"));
  }
  return false;
}

}  // namespace

std::int64_t recognise_activations(GraphEditor& edit) {
  std::int64_t changes = 0;
  // Backwards: the whole product before its parts.
  for (std::size_t n = edit.nodes(); n-- > 0;) {
    const auto node = static_cast<std::int32_t>(n);
    if (!edit.alive(node) || !edit.node(node).domain.empty()) continue;
    const std::string& type = edit.node(node).type;
    if ((type != "Mul" && type != "Div") || !only_first_used(edit, edit.node(node))) continue;
    const std::int32_t output = edit.node(node).outputs[0];
    if (!edit.tensor(output).has_shape || !is_floating(edit.tensor(output).type) ||
        (!swish(edit, output) && !gelu(edit, output)))
      continue;
    edit.remove(node);
    ++changes;
  }
  return changes;
}

}  // namespace tilewright::pass
