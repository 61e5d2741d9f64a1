// Soft actor-critic with two critics, a continuous and a categorical action part, and a temperature
// for each part (equations.md Eq. 45-47, 55-60). Losses are free functions of networks, batch and
// noise, so that a test can differentiate them another way.
#pragma once

#include <memory>

#include "agents/torch/distributions.h"
#include "agents/torch/normaliser.h"
#include "agents/torch/replay.h"

namespace tilewright::rl {

class FusedSac;

struct SacSettings {
  std::int64_t hidden = 256;
  std::int64_t experts = 1;
  double balance = 0.01;  // lambda_b of Eq. 55
  std::int64_t batch = 256;
  ReplaySettings replay;
  double discount = 0.5;        // a step is nearly a bandit: the paper has .99
  double target_rate = 0.005;   // tau of Eq. 47
  double learning_rate = 1e-3;  // the paper's is lost; a few hundred updates are all there are
  bool layer_norm = true;
  bool arrival = true;            // where the critics see an action lead, for shapes with places
  bool normalise = true;          // observations; off: as they are
  double least_deviation = 0.05;  // of an observation: half a step of the unit box
  double temperature = 0.05;      // alpha at the start
  double temperature_least = 1e-4, temperature_most = 1;
  double temperature_rate = 3e-3;                               // step of log alpha
  double entropy_target = -26;                                  // H* over the live moves
  double choice_entropy_target = 0.5 * 4 * 1.6094379124341003;  // half of 4 ln 5
  bool fused = true;  // update by fused_sac.h; off: by LibTorch
  int threads = 1;    // of a fused update, 1 or 2
};

struct SacNetworks {
  SacNetworks(const Shape& shape, const SacSettings& settings, torch::Generator& generator);
  Policy policy;
  std::array<Critic, 2> critics, targets;
  Arrival arrival;  // no gain until it is set
  const Shape& shape() const { return policy->shape(); }
};

struct Temperatures {
  double moves = 0, choices = 0;
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
  Tensor loss;            // Eq. 58, and `balance` times Eq. 55 where there are experts
  Tensor log_density;     // mean over the batch
  Tensor choice_entropy;  // mean over the batch
  Tensor gate;            // [B, experts]; undefined for one expert
};
ActorLoss actor_loss(SacNetworks& nets, const Tensor& states, const ActionNoise& noise,
                     const Temperatures& alpha, double balance, bool relaxed = false);

// One step of log alpha towards the target entropy (Eq. 45), its gradient clipped to +-1.
double tuned_temperature(double alpha, double entropy, double target, const SacSettings& settings);

// How the experts are used by a batch of gates [B, K].
struct GateUse {
  double entropy = 0;      // of a state's gate, mean over the batch, over ln K: 1 is an even mix
  double least_share = 1;  // smallest mean gate, over 1/K: 0 is an expert that nobody uses
};
GateUse gate_use(const Tensor& gate);

struct SacStatus {
  double critic_loss = 0, entropy = 0, choice_entropy = 0;
  Temperatures alpha;
  GateUse gate;
};

void persist(StateArchive& archive, SacStatus& status);

// Rewards as the critics learn them: (r - centre) / spread, squashed by tanh unless told otherwise.
// A search works on differences that are a hundredth of what separates a good design from an
// infeasible one; centre and spread follow the recent rewards, so that the critics' resolution is
// where the search is.
struct RewardScale {
  double centre = 0, spread = 1;
  bool squash = true;
  Tensor apply(const Tensor& rewards) const;
  double apply(double reward) const;
  double restore(double scaled) const;  // of what apply() gave; within four spreads when squashed
};
// Median and interquartile range of the last `window` rewards.
RewardScale recent_scale(const std::vector<double>& rewards, std::size_t window);

class SacAgent {
 public:
  // `gains`: what a unit of each action adds to its place among the states, for a shape with
  // places. `notes`: floats that each transition carries besides. Draws come from `generator_seed`
  // and `sampling` alone.
  SacAgent(const Shape& shape, const SacSettings& settings, const std::vector<float>& gains,
           std::uint64_t generator_seed, RandomStream sampling, std::int64_t notes = 0);

  // Of `candidates` actions drawn from the policy and those proposed besides, the one that the
  // critics rate highest. A single action from the policy is not rated. [inputs]
  std::vector<float> act(std::span<const float> state, std::int64_t candidates,
                         const std::vector<std::vector<float>>& proposals = {});
  // The policy without chance.
  std::vector<float> act_by_mean(std::span<const float> state);
  void observe(std::span<const float> state);
  void remember(const Transition& transition) { replay_.add(transition); }
  void set_reward_scale(const RewardScale& scale) { reward_scale_ = scale; }
  // One update of critics, policy and temperatures; what it learned from, normalised and scaled,
  // for others to learn from.
  Batch update();

  // All that the next action and update depend on.
  void persist(StateArchive& archive);
  // Networks and what observations were normalised by: what another task can start with.
  void persist_learned(StateArchive& archive);

  const SacStatus& status() const { return status_; }
  const SacSettings& settings() const { return settings_; }
  const Replay& replay() const { return replay_; }
  const Normaliser& normaliser() const { return normaliser_; }
  const RewardScale& reward_scale() const { return reward_scale_; }
  const Policy& policy() const { return nets_.policy; }

 private:
  void persist_networks(StateArchive& archive);
  void update_critics(const Batch& batch);
  void update_policy(const Tensor& states);
  void update_fused(const Batch& batch);
  void tune_temperatures();

  SacSettings settings_;
  Tensor gains_;
  torch::Generator generator_;
  RandomStream sampling_;
  SacNetworks nets_;
  torch::optim::Adam policy_optimiser_, critic_optimiser_;
  std::shared_ptr<FusedSac> fused_;  // null: LibTorch updates
  Normaliser normaliser_;
  Replay replay_;
  RewardScale reward_scale_;
  SacStatus status_;
};

}  // namespace tilewright::rl
