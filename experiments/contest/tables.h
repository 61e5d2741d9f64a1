// The contest's tables. All but the times are the same bytes whenever the same runs are there.
#pragma once

#include <vector>

#include "experiments/contest/summary.h"
#include "support/table.h"

namespace tilewright {

Table contest_runs_table(const std::vector<Heat>& heats);     // contest: one row a run
Table contest_summary_table(const std::vector<Heat>& heats);  // one row a searcher and heat
// One row a searcher: in how many cases of each track and budget it is first or tied for first.
Table contest_standings_table(const std::vector<Heat>& heats);
Table contest_times_table(const std::vector<Heat>& heats);
Table contest_best_table(const std::vector<Heat>& heats);  // the best known designs as used

}  // namespace tilewright
