// The folder that a contest writes.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "cli/contest.h"
#include "cli/log.h"
#include "cli/terminal.h"
#include "experiments/contest/ablation.h"
#include "experiments/contest/best_known.h"
#include "experiments/contest/curves.h"
#include "experiments/contest/saturation.h"
#include "experiments/contest/summary.h"
#include "experiments/contest/tables.h"
#include "experiments/contest/transfer.h"
#include "experiments/printed.h"
#include "experiments/search_strategy.h"
#include "support/file.h"
#include "support/json.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

fs::path best_known_file(const ContestOptions& o) {
  return o.best_known_file.empty() ? data_folder() / "contest" / "best_known.csv"
                                   : fs::path(o.best_known_file);
}

std::map<ContestCase, BestKnown> best_known_of(const ContestOptions& o,
                                               const std::vector<RunRecord>& records,
                                               ProgramCode& code) {
  const auto found = best_of_runs(runs_of_current_evaluation(records, code));
  const auto score_now = [](const BestKnown& row) -> std::optional<double> {
    const Evaluation e = problem_of(row.where).evaluate_design(row.design);
    return e.feasible ? std::optional(e.score) : std::nullopt;
  };
  std::vector<ContestCase> refused;
  auto best = combine(read_best_known(best_known_file(o)), found, score_now, refused);
  if (!refused.empty()) {
    log_warning(
        fmt::format("{} of the best known designs in {} are of another evaluation and not "
                    "used; write them anew with 'tilewright contest --best-known'",
                    refused.size(), best_known_file(o).string()));
  }
  return best;
}

void write_table(const fs::path& folder, const Table& table) {
  write_file(folder / (table.id + ".csv"), to_csv(table));
  write_file(folder / (table.id + ".tex"), to_latex(table));
}

void write_picture(const fs::path& folder, const Picture& picture) {
  write_file(folder / (picture.table.id + ".csv"), to_csv(picture.table));
  write_file(folder / (picture.table.id + ".svg"), picture.svg);
}

// One run may stand in two tracks, and counts once.
Json states_json(const std::vector<PlannedRun>& runs) {
  std::map<std::string, RunState> states;
  for (const PlannedRun& run : runs) states[key_of(run.spec)] = run.state;
  std::map<RunState, std::int64_t> counts;
  for (const auto& [key, state] : states) ++counts[state];
  Json json{{"planned", states.size()}};
  for (const RunState state :
       {RunState::kValid, RunState::kVoid, RunState::kStale, RunState::kMissing})
    json[state_name(state)] = counts[state];
  return json;
}

std::int64_t old_records(const std::vector<RunRecord>& records, ProgramCode& code) {
  return std::count_if(records.begin(), records.end(), [&](const RunRecord& record) {
    return record.code != code.of(record.spec);
  });
}

std::string states_text(const Json& states) {
  return fmt::format(
      "{} runs: {} valid, {} void, {} stale, {} missing", states.at("planned").get<std::int64_t>(),
      states.at("valid").get<std::int64_t>(), states.at("void").get<std::int64_t>(),
      states.at("stale").get<std::int64_t>(), states.at("missing").get<std::int64_t>());
}

void write_contest(const fs::path& folder, const std::vector<Heat>& heats,
                   const std::string& reference) {
  for (const Table& table : {contest_summary_table(heats), contest_standings_table(heats),
                             contest_times_table(heats), contest_best_table(heats)})
    write_table(folder, table);
  // One line a run is too long for a page.
  const Table runs = contest_runs_table(heats);
  write_file(folder / (runs.id + ".csv"), to_csv(runs));
  if (const Table transfer = transfer_table(heats); !transfer.rows.empty())
    write_table(folder, transfer);
  if (!reference.empty()) write_table(folder, ablation_table(heats, reference));
  for (const Picture& picture : contest_curves(heats)) write_picture(folder, picture);
  const Heat* shown = shown_heat(heats);
  if (shown == nullptr) return;
  write_picture(folder, saturation_picture(*shown));
  if (!is_case_of_table21(shown->where)) return;
  const PrintedTable printed(data_folder() / "paper" / "printed", kTable21);
  write_table(folder, search_strategy_table(printed, *shown).table);
}

}  // namespace

int report_contest(const ContestOptions& o, const ContestPlan& plan,
                   const std::vector<RunRecord>& records, ProgramCode& code) {
  const fs::path folder = o.output;
  const std::vector<PlannedRun> runs = match(runs_of(plan), records, code);
  const Json states = states_json(runs);
  std::string text;
  if (o.best_known) {
    std::vector<const RunRecord*> valid;  // each once, though it may stand in two tracks
    std::set<const RunRecord*> counted;
    for (const PlannedRun& run : runs) {
      if (run.state == RunState::kValid && counted.insert(run.record).second)
        valid.push_back(run.record);
    }
    const Table table = best_known_table(best_of_runs(valid));
    write_file(folder / "best_known.csv", to_csv(table));
    text = fmt::format("best known designs of {} cases in {}\n", table.rows.size(),
                       (folder / "best_known.csv").string());
  } else {
    const auto heats = judge_contest(plan, runs, best_known_of(o, records, code));
    write_contest(folder, heats, o.reference);
    text = to_text(contest_standings_table(heats)) +
           fmt::format("tables and pictures in {}\n", folder.string());
  }
  const std::int64_t old = old_records(records, code);
  if (o.json) {
    Json json{{"folder", o.output}, {"runs", states}, {"old_records", old}};
    json["evaluation_code"] = code.evaluations();
    print_json(json);
  } else {
    print(text + states_text(states) + "\n");
    if (old > 0) print(fmt::format("{} records of other code are in the cache, unused\n", old));
  }
  return states.at("valid") == states.at("planned") ? 0 : 1;
}

}  // namespace tilewright
