// Runs jobs: those whose folders do not answer them yet, each in a process of its own.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/sweep/plan.h"
#include "cli/sweep/schedule.h"
#include "cli/sweep/workers.h"

namespace tilewright {

struct RunOptions {
  // Processes of one worker place: this machine, or a rank of an MPI launch. Default: one a core
  // here, one under MPI.
  std::optional<int> at_once;
  int retries = 2;              // of a job that died, each going on from its checkpoint
  double silence_s = 60;        // after which a rank of an MPI launch counts as dead
  std::string label = "sweep";  // of the progress bar
};

// Makes `folder` one of jobs, or takes one that is: it holds sweep.json. Throws Error TW-FILE-004
// for a folder with anything else in it, and what require_model throws.
void claim_folder(const std::filesystem::path& folder, const std::vector<SearchJob>& jobs);

// Deals `jobs` to `workers` until all have ended, or a stop is requested and the running ones have
// ended. Says on stderr which died and which can't work.
std::vector<JobState> deal_jobs(const std::vector<SearchJob>& jobs, Workers& workers,
                                const RunOptions& options);

// Claims `folder` and runs the jobs that its folders do not answer, on this machine, or on all
// ranks when a launcher of MPI started the program. Returns on all ranks but 0 with nothing, for
// them to end with kHelped: what follows is rank 0's. Throws what opening MPI throws, too.
std::optional<std::vector<JobState>> run_search_jobs(const std::vector<SearchJob>& jobs,
                                                     const std::filesystem::path& folder,
                                                     const RunOptions& options);
inline constexpr int kHelped = 0;  // exit status

}  // namespace tilewright
