// Best score against evaluations.
#pragma once

#include <vector>

#include "experiments/contest/chart.h"
#include "experiments/contest/summary.h"

namespace tilewright {

// A picture for each track and budget, a panel a case, with quartiles over runs. The agents and the
// three baselines of the best mean rank are in colour; the table has everybody. Searchers without
// figures are left out.
std::vector<Picture> contest_curves(const std::vector<Heat>& heats);

}  // namespace tilewright
