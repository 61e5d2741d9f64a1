// What a warm start is worth: evaluations until within 1 % of the best known design, started warm
// against cold.
#pragma once

#include <vector>

#include "experiments/contest/summary.h"
#include "support/table.h"

namespace tilewright {

// A row for each warm entry of the heats; no rows without one. The cold run to compare with is the
// same searcher's, with the same other settings, in the same heat.
Table transfer_table(const std::vector<Heat>& heats);

}  // namespace tilewright
