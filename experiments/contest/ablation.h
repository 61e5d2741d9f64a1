// What each part is worth: every searcher of a heat against one of them, the reference.
#pragma once

#include <string>
#include <vector>

#include "experiments/contest/summary.h"
#include "support/table.h"

namespace tilewright {

// A row for each entry. "Worse" and "better" where the two-sided Mann-Whitney test of the best
// scores says so at 5 %, uncorrected for the number of rows; else "no clear difference".
Table ablation_table(const std::vector<Heat>& heats, const std::string& reference);

}  // namespace tilewright
