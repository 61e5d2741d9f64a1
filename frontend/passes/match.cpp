#include "frontend/passes/match.h"

#include <cmath>

#include "frontend/interpret/interpreter.h"

namespace tilewright::pass {
namespace {

constexpr std::int64_t kMostElements = 1 << 26;

}  // namespace

bool draws(const Node& node) {
  return node.type.starts_with("Random") || node.type == "Bernoulli" || node.type == "Multinomial";
}

const Node* Match::made_by(std::int32_t tensor, const char* type) const {
  const std::int32_t producer = edit_.producer(tensor);
  if (producer < 0) return nullptr;
  const Node& node = edit_.node(producer);
  return node.domain.empty() && node.type == type ? &node : nullptr;
}

std::int32_t Match::input(const Node& node, std::size_t slot) {
  return slot < node.inputs.size() ? node.inputs[slot] : -1;
}

bool Match::is_constant(std::int32_t tensor) const {
  return tensor >= 0 && (edit_.tensor(tensor).is_weight || made_by(tensor, "Constant") != nullptr);
}

std::optional<Value> Match::value(std::int32_t tensor) const {
  if (!is_constant(tensor)) return std::nullopt;
  const Tensor& t = edit_.tensor(tensor);
  const bool number = t.type != DType::kString && t.type != DType::kComplex64 &&
                      t.type != DType::kComplex128 && t.type != DType::kUndefined;
  const bool stored = t.location.kind != WeightLocation::Kind::kNone || t.has_reals || t.has_value;
  if (!number || !stored || t.location.kind == WeightLocation::Kind::kExternal || !t.has_shape ||
      t.elements() > kMostElements) {
    return std::nullopt;
  }
  return constant_value(edit_.graph(), t, Precision::kFloat64);
}

std::optional<double> Match::scalar(std::int32_t tensor) const {
  if (!is_constant(tensor)) return std::nullopt;
  const Tensor& t = edit_.tensor(tensor);
  if (t.has_reals && t.small_reals.size() == 1) return t.small_reals[0];
  if (t.has_value && t.small_ints.size() == 1) return static_cast<double>(t.small_ints[0]);
  return std::nullopt;
}

bool Match::is_scalar(std::int32_t tensor, double value) const {
  const std::optional<double> s = scalar(tensor);
  return s && std::fabs(*s - value) <= 1e-3 * std::fabs(value);
}

std::optional<std::vector<std::int64_t>> Match::ints(std::int32_t tensor) const {
  if (tensor < 0 || !edit_.tensor(tensor).has_value) return std::nullopt;
  return edit_.tensor(tensor).small_ints;
}

std::int64_t Match::rank(std::int32_t tensor) const {
  const Tensor& t = edit_.tensor(tensor);
  return t.has_shape ? static_cast<std::int64_t>(t.shape.size()) : -1;
}

std::int64_t Match::dim(std::int32_t tensor, std::int64_t at) const {
  const std::int64_t r = rank(tensor), place = at < 0 ? at + r : at;
  return place < 0 || place >= r ? -1 : edit_.tensor(tensor).shape[static_cast<std::size_t>(place)];
}

std::int32_t Match::before_casts(std::int32_t tensor) const {
  for (const Node* node = made_by(tensor, "Cast"); node != nullptr;
       node = made_by(tensor, "Cast")) {
    const std::int32_t from = input(*node, 0);
    if (!is_floating(edit_.tensor(from).type) || !is_floating(edit_.tensor(tensor).type))
      return tensor;
    tensor = from;
  }
  return tensor;
}

std::optional<std::pair<std::int32_t, std::int32_t>> Match::operands(std::int32_t tensor,
                                                                     const char* type) const {
  const Node* const node = made_by(tensor, type);
  if (node == nullptr || node->inputs.size() != 2) return std::nullopt;
  return std::pair(node->inputs[0], node->inputs[1]);
}

std::optional<std::pair<std::int32_t, double>> Match::with_scalar(std::int32_t tensor,
                                                                  const char* type) const {
  const auto both = operands(tensor, type);
  if (!both) return std::nullopt;
  const std::string name = type;
  if (const auto s = scalar(both->second)) return std::pair(both->first, *s);
  const bool commutes = name == "Add" || name == "Mul";
  if (const auto s = scalar(both->first); commutes && s) return std::pair(both->second, *s);
  return std::nullopt;
}

std::optional<std::int32_t> Match::squared(std::int32_t tensor) const {
  if (const auto power = operands(tensor, "Pow"); power && is_scalar(power->second, 2))
    return power->first;
  if (const auto product = operands(tensor, "Mul"); product && product->first == product->second)
    return product->first;
  return std::nullopt;
}

std::optional<std::int32_t> Match::mean_of_last(std::int32_t tensor) const {
  const Node* const node = made_by(tensor, "ReduceMean");
  if (node == nullptr) return std::nullopt;
  const OpView view(edit_.graph(), *node);
  std::vector<std::int64_t> axes = view.attr_ints("axes");
  if (view.has(1)) {
    const auto given = ints(node->inputs[1]);
    if (!given) return std::nullopt;
    axes = *given;
  }
  const bool last = axes.size() == 1 && (axes[0] == -1 || axes[0] == rank(node->inputs[0]) - 1);
  if (!last || view.attr_int("keepdims", 1) == 0) return std::nullopt;
  return node->inputs[0];
}

}  // namespace tilewright::pass
