// Where walks over designs start.
#pragma once

#include "agents/searcher.h"

namespace tilewright::rl {

// Probabilities of the best design so far and of another member of the archive, picked by random
// weights of rate, power and area; what is left is the initial design's.
struct StartShares {
  double best = 0.7, archive = 0.25;
};
const Evaluation& pick_start(const Oracle& oracle, const Evaluation& best,
                             const StartShares& shares, RandomStream& random);

}  // namespace tilewright::rl
