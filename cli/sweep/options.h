// What `tilewright sweep` is asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/compile.h"
#include "cli/sweep/plan.h"
#include "cli/sweep/run.h"

namespace tilewright {

struct SweepOptions {
  CompileOptions compile;  // what the jobs share, and the folder
  std::vector<std::string> models{kDefaultModel};
  std::string nodes = "all", modes = kDefaultMode;
  std::int64_t seeds = 1;
  bool continued = false;
  RunOptions run;
  std::string only;          // "K" or "FIRST-LAST": these jobs of the plan, and no merge
  bool merge_only = false;   // no jobs
  std::string slurm;         // batch script to write, and nothing else
  std::size_t per_task = 1;  // jobs of a task of it
};

void add_sweep_options(CLI::App& verb, SweepOptions& options);

// The command line of the same sweep, without the program's name and without --job, --merge-only
// and --slurm.
std::vector<std::string> to_arguments(const SweepOptions& options);

std::vector<SearchJob> jobs_of(const SweepOptions& options);

// The part of `jobs` that "K" or "FIRST-LAST" names, counted from 0. Throws Error TW-CLI-027.
std::vector<SearchJob> select_jobs(const std::vector<SearchJob>& jobs, const std::string& which);

}  // namespace tilewright
