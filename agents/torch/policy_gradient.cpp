#include "agents/torch/policy_gradient.h"

#include <cmath>
#include <numbers>

namespace tilewright::rl {
namespace {

Tensor joined(const Tensor& choices, const Tensor& moves) {
  return torch::cat({choices.flatten(1), moves}, 1);
}

}  // namespace

Tensor draw_raw_action(const PolicyHeads& heads, const ActionNoise& noise) {
  const torch::NoGradGuard no_grad;
  return joined(head_choice(heads.logits, noise.gumbel).one_hot,
                heads.mean + heads.log_std.exp() * noise.normal);
}

Tensor raw_mean_action(const PolicyHeads& heads) {
  const torch::NoGradGuard no_grad;
  return joined(head_choice(heads.logits, torch::zeros_like(heads.logits)).one_hot, heads.mean);
}

Tensor squashed(const Shape& shape, const Tensor& raw) {
  return torch::cat(
      {raw.narrow(1, 0, shape.one_hot()), torch::tanh(raw.narrow(1, shape.one_hot(), shape.moves))},
      1);
}

Tensor log_probability(const Shape& shape, const PolicyHeads& heads, const Tensor& raw) {
  const double log_root_two_pi = 0.5 * std::log(2 * std::numbers::pi);
  const Tensor moves = raw.narrow(1, shape.one_hot(), shape.moves);
  const Tensor standard = (moves - heads.mean) * torch::exp(-heads.log_std);
  const Tensor log_p = (-0.5 * standard.square() - heads.log_std - log_root_two_pi).sum(1);
  if (shape.heads == 0) return log_p;
  const Tensor choice = raw.narrow(1, 0, shape.one_hot()).view({-1, shape.heads, shape.choices});
  return log_p + (torch::log_softmax(heads.logits, -1) * choice).sum(-1).sum(-1);
}

Tensor policy_entropy(const PolicyHeads& heads) {
  const double of_standard = 0.5 * std::log(2 * std::numbers::pi * std::numbers::e);
  const Tensor moves = (heads.log_std + of_standard).sum(1);
  if (heads.logits.numel() == 0) return moves;
  const Tensor log_p = torch::log_softmax(heads.logits, -1);
  return moves - (log_p.exp() * log_p).sum(-1).sum(-1);
}

std::vector<double> advantages(const std::vector<WalkStep>& steps, std::span<const double> values,
                               std::span<const double> next_values, double discount,
                               double lambda) {
  std::vector<double> result(steps.size());
  double sum = 0;
  for (std::size_t i = steps.size(); i-- > 0;) {
    const WalkStep& s = steps[i];
    const double ahead = s.ended ? 0 : discount * next_values[i];
    if (s.ended || s.cut) sum = 0;
    sum = s.reward + ahead - values[i] + discount * lambda * sum;
    result[i] = sum;
  }
  return result;
}

std::vector<double> returns_to_go(const std::vector<WalkStep>& steps, double discount) {
  std::vector<double> result(steps.size());
  double sum = 0;
  for (std::size_t i = steps.size(); i-- > 0;) {
    if (steps[i].ended || steps[i].cut) sum = 0;
    sum = steps[i].reward + discount * sum;
    result[i] = sum;
  }
  return result;
}

PpoLoss ppo_loss(Policy& policy, Critic& value, const PpoBatch& batch,
                 const PpoSettings& settings) {
  const PolicyHeads heads = policy->forward(batch.states);
  const Tensor ratio = (log_probability(policy->shape(), heads, batch.actions) - batch.log_p).exp();
  const Tensor bounded = ratio.clamp(1 - settings.clip, 1 + settings.clip);
  PpoLoss loss;
  loss.policy = -torch::min(ratio * batch.advantages, bounded * batch.advantages).mean();
  loss.value = (value->forward(batch.states) - batch.returns).square().mean();
  loss.entropy = policy_entropy(heads).mean();
  loss.clipped = ((ratio - 1).abs() > settings.clip).to(torch::kDouble).mean();
  loss.gate = heads.gate;
  loss.total =
      loss.policy + settings.value_weight * loss.value - settings.entropy_weight * loss.entropy;
  if (heads.gate.defined()) {
    loss.total = loss.total + settings.balance * balance_loss(heads.gate);
  }
  return loss;
}

Tensor reinforce_loss(Policy& policy, const ReinforceBatch& batch, double entropy_weight,
                      double balance) {
  const PolicyHeads heads = policy->forward(batch.states);
  const Tensor log_p = log_probability(policy->shape(), heads, batch.actions);
  Tensor loss = -(log_p * batch.advantages).mean() - entropy_weight * policy_entropy(heads).mean();
  if (heads.gate.defined()) loss = loss + balance * balance_loss(heads.gate);
  return loss;
}

}  // namespace tilewright::rl
