// What the runs say: medians with intervals, tests against the best baseline, ranks.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "experiments/contest/best_known.h"
#include "experiments/contest/collection.h"
#include "experiments/statistics.h"

namespace tilewright {

// Within 1 % of the best known score is there.
inline constexpr double kArrived = 0.01;
// Tied for first: a median within this of the best's, and the best's probability of superiority
// at most that.
inline constexpr double kTiedMedian = 0.002, kTiedSuperiority = 0.65;

struct Rival {
  std::string label;       // the best baseline, the searcher itself left out
  MannWhitney test;        // of the best scores, two-sided
  double superiority = 0;  // probability that the searcher's best score is lower than the rival's
};

// The runs of one searcher in one heat, and their figures; without any when `missing` says why.
struct Entry {
  Variant variant;
  std::vector<PlannedRun> planned;
  std::vector<const RunRecord*> runs;  // valid
  std::string missing;

  std::vector<double> scores;  // best of each run, infinite without a feasible design
  double median = 0;
  std::optional<MedianInterval> interval;
  double feasible_share = 0, distinct = 0, distinct_feasible = 0;  // medians over runs
  double evaluations_to_best = 0;  // median until within kArrived; 0 when no best is known
  std::int64_t arrived = 0;        // runs that got there
  std::int64_t voided = 0;
  double wall_s = 0, cpu_s = 0;  // medians
  std::optional<Rival> rival;
  std::size_t rank = 0;  // 1: lowest median; equal medians share a rank
  bool first = false;    // or tied for first
};

// Everybody in one case, track and budget.
struct Heat {
  ContestCase where;
  Track track = Track::kBlackBox;
  std::int64_t budget = 0;
  std::optional<BestKnown> best;
  std::vector<Entry> entries;  // in the plan's order
};

// `runs` are those of runs_of(plan), matched. A searcher with a run that is missing or stale, or
// that queried L0 in the black box, has no figures; runs whose process died are left out of them.
std::vector<Heat> judge_contest(const ContestPlan& plan, const std::vector<PlannedRun>& runs,
                                const std::map<ContestCase, BestKnown>& best);

}  // namespace tilewright
