// What PPO and REINFORCE share: actions with their probabilities, advantages, and the two losses as
// free functions (equations.md Eq. 51-53; Schulman et al. 2016, 2017; Williams 1992).
#pragma once

#include <span>
#include <vector>

#include "agents/torch/distributions.h"

namespace tilewright::rl {

// An action before tanh: heads one-hot, then unsquashed moves. Probabilities are of these: tanh
// adds a factor that does not depend on the policy, and neither ratio nor gradient sees it.
Tensor draw_raw_action(const PolicyHeads& heads, const ActionNoise& noise);  // [B, inputs]
Tensor raw_mean_action(const PolicyHeads& heads);                            // [B, inputs]
Tensor squashed(const Shape& shape, const Tensor& raw);                      // [B, inputs]
Tensor log_probability(const Shape& shape, const PolicyHeads& heads, const Tensor& raw);  // [B]
// Of the heads and of the unsquashed moves. [B]
Tensor policy_entropy(const PolicyHeads& heads);

// One step of a walk; `cut` where the walk stops although the task goes on.
struct WalkStep {
  std::vector<float> state, action;  // [states], [inputs] raw
  double reward = 0;
  std::vector<float> next_state;  // [states]
  bool ended = false, cut = false;
};

// Generalised advantages of steps in order: sum_k (discount lambda)^k delta, delta = r + discount
// V(s') - V(s), with V(s') = 0 where the task ended; sums stop at `ended` and `cut`.
std::vector<double> advantages(const std::vector<WalkStep>& steps, std::span<const double> values,
                               std::span<const double> next_values, double discount, double lambda);
// Discounted sums of rewards to the end of each walk.
std::vector<double> returns_to_go(const std::vector<WalkStep>& steps, double discount);

struct PpoBatch {
  Tensor states, actions;             // [B, states] normalised, [B, inputs] raw
  Tensor log_p, advantages, returns;  // [B], of the policy that acted
};
struct PpoSettings {
  std::int64_t hidden = 256;
  std::int64_t experts = 1;
  double balance = 0.01;
  double discount = 0.99, lambda = 0.95;
  double clip = 0.2;
  double value_weight = 0.5, entropy_weight = 0.01;
  double learning_rate = 3e-4;
  double gradient_most = 0.5;  // norm
  int epochs = 10;
  std::int64_t minibatch = 64;
  double least_deviation = 0.05;  // of an observation
};
struct PpoLoss {
  Tensor total;  // policy + value_weight value - entropy_weight entropy + balance
  Tensor policy, value, entropy;
  Tensor clipped;  // share of the batch whose ratio lies outside 1 +- clip
  Tensor gate;     // [B, experts]; undefined for one expert
};
PpoLoss ppo_loss(Policy& policy, Critic& value, const PpoBatch& batch, const PpoSettings& settings);

struct ReinforceBatch {
  Tensor states, actions, advantages;  // [B, states] normalised, [B, inputs] raw, [B]
};
// -mean(log pi A) - entropy_weight entropy (Eq. 52), and the balance of experts.
Tensor reinforce_loss(Policy& policy, const ReinforceBatch& batch, double entropy_weight,
                      double balance);

}  // namespace tilewright::rl
