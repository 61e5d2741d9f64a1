#include "experiments/contest/collection.h"

namespace tilewright {
namespace {

std::string why_stale(const CodeHashes& record, const CodeHashes& program) {
  if (record.evaluation != program.evaluation) return "stale: run with an older evaluation";
  return "stale: run with an older searcher";
}

}  // namespace

const char* state_name(RunState state) {
  switch (state) {
    case RunState::kValid:
      return "valid";
    case RunState::kVoid:
      return "void";
    case RunState::kStale:
      return "stale";
    case RunState::kMissing:
      break;
  }
  return "missing";
}

CodeHashes ProgramCode::of(const RunSpec& spec) {
  const auto [evaluation, new_calibration] = evaluations_.try_emplace(spec.where.calibration);
  if (new_calibration) evaluation->second = evaluation_hash(spec.where.calibration);
  const auto [searcher, new_searcher] = searchers_.try_emplace(spec.searcher);
  if (new_searcher) searcher->second = searcher_hash(spec.searcher);
  return {evaluation->second, searcher->second};
}

std::vector<PlannedRun> match(const std::vector<RunSpec>& specs,
                              const std::vector<RunRecord>& records, ProgramCode& code) {
  std::map<std::string, std::vector<const RunRecord*>> by_key;
  for (const RunRecord& record : records) by_key[key_of(record.spec)].push_back(&record);
  std::vector<PlannedRun> runs;
  runs.reserve(specs.size());
  for (const RunSpec& spec : specs) {
    PlannedRun run{spec, code.of(spec), RunState::kMissing, nullptr, "not run"};
    for (const RunRecord* record : by_key[key_of(spec)]) {
      if (record->code == run.code) {
        run.record = record;
        run.reason = void_reason(*record);
        run.state = run.reason.empty() ? RunState::kValid : RunState::kVoid;
      } else if (run.record == nullptr && (run.state == RunState::kMissing ||
                                           record->code.evaluation == run.code.evaluation)) {
        run.state = RunState::kStale;
        run.reason = why_stale(record->code, run.code);
      }
    }
    runs.push_back(std::move(run));
  }
  return runs;
}

bool is_due(const PlannedRun& run) {
  if (run.state == RunState::kVoid) return !run.record->failure.empty();
  return run.state != RunState::kValid;
}

std::vector<const RunRecord*> runs_of_current_evaluation(const std::vector<RunRecord>& records,
                                                         ProgramCode& code) {
  std::vector<const RunRecord*> runs;
  for (const RunRecord& record : records) {
    if (void_reason(record).empty() && record.code.evaluation == code.of(record.spec).evaluation)
      runs.push_back(&record);
  }
  return runs;
}

}  // namespace tilewright
