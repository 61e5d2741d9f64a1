#include "agents/torch/convergence.h"

#include <cmath>

namespace tilewright::rl {

void Convergence::note(double best_score, bool promised) {
  ++since_gain_;
  since_promise_ = promised ? 0 : since_promise_ + 1;
  if (!std::isfinite(best_score)) {
    since_gain_ = 0;  // nothing feasible yet: there is all to gain
    return;
  }
  if (marked_ && best_score >= mark_ - least_gain_ * std::fabs(mark_)) return;
  mark_ = best_score;
  marked_ = true;
  since_gain_ = 0;
}

}  // namespace tilewright::rl
