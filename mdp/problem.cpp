#include "mdp/problem.h"

#include <cmath>
#include <limits>
#include <utility>

#include "mdp/reward.h"
#include "support/error.h"

namespace tilewright {

Level parse_level(const std::string& text) {
  if (text == "L0") return Level::kL0;
  if (text == "L1") return Level::kL1;
  throw Error("TW-MDP-001", "no level is called '" + text + "'", "--level", "use L0 or L1");
}

Problem::Problem(std::shared_ptr<const Surrogate> surrogate, Level level)
    : surrogate_(std::move(surrogate)), level_(level), encoder_(*surrogate_) {
  initial_ = to_unit(surrogate_->initial_design(), surrogate_->box());
}

Problem Problem::starting_at(const ActionVector& unit) const {
  Problem other = *this;
  other.initial_ = to_unit(project(from_unit(unit, box()), box()), box());
  return other;
}

Problem Problem::at_level(Level level) const {
  Problem other = *this;
  other.level_ = level;
  return other;
}

Evaluation Problem::evaluate(const ActionVector& unit) const {
  return evaluate_design(from_unit(unit, box()));
}

Evaluation Problem::evaluate_design(const ActionVector& design) const {
  const ActionVector legal = project(design, box());
  if (level_ == Level::kL0) return summarise(legal, surrogate_->evaluate_l0(legal), nullptr);
  thread_local Mapping mapping;  // lends its storage to every evaluation of this thread
  const Ppa ppa = surrogate_->evaluate_l1(legal, &mapping);
  return summarise(legal, ppa, &mapping);
}

Evaluation Problem::summarise(const ActionVector& legal, const Ppa& ppa,
                              const Mapping* mapping) const {
  Evaluation e;
  e.design = legal;
  e.unit = to_unit(legal, box());
  e.score = ppa.score;
  e.feasible = ppa.feasible;
  e.violation = ppa.violation;
  e.tok_s = ppa.tok_s;
  e.power_mw = ppa.power_mw;
  e.area_mm2 = ppa.area_mm2;
  e.margins = ppa.margins;
  e.hazards = ppa.hazard_raw + ppa.hazard_war + ppa.hazard_waw;
  e.state = encoder_.encode(legal, e.unit, ppa, mapping);
  e.reward = reward_terms(e, surrogate_->references(), RewardSettings{}).total();
  return e;
}

namespace {

// [0, inf] onto [0, 1], rising.
double squashed(double x) {
  return std::isfinite(x) ? x / (1 + x) : 1;
}

}  // namespace

double fitness(const Evaluation& e) {
  constexpr double kInfeasible = 2;
  if (!e.feasible) return kInfeasible + squashed(e.violation);
  return e.score < kInfeasible ? e.score : kInfeasible;
}

bool better(const Evaluation& a, const Evaluation& b) {
  if (a.feasible != b.feasible) return a.feasible;
  // A figure that is not a number is worse than any that is.
  const auto number = [](double x) {
    return std::isnan(x) ? std::numeric_limits<double>::infinity() : x;
  };
  if (!a.feasible && number(a.violation) != number(b.violation)) {
    return number(a.violation) < number(b.violation);
  }
  return number(a.score) < number(b.score);
}

}  // namespace tilewright
