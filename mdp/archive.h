// Pareto archive of feasible designs in (tok/s up, power down, area down), with scalarised
// selection.
#pragma once

#include <vector>

#include "mdp/problem.h"

namespace tilewright {

// w_f g(T_ref/T) + w_p g(P/P_ref) + w_a g(A/A_ref) (surrogate.md 9): the score of an evaluation
// under weights of which the sum is 1.
double weighted_score(const Evaluation& e, const PpaWeights& weights, const References& references);

class ParetoArchive {
 public:
  // True if `e` entered: it is feasible and nothing in the archive is at least as good in all
  // three.
  bool add(const Evaluation& e);
  // By falling tok/s; ties by power, then area, then the design vector.
  const std::vector<Evaluation>& members() const { return members_; }
  // The member with the lowest weighted_score(), or null.
  const Evaluation* select(const PpaWeights& weights, const References& references) const;

 private:
  std::vector<Evaluation> members_;
};

}  // namespace tilewright
