// Figure 3: does a search go on exploring? Best score, feasible share, distinct designs and the
// policy's entropy against evaluations.
#pragma once

#include "experiments/contest/chart.h"
#include "experiments/contest/summary.h"

namespace tilewright {

// The heat that Table 21 and Figure 3 show: of the first case in the black box, else in the other
// track, that with the largest budget. Null without heats.
const Heat* shown_heat(const std::vector<Heat>& heats);

// "figure3_exploration", with quartiles over runs at each twentieth of the budget. Entropy is that
// of the policy's moves and of its mesh heads, for searchers that have a policy.
Picture saturation_picture(const Heat& heat);

}  // namespace tilewright
