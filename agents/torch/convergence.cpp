#include "agents/torch/convergence.h"

#include <cmath>

#include "support/state_archive.h"

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

void Convergence::persist(StateArchive& archive) {
  archive(mark_, marked_, since_gain_, since_promise_);
}

}  // namespace tilewright::rl
