#include "agents/torch/starts.h"

namespace tilewright::rl {

const Evaluation& pick_start(const Oracle& oracle, const Evaluation& best,
                             const StartShares& shares, RandomStream& random) {
  const double draw = random.uniform();
  if (draw < shares.best) return best;
  if (draw < shares.best + shares.archive) {
    std::array<double, 3> weights{};
    for (double& w : weights) w = random.uniform(0.05, 1);
    const Evaluation* member =
        oracle.archive().select(weights, oracle.problem().surrogate().references());
    if (member != nullptr) return *member;
  }
  return oracle.log().front();
}

}  // namespace tilewright::rl
