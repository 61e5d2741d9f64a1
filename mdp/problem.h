// The optimisation problem that every searcher sees: a unit box, a projection, one evaluation.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "arch/actions.h"
#include "mdp/state.h"
#include "surrogate/surrogate.h"

namespace tilewright {

enum class Level { kL0, kL1 };
Level parse_level(const std::string& text);  // "L0" or "L1"; throws Error TW-MDP-001

// One full evaluation of a legal design.
struct Evaluation {
  ActionVector design{};  // projected
  ActionVector unit{};    // the projected design in the unit box
  double score = 0;       // lower is better
  bool feasible = false;
  double violation = 0;  // sum of the sizes of negative margins
  double tok_s = 0, power_mw = 0, area_mm2 = 0;
  Margins margins{};
  double hazards = 0;   // RAW + WAR + WAW stall cycles an instruction (Eq. 41)
  double reward = 0;    // Eq. 34, default form
  StateVector state{};  // what an agent sees of it (mdp/state.h)
};

class Problem {
 public:
  Problem(std::shared_ptr<const Surrogate> surrogate, Level level);

  // Projects, then evaluates. Thread-safe.
  Evaluation evaluate(const ActionVector& unit) const;
  Evaluation evaluate_design(const ActionVector& design) const;

  const ActionVector& initial_unit() const { return initial_; }  // where every searcher starts
  // The same problem with another first design, and at another level.
  Problem starting_at(const ActionVector& unit) const;
  Problem at_level(Level level) const;
  const DesignBox& box() const { return surrogate_->box(); }
  const Surrogate& surrogate() const { return *surrogate_; }
  Level level() const { return level_; }

 private:
  Evaluation summarise(const ActionVector& legal, const Ppa& ppa, const Mapping* mapping) const;

  std::shared_ptr<const Surrogate> surrogate_;
  Level level_;
  StateEncoder encoder_;
  ActionVector initial_{};
};

// True if `a` is to be preferred: feasible before infeasible, then lower violation, then lower
// score.
bool better(const Evaluation& a, const Evaluation& b);

// One number in the order of better(), never NaN, for methods that minimise one: a feasible design
// is worth its score, which is below 2 (a weighted mean of terms 2 r / (1 + r), surrogate.md
// section 9), an infeasible one 2 + v / (1 + v), below 3, with v its violation. Two infeasible
// designs of equal violation are equal here; better() goes on to the score.
double fitness(const Evaluation& e);

}  // namespace tilewright
