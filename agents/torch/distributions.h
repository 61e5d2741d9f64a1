// Sampling with the noise given from outside, so that a loss is a plain function of its inputs.
#pragma once

#include "agents/torch/networks.h"

namespace tilewright::rl {

// u = mean + exp(log_std) noise, a = tanh(u); log-density of a summed over the last dimension:
// sum_j log N(u_j) - log(1 - a_j^2 + 1e-6).
struct TanhGaussian {
  Tensor action;       // [B, moves]
  Tensor log_density;  // [B]
};
TanhGaussian tanh_gaussian(const Tensor& mean, const Tensor& log_std, const Tensor& noise);

// Independent categoricals by the Gumbel trick (Eq. 6-7). `one_hot` is hard in value and has the
// gradient of the softmax of logits + gumbel (straight through); with `relaxed` it is that softmax.
struct HeadChoice {
  Tensor one_hot;  // [B, heads, choices]
  Tensor entropy;  // [B], exact, summed over the heads
};
HeadChoice head_choice(const Tensor& logits, const Tensor& gumbel, bool relaxed = false);

// Noise for a batch, from one generator.
struct ActionNoise {
  Tensor normal;  // [B, moves]
  Tensor gumbel;  // [B, heads, choices]
};
ActionNoise draw_noise(const Shape& shape, std::int64_t batch, torch::Generator& generator);

// One-hot heads, then moves: what the critic reads, [B, inputs].
struct SampledAction {
  Tensor inputs;
  Tensor log_density;  // [B], of the moves
  Tensor entropy;      // [B], of the heads
};
SampledAction sample_action(const PolicyHeads& heads, const ActionNoise& noise,
                            bool relaxed = false);
// The policy without chance: the most likely choices, tanh of the means; [B, inputs].
Tensor mean_action(const PolicyHeads& heads);

}  // namespace tilewright::rl
