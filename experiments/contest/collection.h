// The records that answer a plan, and what is missing, stale or void.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "experiments/contest/record.h"

namespace tilewright {

enum class RunState {
  kValid,
  kVoid,   // of this code, but does not count
  kStale,  // only a record of other code is there: it is never used
  kMissing
};
const char* state_name(RunState state);

struct PlannedRun {
  RunSpec spec;
  CodeHashes code;  // of this program
  RunState state = RunState::kMissing;
  const RunRecord* record = nullptr;  // when valid or void
  std::string reason;                 // when not valid
};

// Hashes of this program by calibration and by searcher, each taken once.
class ProgramCode {
 public:
  CodeHashes of(const RunSpec& spec);
  const std::map<std::string, std::string>& evaluations() const { return evaluations_; }

 private:
  std::map<std::string, std::string> evaluations_, searchers_;
};

// One for each spec, in their order; the records must outlive them. The state of each depends on
// the set of records alone, not on their order.
std::vector<PlannedRun> match(const std::vector<RunSpec>& specs,
                              const std::vector<RunRecord>& records, ProgramCode& code);

// To be run again: missing, stale, or void because its process died.
bool is_due(const PlannedRun& run);

// Valid records whose evaluations are of this program's code, whatever their searcher's: what they
// found is there.
std::vector<const RunRecord*> runs_of_current_evaluation(const std::vector<RunRecord>& records,
                                                         ProgramCode& code);

}  // namespace tilewright
