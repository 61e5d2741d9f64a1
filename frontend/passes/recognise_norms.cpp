// RMSNormalization and LayerNormalization from their primitives.
#include "frontend/passes/match.h"
#include "frontend/passes/pass.h"
#include "frontend/passes/rewrite.h"

namespace tilewright::pass {
namespace {

// What is divided by its root: `x` over sqrt(mean + epsilon).
struct Rooted {
  std::int32_t x = -1, mean = -1;
  double epsilon = 0;
};

// sqrt(mean + epsilon)
bool root(const Match& m, std::int32_t tensor, Rooted& r) {
  const Node* const node = m.made_by(tensor, "Sqrt");
  if (node == nullptr) return false;
  const auto sum = m.with_scalar(node->inputs[0], "Add");
  if (!sum) return false;
  r.mean = sum->first;
  r.epsilon = sum->second;
  return true;
}

// 1 / sqrt(mean + epsilon)
bool inverse_root(const Match& m, std::int32_t tensor, Rooted& r) {
  if (const Node* const node = m.made_by(tensor, "Reciprocal")) return root(m, node->inputs[0], r);
  if (const auto quotient = m.operands(tensor, "Div");
      quotient && m.is_scalar(quotient->first, 1)) {
    return root(m, quotient->second, r);
  }
  if (const auto power = m.operands(tensor, "Pow"); power && m.is_scalar(power->second, -0.5)) {
    const auto sum = m.with_scalar(power->first, "Add");
    if (!sum) return false;
    r.mean = sum->first;
    r.epsilon = sum->second;
    return true;
  }
  return false;
}

bool rooted(const Match& m, std::int32_t tensor, Rooted& r) {
  if (const auto quotient = m.operands(tensor, "Div")) {
    r.x = quotient->first;
    return root(m, quotient->second, r);
  }
  if (const auto product = m.operands(tensor, "Mul")) {
    r.x = product->first;
    if (inverse_root(m, product->second, r)) return true;
    r.x = product->second;
    return inverse_root(m, product->first, r);
  }
  return false;
}

// A vector as long as the last axis of x.
bool is_gain(const GraphEditor& edit, const Match& m, std::int32_t tensor, std::int32_t x) {
  return m.is_constant(tensor) && m.rank(tensor) == 1 && m.dim(tensor, 0) == m.dim(x, -1) &&
         is_floating(edit.tensor(tensor).type);
}

// The operands of a product or sum as (gain, other).
bool split_gain(const GraphEditor& edit, const Match& m, std::int32_t tensor, const char* type,
                std::int32_t& gain, std::int32_t& other) {
  const auto both = m.operands(tensor, type);
  if (!both) return false;
  for (const auto& [g, o] :
       {std::pair(both->first, both->second), std::pair(both->second, both->first)}) {
    if (!is_gain(edit, m, g, o)) continue;
    gain = g;
    other = o;
    return true;
  }
  return false;
}

// gain * x / sqrt(mean(x^2) + epsilon), in float32 between casts or not.
bool rms(GraphEditor& edit, std::int32_t node) {
  const std::int32_t product = edit.node(node).outputs[0];
  const Match m(edit);
  std::int32_t gain = -1, normal = -1;
  if (!split_gain(edit, m, product, "Mul", gain, normal)) return false;
  Rooted r;
  if (!rooted(m, m.before_casts(normal), r)) return false;
  const auto square = m.mean_of_last(r.mean);
  const auto base = square ? m.squared(*square) : std::nullopt;
  if (!base || *base != r.x) return false;
  const std::int32_t x = m.before_casts(r.x);
  if (edit.tensor(x).type != edit.tensor(product).type ||
      edit.tensor(x).type != edit.tensor(gain).type)
    return false;
  return edit.replace(product, edit.add_op("RMSNormalization", {x, gain},
                                           {{"axis", std::int64_t{-1}}, {"epsilon", r.epsilon}},
                                           edit.tensor(product).name + "/RMSNormalization"));
}

// x - mean(x); gives x.
std::optional<std::int32_t> centred(const Match& m, std::int32_t tensor) {
  const auto difference = m.operands(tensor, "Sub");
  const auto mean = difference ? m.mean_of_last(difference->second) : std::nullopt;
  return mean && *mean == difference->first ? mean : std::nullopt;
}

// shift + gain * (x - mean) / sqrt(mean((x - mean)^2) + epsilon)
bool layer(GraphEditor& edit, std::int32_t node) {
  const std::int32_t sum = edit.node(node).outputs[0];
  const Match m(edit);
  std::int32_t shift = -1, product = -1, gain = -1, normal = -1;
  if (!split_gain(edit, m, sum, "Add", shift, product) ||
      !split_gain(edit, m, product, "Mul", gain, normal))
    return false;
  Rooted r;
  if (!rooted(m, m.before_casts(normal), r)) return false;
  const auto square = m.mean_of_last(r.mean);
  const auto base = square ? m.squared(*square) : std::nullopt;
  if (!base) return false;
  // The difference may have been computed twice.
  const auto above = centred(m, m.before_casts(r.x)), below = centred(m, m.before_casts(*base));
  if (!above || !below || *above != *below) return false;
  const std::int32_t x = m.before_casts(*above);
  const DType type = edit.tensor(x).type;
  if (type != edit.tensor(sum).type || type != edit.tensor(gain).type ||
      type != edit.tensor(shift).type)
    return false;
  return edit.replace(sum, edit.add_op("LayerNormalization", {x, gain, shift},
                                       {{"axis", std::int64_t{-1}}, {"epsilon", r.epsilon}},
                                       edit.tensor(sum).name + "/LayerNormalization"));
}

}  // namespace

std::int64_t recognise_rms_normalization(GraphEditor& edit) {
  return rewrite_each(edit, "Mul", rms);
}

std::int64_t recognise_layer_normalization(GraphEditor& edit) {
  return rewrite_each(edit, "Add", layer);
}

}  // namespace tilewright::pass
