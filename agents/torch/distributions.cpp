#include "agents/torch/distributions.h"

#include <cmath>
#include <numbers>

namespace tilewright::rl {
namespace {

Tensor most_likely(const Tensor& p) {
  return torch::zeros_like(p).scatter_(-1, p.argmax(-1, true), 1.0);
}

}  // namespace

TanhGaussian tanh_gaussian(const Tensor& mean, const Tensor& log_std, const Tensor& noise) {
  const double log_root_two_pi = 0.5 * std::log(2 * std::numbers::pi);
  const Tensor action = torch::tanh(mean + torch::exp(log_std) * noise);
  const Tensor normal = -0.5 * noise.square() - log_std - log_root_two_pi;
  const Tensor jacobian = torch::log(1 - action.square() + 1e-6);
  return {action, (normal - jacobian).sum(-1)};
}

HeadChoice head_choice(const Tensor& logits, const Tensor& gumbel, bool relaxed) {
  if (logits.numel() == 0) return {logits, torch::zeros({logits.size(0)}, logits.options())};
  const Tensor log_p = torch::log_softmax(logits, -1);
  const Tensor entropy = -(log_p.exp() * log_p).sum(-1).sum(-1);
  const Tensor soft = torch::softmax(logits + gumbel, -1);
  if (relaxed) return {soft, entropy};
  return {most_likely(soft) + (soft - soft.detach()), entropy};
}

ActionNoise draw_noise(const Shape& shape, std::int64_t batch, torch::Generator& generator) {
  ActionNoise noise{torch::empty({batch, shape.moves}),
                    torch::empty({batch, shape.heads, shape.choices})};
  noise.normal.normal_(0, 1, generator);
  if (shape.heads > 0) noise.gumbel.exponential_(1, generator).log_().neg_();
  return noise;
}

SampledAction sample_action(const PolicyHeads& heads, const ActionNoise& noise, bool relaxed) {
  const TanhGaussian moves = tanh_gaussian(heads.mean, heads.log_std, noise.normal);
  const HeadChoice choice = head_choice(heads.logits, noise.gumbel, relaxed);
  return {torch::cat({choice.one_hot.flatten(1), moves.action}, 1), moves.log_density,
          choice.entropy};
}

Tensor mean_action(const PolicyHeads& heads) {
  const Tensor moves = torch::tanh(heads.mean);
  if (heads.logits.numel() == 0) return moves;
  return torch::cat({most_likely(heads.logits).flatten(1), moves}, 1);
}

}  // namespace tilewright::rl
