// PPO and REINFORCE as learners: they act, and learn from the walks that they acted.
#pragma once

#include "agents/torch/normaliser.h"
#include "agents/torch/policy_gradient.h"
#include "agents/torch/sac.h"

namespace tilewright::rl {

struct OnPolicyStatus {
  double entropy = 0, policy_loss = 0, value_loss = 0;
  double clipped = 0;   // PPO
  double baseline = 0;  // REINFORCE
  GateUse gate;
};

class OnPolicyLearner {
 public:
  virtual ~OnPolicyLearner() = default;
  // Observations [N, states] as they are -> raw actions [N, inputs] (policy_gradient.h).
  Tensor act(const Tensor& observations);
  Tensor act_by_mean(const Tensor& observations);
  // From walks that act() has walked since the last time, in order. Observations are normalised by
  // what was learned from before, so that they mean the same while one policy walks.
  virtual void learn(const std::vector<WalkStep>& steps) = 0;
  virtual void persist(StateArchive& archive);
  const OnPolicyStatus& status() const { return status_; }
  const Shape& shape() const { return policy_->shape(); }

 protected:
  OnPolicyLearner(const Shape& shape, std::int64_t hidden, std::int64_t experts,
                  double least_deviation, std::uint64_t seed);
  void observe(const std::vector<WalkStep>& steps);

  torch::Generator generator_;
  Policy policy_;
  Normaliser normaliser_;
  OnPolicyStatus status_;
};

// Clipped surrogate objective, generalised advantages (normalised over the walks), minibatch
// epochs; rewards are divided by the running deviation of the returns.
class Ppo final : public OnPolicyLearner {
 public:
  Ppo(const Shape& shape, const PpoSettings& settings, std::uint64_t seed);
  void learn(const std::vector<WalkStep>& steps) override;
  void persist(StateArchive& archive) override;

 private:
  PpoBatch prepare(const std::vector<WalkStep>& steps);
  void descend(const PpoBatch& batch);

  PpoSettings settings_;
  Critic value_;
  std::vector<Tensor> parameters_;  // of policy and value
  torch::optim::Adam optimiser_;
  double returns_seen_ = 0, returns_mean_ = 0, returns_squares_ = 0;
};

struct ReinforceSettings {
  std::int64_t hidden = 256;
  std::int64_t experts = 1;
  double balance = 0.01;
  double discount = 0.99;
  double entropy_weight = 0.01;
  double learning_rate = 1e-3;
  double baseline_rate = 0.1;  // a batch of walks
  double least_deviation = 0.05;
};

// One step a batch of walks: log pi times the return to go less a running baseline, over the
// returns' running deviation.
class Reinforce final : public OnPolicyLearner {
 public:
  Reinforce(const Shape& shape, const ReinforceSettings& settings, std::uint64_t seed);
  void learn(const std::vector<WalkStep>& steps) override;
  void persist(StateArchive& archive) override;

 private:
  ReinforceSettings settings_;
  torch::optim::Adam optimiser_;
  double mean_ = 0, square_ = 0;
  bool begun_ = false;
};

}  // namespace tilewright::rl
