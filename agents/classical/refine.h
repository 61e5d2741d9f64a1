// Local refinement at the end of any search.
#pragma once

#include <cstdint>

#include "agents/searcher.h"

namespace tilewright {

// Spends `budget` evaluations (fewer when it converges) around `start`, a point of the unit box,
// with COBYLA on the score under the margins, restarted from the best with half the step. `start`
// costs nothing if its design is in the log. Returns the best of the start and of what was
// evaluated here, by better(). Draws from the stream "refine". Throws SearchEnded when the oracle
// ends first.
Evaluation refine(Oracle& oracle, const ActionVector& start, std::int64_t budget);

}  // namespace tilewright
