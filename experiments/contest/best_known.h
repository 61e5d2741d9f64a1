// The best design known of each case: regret is measured from it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "experiments/contest/record.h"
#include "support/table.h"

namespace tilewright {

struct BestKnown {
  ContestCase where;
  double score = 0;
  ActionVector design{};
  std::string found_by;  // searcher with its settings
  std::uint64_t seed = 0;
  std::int64_t evaluation = 0;       // of that run, when it was found
  std::int64_t budget = 0;           // of that run
  std::int64_t runs = 0, spent = 0;  // all runs that looked for it, and their evaluations
  std::string source;                // "long runs" or "this contest", for tables
};

// The best of the valid runs of each case, in the order of the cases' first runs. A case without a
// feasible design has none. Ties go to the earlier run.
std::vector<BestKnown> best_of_runs(const std::vector<const RunRecord*>& runs);

// best_known.csv: one row a case, the design in 30 columns.
Table best_known_table(const std::vector<BestKnown>& rows);
// Empty when there is no such file. Throws Errors TW-TABLE-002, TW-TABLE-003 and TW-CONTEST-005
// (other columns than those written).
std::vector<BestKnown> read_best_known(const std::filesystem::path& file);

// The score that this program gives a row's design; nothing when it is not feasible.
using ScoreNow = std::function<std::optional<double>(const BestKnown&)>;

// By case, the lower of `file` and `found`. A row of the file whose design no longer has the score
// that is written with it is of another evaluation: it is refused, and its case goes to `refused`.
std::map<ContestCase, BestKnown> combine(const std::vector<BestKnown>& file,
                                         const std::vector<BestKnown>& found,
                                         const ScoreNow& score_now,
                                         std::vector<ContestCase>& refused);

}  // namespace tilewright
