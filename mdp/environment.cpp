#include "mdp/environment.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "mdp/evaluation_archive.h"
#include "support/error.h"

namespace tilewright {
namespace {

double clipped(double value, double limit) {
  return std::isfinite(value) ? std::clamp(value, -limit, limit) : 0;
}

}  // namespace

ActionVector step_from(const ActionVector& unit, const StepAction& action, const DesignBox& box) {
  ActionVector moved = unit;
  for (std::size_t i = kMeshActions; i < kActionCount; ++i) {
    moved[i] = std::clamp(unit[i] + kStepSize * clipped(action.move[i], 1), 0.0, 1.0);
  }
  ActionVector design = from_unit(moved, box);
  for (std::size_t i = 0; i < kMeshActions; ++i) {
    design[i] = std::round(design[i]) + std::clamp(action.mesh[i], -kMeshDeltaMax, kMeshDeltaMax);
  }
  return to_unit(project(design, box), box);
}

Environment::Environment(const Problem& problem, Door door, const EnvironmentOptions& options)
    : problem_(problem),
      door_(std::move(door)),
      options_(options),
      reward_(reward_settings(options.reward)) {}

const Evaluation& Environment::reset() {
  if (!has_initial_) {
    initial_ = door_(problem_.initial_unit());
    has_initial_ = true;
  }
  return reset(initial_);
}

const Evaluation& Environment::reset(const Evaluation& start) {
  current_ = start;
  steps_left_ = options_.horizon;
  return current_;
}

Environment::Step Environment::step(const StepAction& action) {
  if (steps_left_ <= 0) {
    throw Error("TW-MDP-003", "a step was asked where no trajectory runs", "step", "reset first");
  }
  current_ = door_(step_from(current_.unit, action, problem_.box()));
  --steps_left_;
  return {reward_of(current_), steps_left_ == 0};
}

double Environment::reward_of(const Evaluation& e) const {
  return reward_terms(e, problem_.surrogate().references(), reward_).total();
}

void Environment::persist(StateArchive& archive) {
  archive(initial_, current_, has_initial_, steps_left_);
}

EpsilonSchedule::EpsilonSchedule(std::int64_t evaluations, double start, double least,
                                 double slowing)
    : value_(start), least_(least) {
  const auto steps = static_cast<double>(std::max<std::int64_t>(evaluations, 1));
  fast_ = std::pow(least / start, 1 / steps);
  slow_ = fast_ + slowing * (1 - fast_);
}

void EpsilonSchedule::advance(bool feasible_known) {
  value_ = std::max(least_, value_ * (feasible_known ? fast_ : slow_));
}

// The rates too: they are of the budget that was left at the start.
void EpsilonSchedule::persist(StateArchive& archive) {
  archive(value_, least_, fast_, slow_);
}

}  // namespace tilewright
