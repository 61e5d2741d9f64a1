// The folders of many jobs made into tables. What they say depends on what lies on disk alone: not
// on who ran the jobs, in which order, or how often.
#pragma once

#include <vector>

#include "cli/sweep/plan.h"
#include "support/table.h"

namespace tilewright {

struct MergedSweep {
  Table all;      // sweep: one row a job, in the plan's order
  Table best;     // sweep_best: the best seed by workload, mode and node
  Table summary;  // sweep_summary: medians over seeds by workload, mode and node
  // 0: every job is done and its design feasible; 1: not so; 2: a job failed.
  int status = 0;
};

// Throws what reading a result throws when a file was tampered with.
MergedSweep merge_jobs(const std::vector<SearchJob>& jobs);

// CSV and LaTeX of all three.
void write_merged(const MergedSweep& merged, const std::filesystem::path& folder);

}  // namespace tilewright
