// Soft actor-critic with two critics, a continuous and a categorical action part, and a temperature
// for each part (equations.md Eq. 45-47, 56-60). Losses are free functions of networks, batch and
// noise, so that a test can differentiate them another way.
#pragma once

#include "agents/torch/distributions.h"
#include "agents/torch/normaliser.h"
#include "agents/torch/replay.h"

namespace tilewright::rl {

struct SacSettings {
  std::int64_t hidden = 256;
  std::int64_t batch = 256;
  ReplaySettings replay;
  double discount = 0.5;        // a step is nearly a bandit: the paper has .99
  double target_rate = 0.005;   // tau of Eq. 47
  double learning_rate = 1e-3;  // the paper's is lost; a few hundred updates are all there are
  bool layer_norm = true;
  double temperature = 0.05;  // alpha at the start
  double temperature_least = 1e-4, temperature_most = 1;
  double temperature_rate = 3e-3;                             // step of log alpha
  double entropy_target = -26;                                // H* over the live moves
  double mesh_entropy_target = 0.5 * 4 * 1.6094379124341003;  // half of 4 ln 5
};

struct SacNetworks {
  SacNetworks(std::int64_t hidden, bool layer_norm, torch::Generator& generator);
  Policy policy;
  std::array<Critic, 2> critics, targets;
  Arrival arrival;  // no gain until it is set
};

struct Temperatures {
  double moves = 0, mesh = 0;
};

// Eq. 46 without `done`: trajectories are cut by the horizon, never ended by the task.
Tensor bellman_target(SacNetworks& nets, const Batch& batch, const ActionNoise& noise,
                      double discount, const Temperatures& alpha);
struct CriticLoss {
  Tensor loss;   // Eq. 47: importance-weighted mean over the batch, summed over the two critics
  Tensor error;  // [B], mean of the two TD errors' sizes; carries no gradient
};
CriticLoss critic_loss(SacNetworks& nets, const Batch& batch, const Tensor& target);

struct ActorLoss {
  Tensor loss;          // Eq. 58
  Tensor log_density;   // mean over the batch
  Tensor mesh_entropy;  // mean over the batch
};
ActorLoss actor_loss(SacNetworks& nets, const Tensor& states, const ActionNoise& noise,
                     const Temperatures& alpha, bool relaxed = false);

// One step of log alpha towards the target entropy (Eq. 45), its gradient clipped to +-1.
double tuned_temperature(double alpha, double entropy, double target, const SacSettings& settings);

// What a unit of each action adds to its place in the unit box.
using ActionGains = std::array<float, kActionCount>;

struct SacStatus {
  double critic_loss = 0, entropy = 0, mesh_entropy = 0;
  Temperatures alpha;
};

// Rewards as the critics learn them: tanh((r - centre) / spread). A search works on differences
// that are a hundredth of what separates a good design from an infeasible one; centre and spread
// follow the recent rewards, so that the critics' resolution is where the search is.
struct RewardScale {
  double centre = 0, spread = 1;
};
// Median and interquartile range of the last `window` rewards.
RewardScale recent_scale(const std::vector<double>& rewards, std::size_t window);

class SacAgent {
 public:
  // Draws come from `generator_seed` and `sampling` alone.
  SacAgent(const SacSettings& settings, const ActionGains& gains, std::uint64_t generator_seed,
           RandomStream sampling);

  // Of `candidates` actions drawn from the policy and those proposed besides, the one that the
  // critics rate highest. A single action from the policy is not rated.
  ActionInputs act(const PolicyState& state, std::int64_t candidates,
                   const std::vector<ActionInputs>& proposals = {});
  void observe(const PolicyState& state);
  void remember(const PolicyState& state, const ActionInputs& action, double reward,
                const PolicyState& next_state) {
    replay_.add(state, action, reward, next_state);
  }
  void set_reward_scale(const RewardScale& scale) { reward_scale_ = scale; }
  void update();
  const SacStatus& status() const { return status_; }

 private:
  void update_critics(const Batch& batch);
  void update_policy(const Tensor& states);

  SacSettings settings_;
  Tensor gains_;
  torch::Generator generator_;
  RandomStream sampling_;
  SacNetworks nets_;
  torch::optim::Adam policy_optimiser_, critic_optimiser_;
  Normaliser normaliser_;
  Replay replay_;
  RewardScale reward_scale_;
  SacStatus status_;
};

}  // namespace tilewright::rl
