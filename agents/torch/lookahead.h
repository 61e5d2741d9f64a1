// World model and planner over designs: learns from the batches that the agent learns from, and
// improves its actions.
#pragma once

#include "agents/torch/design_outcome.h"
#include "agents/torch/mpc.h"
#include "agents/torch/replay.h"

namespace tilewright::rl {

struct LookaheadSettings {
  WorldSettings world;
  MpcSettings mpc;
  std::int64_t least_updates = 200;  // before a plan is believed
};

class Lookahead {
 public:
  // Keeps the policy. Draws come from the generator's seed and `noise` alone.
  Lookahead(const Policy& policy, const LookaheadSettings& settings, std::uint64_t seed,
            RandomStream noise);

  void observe(const Outcome& outcome) { outcomes_.add(outcome); }
  // From what the agent learned from: states normalised, rewards scaled; imagined transitions are
  // left out.
  void update(const Batch& batch);
  void persist(StateArchive& archive);
  bool ready() const { return learner_.trained(settings_.least_updates); }

  // The plan for an action of the policy at a normalised state.
  MpcPlan improve(std::span<const float> state, const std::vector<float>& own);

  // What is expected of an action: [states] normalised, and the reward as the critics see it.
  struct Arrival {
    Tensor state;
    double reward = 0;
  };
  Arrival expect(const Tensor& state, const Tensor& step);
  const WorldLearner& learner() const { return learner_; }

 private:
  LookaheadSettings settings_;
  torch::Generator generator_;
  WorldLearner learner_;
  Normaliser outcomes_;
  Mpc mpc_;
  ModelReward reward_;
  RandomStream noise_;
};

}  // namespace tilewright::rl
