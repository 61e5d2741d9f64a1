// Model-predictive control (equations.md Eq. 70-72): the policy's action, improved by looking ahead
// in a learned world model.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "agents/torch/dense.h"
#include "support/random.h"

namespace tilewright::rl {

struct MpcSettings {
  std::int64_t candidates = 64;
  std::int64_t horizon = 5;
  double noise = 0.3;
  double discount = 0.99;
  double blend = 0.7;  // of the candidate, against the policy's action
  // The moves that are planned (Eq. 72: FETCH to the clock, actions 4-15); others, and the heads,
  // stay the policy's.
  std::int64_t first_move = 0, moves = 12;
  // Later actions are the policy's means at each candidate's own predicted states. Otherwise those
  // at the states that the policy's action leads to, for all candidates: one forward pass a step
  // instead of one a candidate.
  bool own_later_actions = false;
};

// Rewards [N] of the arrival in predicted states [states, N] (normalised) with the world model's
// outputs [outputs, N].
using ModelReward = std::function<void(const Eigen::Ref<const Eigen::MatrixXf>& states,
                                       const Eigen::Ref<const Eigen::MatrixXf>& outputs,
                                       Eigen::Ref<Eigen::RowVectorXf> rewards)>;
// The first of the outputs.
ModelReward predicted_reward();

struct MpcPlan {
  std::vector<float> action;           // [inputs]
  double value = 0, policy_value = 0;  // returns that the model expects
  std::vector<float> values;           // of all candidates; the policy's is the first
};

class Mpc {
 public:
  Mpc(const Policy& policy, const WorldModel& world, std::int64_t outputs,
      const MpcSettings& settings);

  // The best of the candidates for a normalised state [states]; candidate 0 is `own`, the policy's
  // action [inputs]. A candidate is rated as it would be executed, blended (Eq. 72), so that the
  // plan is never worse than `own` under the model and the reward.
  MpcPlan plan(std::span<const float> state, const std::vector<float>& own, RandomStream& random,
               const ModelReward& reward);

 private:
  void draw_candidates(const std::vector<float>& own, RandomStream& random);
  void roll_out(const ModelReward& reward);

  Shape shape_;
  MpcSettings settings_;
  DensePolicy policy_;
  DenseWorld world_;
  Eigen::VectorXf mean_;            // [steps], the policy's at the state
  Eigen::MatrixXf states_, steps_;  // [states, K], [steps, K]
  Eigen::MatrixXf firsts_;          // [steps, K], first actions
  Eigen::MatrixXf outputs_;         // [outputs, K]
  Eigen::RowVectorXf rewards_, values_;
};

}  // namespace tilewright::rl
