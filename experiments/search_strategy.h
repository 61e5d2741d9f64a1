// Table 21 from a contest's runs.
#pragma once

#include "experiments/contest/summary.h"
#include "experiments/experiment.h"
#include "experiments/printed.h"

namespace tilewright {

inline constexpr const char* kTable21 = "table21_search_strategy";  // ours and the printed one

// The paper prints one case: Llama 3.1 8B at 3 nm.
bool is_case_of_table21(const ContestCase& where);

// The searches behind it: that case in the black box, with the budget, searchers and seeds of
// `inputs`, whose studies are not looked at. Throws Error TW-CONTEST-003 for unknown searchers.
ContestPlan table21_plan(const ExperimentInputs& inputs);

// The printed rows, then a row for every searcher of the heat: medians over its runs, with the 95 %
// interval of the score's.
ExperimentTable search_strategy_table(const PrintedTable& printed, const Heat& heat);

}  // namespace tilewright
