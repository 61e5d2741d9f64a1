// The environment: a walk over legal designs (equations.md, "A step"; gym.md). One step is one
// evaluation, made through a door that the caller counts.
#pragma once

#include <array>
#include <cstdint>
#include <functional>

#include "mdp/problem.h"
#include "mdp/reward.h"

namespace tilewright {

class StateArchive;

inline constexpr std::size_t kMeshActions = 4;  // the first four of the 30 move by whole tiles
inline constexpr std::size_t kContinuousActions = kActionCount - kMeshActions;
inline constexpr int kMeshDeltaMax = 2;   // mesh deltas are -2..+2
inline constexpr double kStepSize = 0.1;  // of the unit box

struct StepAction {
  ActionVector move{};                   // -1..1 each; the mesh's four are not read
  std::array<int, kMeshActions> mesh{};  // W, H, SCx, SCy: -2..+2
};

// Where a step from the legal design at `unit` arrives: clip(u + 0.1 a, 0, 1), mesh deltas in whole
// tiles, then projected. The answer is in the unit box. Out-of-range actions are clipped.
ActionVector step_from(const ActionVector& unit, const StepAction& action, const DesignBox& box);

struct EnvironmentOptions {
  int horizon = 32;  // steps until `done`
  RewardForm reward = RewardForm::kDefault;
};

class Environment {
 public:
  // Evaluates the design at a point of the unit box.
  using Door = std::function<Evaluation(const ActionVector& unit)>;
  Environment(const Problem& problem, Door door, const EnvironmentOptions& options = {});

  struct Step {
    double reward = 0;
    bool done = false;
  };

  // To the initial design, which is evaluated at the first call only.
  const Evaluation& reset();
  // To a design that was evaluated before; costs nothing.
  const Evaluation& reset(const Evaluation& start);
  // Throws Error TW-MDP-003 before a reset and after `done`.
  Step step(const StepAction& action);

  void persist(StateArchive& archive);

  const Evaluation& current() const { return current_; }
  double reward_of(const Evaluation& e) const;

 private:
  const Problem& problem_;
  Door door_;
  EnvironmentOptions options_;
  RewardSettings reward_;
  Evaluation initial_, current_;
  bool has_initial_ = false;
  int steps_left_ = 0;
};

// Eq. 9: exploration falls from `start` to `least` over the budget, more slowly while nothing
// feasible is known.
class EpsilonSchedule {
 public:
  explicit EpsilonSchedule(std::int64_t evaluations, double start = 0.5, double least = 0.1,
                           double slowing = 0.6);
  double value() const { return value_; }
  void advance(bool feasible_known);
  void persist(StateArchive& archive);

 private:
  double value_, least_, fast_, slow_;
};

}  // namespace tilewright
