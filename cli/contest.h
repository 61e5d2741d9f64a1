// What a contest is asked for, and the two halves of its work.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/process.h"
#include "experiments/contest/collection.h"
#include "experiments/contest/plan.h"
#include "mdp/problem.h"

namespace tilewright {

struct ContestOptions {
  std::vector<std::string> cases, tracks, searchers;
  std::vector<std::int64_t> budgets;
  std::optional<std::int64_t> seeds;
  std::uint64_t first_seed = ContestPlan{}.first_seed;
  std::string calibration, level, output, cache, best_known_file, reference;
  int jobs = 1;
  bool report_only = false, best_known = false, json = false;
};

// Throws Errors for names that do not exist, settings that a searcher refuses included.
ContestPlan plan_of(const ContestOptions& options);

Problem problem_of(const ContestCase& where);

// The process of one run, which leaves its record in `cache`, at record_path(), and its log beside.
Job contest_job(const RunSpec& spec, const CodeHashes& code, const std::filesystem::path& cache);

// Runs what is due, each run in a process of its own, and leaves a record of each in `cache`. A run
// whose process died leaves a void record. Ends early when a stop is requested.
void run_due(const std::vector<PlannedRun>& runs, const std::filesystem::path& cache, int jobs);

// Writes tables and pictures below `options.output`; the exit status.
int report_contest(const ContestOptions& options, const ContestPlan& plan,
                   const std::vector<RunRecord>& records, ProgramCode& code);

}  // namespace tilewright
