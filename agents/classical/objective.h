// What the libraries minimise: the counted door as a function of a point, with a memory of what was
// paid for already and a sense of when a run has stopped improving.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <span>

#include "agents/searcher.h"

namespace tilewright {

// How a point outside the unit box comes back: to the nearer face, or mirrored at it as often as
// needed (which leaves a search distribution that sticks out of the box undistorted).
enum class Repair { kClip, kReflect };
double mirrored(double u);  // into [0, 1]; 0 for what is not finite

// A run went so many calls without improving. Caught by restart_until_spent (restarts.h).
struct RunOver {};

class Objective {
 public:
  Objective(Oracle& oracle, Repair repair);

  // Forgets the best of the run before; from now on at() throws RunOver after `patience` calls that
  // did not lower the run's best fitness by more than 1e-6, and in place of an evaluation beyond
  // `evaluations`.
  static constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();
  void begin_run(std::int64_t patience, std::int64_t evaluations = kUnlimited);

  // The evaluation at a point of kActionCount coordinates, repaired. A point that projects to a
  // design evaluated before costs nothing. Throws SearchEnded at the end of the budget, RunOver at
  // the end of patience. The reference holds until the next call.
  const Evaluation& at(std::span<const double> point);

  const Evaluation& best() const;  // of the whole search, by better()
  const Oracle& oracle() const { return oracle_; }

 private:
  const Evaluation& look_up_or_evaluate(const ActionVector& unit);
  void watch(double value);

  Oracle& oracle_;
  Repair repair_;
  std::map<ActionVector, std::size_t> seen_;  // legal design -> place in the log
  std::size_t best_ = 0;
  double run_best_ = std::numeric_limits<double>::infinity();
  std::int64_t calls_without_gain_ = 0;
  std::int64_t patience_ = kUnlimited, evaluations_left_ = kUnlimited;
};

}  // namespace tilewright
