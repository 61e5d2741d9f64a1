#include "experiments/contest/best_known.h"

#include <algorithm>

#include "support/error.h"
#include "support/file.h"

namespace tilewright {
namespace {

constexpr const char* kFromFile = "long runs";
constexpr const char* kFromRuns = "this contest";

BestKnown best_known_of(const RunRecord& run) {
  BestKnown row;
  row.where = run.spec.where;
  row.score = run.improvements.back().score;
  row.design = run.best_design;
  row.found_by = searcher_text(run.spec.searcher, run.spec.settings);
  row.seed = run.spec.seed;
  row.evaluation = run.improvements.back().evaluation;
  row.budget = run.spec.budget;
  row.source = kFromRuns;
  return row;
}

std::vector<std::string> header() {
  std::vector<std::string> names{"model",      "mode",   "node",       "calibration",
                                 "level",      "score",  "found by",   "seed",
                                 "evaluation", "budget", "runs spent", "evaluations spent"};
  for (std::size_t a = 0; a < kActionCount; ++a) names.emplace_back(action_info(a).name);
  return names;
}

BestKnown row_of(const std::vector<std::string>& cells, const std::string& where) {
  std::size_t at = 0;
  const auto text = [&] { return cells.at(at++); };
  const auto number = [&] { return parse_number(cells.at(at++), where); };
  BestKnown row;
  for (std::string* field : {&row.where.model, &row.where.mode, &row.where.node,
                             &row.where.calibration, &row.where.level})
    *field = text();
  row.score = number();
  row.found_by = text();
  row.seed = static_cast<std::uint64_t>(number());
  for (std::int64_t* field : {&row.evaluation, &row.budget, &row.runs, &row.spent})
    *field = static_cast<std::int64_t>(number());
  for (double& value : row.design) value = number();
  row.source = kFromFile;
  return row;
}

}  // namespace

std::vector<BestKnown> best_of_runs(const std::vector<const RunRecord*>& runs) {
  std::vector<BestKnown> best;
  std::map<ContestCase, std::pair<std::int64_t, std::int64_t>> effort;  // runs, evaluations
  for (const RunRecord* run : runs) {
    if (!void_reason(*run).empty()) continue;
    auto& [count, spent] = effort[run->spec.where];
    ++count;
    spent += run->evaluations;
    if (run->improvements.empty()) continue;
    const auto same = [&](const BestKnown& row) { return row.where == run->spec.where; };
    const auto known = std::find_if(best.begin(), best.end(), same);
    if (known == best.end()) {
      best.push_back(best_known_of(*run));
    } else if (run->improvements.back().score < known->score) {
      *known = best_known_of(*run);
    }
  }
  for (BestKnown& row : best) std::tie(row.runs, row.spent) = effort.at(row.where);
  return best;
}

Table best_known_table(const std::vector<BestKnown>& rows) {
  Table table{"best_known", "The best design known of each case", {}, {}};
  for (const std::string& name : header()) table.columns.push_back({name, ""});
  const auto whole = [](auto value) { return Number{static_cast<double>(value)}; };
  for (const BestKnown& row : rows) {
    const ContestCase& c = row.where;
    std::vector<Cell> cells{c.model,           c.mode,          c.node,
                            c.calibration,     c.level,         Number{row.score},
                            row.found_by,      whole(row.seed), whole(row.evaluation),
                            whole(row.budget), whole(row.runs), whole(row.spent)};
    for (const double value : row.design) cells.emplace_back(Number{value});
    table.add(std::move(cells));
  }
  return table;
}

std::vector<BestKnown> read_best_known(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return {};
  const auto lines = parse_csv(read_file(file), file.string());
  const std::vector<std::string> names = header();
  if (lines.empty() || lines.front() != names) {
    throw Error("TW-CONTEST-005", "has other columns than a table of best known designs",
                file.string(), "write it with 'tilewright contest --best-known'");
  }
  std::vector<BestKnown> rows;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].size() != names.size()) {
      throw Error("TW-CONTEST-005", "row " + std::to_string(i) + " has the wrong length",
                  file.string());
    }
    rows.push_back(row_of(lines[i], file.string()));
  }
  return rows;
}

std::map<ContestCase, BestKnown> combine(const std::vector<BestKnown>& file,
                                         const std::vector<BestKnown>& found,
                                         const ScoreNow& score_now,
                                         std::vector<ContestCase>& refused) {
  std::map<ContestCase, BestKnown> best;
  for (const BestKnown& row : file) {
    if (score_now(row) != row.score) {
      refused.push_back(row.where);
      continue;
    }
    best.emplace(row.where, row);
  }
  for (const BestKnown& row : found) {
    const auto [at, is_new] = best.emplace(row.where, row);
    if (!is_new && row.score < at->second.score) at->second = row;
  }
  return best;
}

}  // namespace tilewright
