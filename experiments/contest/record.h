// What one run leaves behind: one small JSON file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "arch/actions.h"
#include "experiments/contest/code_hash.h"
#include "experiments/contest/plan.h"

namespace tilewright {

struct Improvement {
  std::int64_t evaluation = 0;  // counted from 1; the initial design is the first
  double score = 0;             // of the best feasible design so far
};

// The state of the search after some evaluation.
struct Mark {
  std::int64_t evaluation = 0;         // counted from 1
  std::int64_t feasible = 0;           // evaluations so far
  std::int64_t distinct = 0;           // legal designs so far, feasible or not
  std::int64_t distinct_feasible = 0;  // feasible ones among them
  std::vector<double> diagnostics;     // as long as the record's columns; NaN: not known
};

struct RunRecord {
  RunSpec spec;
  CodeHashes code;
  std::string failure;  // how the process died; then nothing below is known

  double initial_score = 0;
  bool initial_feasible = false;
  std::int64_t evaluations = 0;           // at most the budget; a searcher may end early
  std::vector<Improvement> improvements;  // strictly falling; empty: nothing feasible was found
  // Of the last improvement.
  ActionVector best_design{};
  double best_tok_s = 0, best_power_mw = 0, best_area_mm2 = 0;
  std::vector<std::string> diagnostic_columns;
  std::vector<Mark> marks;  // about a hundred, evenly spaced; the last is the end
  double wall_s = 0, cpu_s = 0;
  std::uint64_t l0_calls = 0;  // of the whole process
};

// Infinite when nothing feasible was found within the first `evaluations`.
double best_after(const RunRecord& run, std::int64_t evaluations);
double best_score(const RunRecord& run);
// Evaluations until a score of at most `score`; the budget when it never came.
std::int64_t evaluations_to(const RunRecord& run, double score);
// The last mark at or before `evaluation`; null before the first.
const Mark* mark_at(const RunRecord& run, std::int64_t evaluation);

// Why a run does not count: its process died, or L0 was queried in the black box, or the budget
// was exceeded. Empty when it does. A run that ends early counts.
std::string void_reason(const RunRecord& run);

Json to_json(const RunRecord& run);
// Throws Errors TW-JSON-003 and TW-JSON-004.
RunRecord record_from_json(const Json& json, const std::string& where);

// CACHE/MODEL-NODE/NAME.HASH.json; the hash covers the run and its code.
std::filesystem::path record_path(const std::filesystem::path& cache, const RunSpec& spec,
                                  const CodeHashes& code);
// Appears whole or not at all. Throws Error TW-FILE-003.
void write_record(const std::filesystem::path& cache, const RunRecord& run);
// Every record below `cache`, by path; a file that can't be read as one goes to `unreadable`.
std::vector<RunRecord> read_records(const std::filesystem::path& cache,
                                    std::vector<std::filesystem::path>& unreadable);

}  // namespace tilewright
