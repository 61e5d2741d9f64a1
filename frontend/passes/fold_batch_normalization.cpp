// A BatchNormalization behind a Conv becomes part of its kernel and bias.
#include <cmath>

#include "frontend/passes/match.h"
#include "frontend/passes/pass.h"
#include "frontend/passes/rewrite.h"

namespace tilewright::pass {
namespace {

Value narrowed(const Value& like, std::vector<double> values, const Shape& shape) {
  Value value = make_value(DType::kFloat64, shape, Precision::kDeclared);
  value.elements = std::move(values);
  return converted(value, like.type, Precision::kDeclared);
}

bool fold(GraphEditor& edit, std::int32_t index) {
  const Match m(edit);
  const Node norm = edit.node(index);
  const OpView view(edit.graph(), norm);
  if (norm.inputs.size() != 5 || view.attr_int("training_mode", 0) != 0) return false;
  const std::int32_t between = norm.inputs[0];
  const Node* const found = m.made_by(between, "Conv");
  if (found == nullptr || !edit.used_once(between)) return false;
  const Node conv = *found;
  const auto kernel = m.value(conv.inputs[1]);
  std::vector<std::vector<double>> parts;  // scale, shift, mean, variance
  for (std::size_t i = 1; i < 5; ++i) {
    const auto part = m.value(norm.inputs[i]);
    if (!part) return false;
    parts.push_back(as_reals(*part));
  }
  if (!kernel || kernel->shape.size() < 3) return false;
  const auto channels = static_cast<std::size_t>(kernel->shape[0]);
  for (const auto& part : parts) {
    if (part.size() != channels) return false;
  }
  std::vector<double> bias(channels), w = as_reals(*kernel);
  if (Match::input(conv, 2) >= 0) {
    const auto given = m.value(conv.inputs[2]);
    if (!given) return false;
    bias = as_reals(*given);
  }
  if (bias.size() != channels) return false;
  const double epsilon = view.attr_float("epsilon", 1e-5);
  for (std::size_t c = 0; c < channels; ++c) {
    const double factor = parts[0][c] / std::sqrt(parts[3][c] + epsilon);
    for (std::size_t i = 0; i < w.size() / channels; ++i)
      w[c * (w.size() / channels) + i] *= factor;
    bias[c] = (bias[c] - parts[2][c]) * factor + parts[1][c];
  }
  const std::string name = edit.tensor(conv.inputs[1]).name;
  const std::int32_t weight =
      edit.add_weight(narrowed(*kernel, std::move(w), kernel->shape), name + "/folded");
  const std::int32_t shift =
      edit.add_weight(narrowed(*kernel, std::move(bias), {kernel->shape[0]}), name + "/bias");
  const std::int32_t output = edit.add_op("Conv", {conv.inputs[0], weight, shift}, conv.attributes,
                                          edit.tensor(norm.outputs[0]).name + "/Conv");
  return edit.replace(norm.outputs[0], output);
}

}  // namespace

std::int64_t fold_batch_normalization(GraphEditor& edit) {
  return rewrite_each(edit, "BatchNormalization", fold);
}

}  // namespace tilewright::pass
