// Table 21 and the data of Figure 3: search strategies at the smallest node, one budget for all.
#include <fmt/format.h>

#include <cmath>

#include "experiments/by_node.h"
#include "experiments/contest/run.h"
#include "experiments/contest/saturation.h"
#include "experiments/search_strategy.h"
#include "experiments/tables.h"
#include "mdp/problem.h"

namespace tilewright {
namespace {

constexpr const char *kModel = "llama-3.1-8b", *kMode = "high-performance", *kNode = "3nm";

std::vector<Cell> printed_row(const PrintedTable& printed, const std::string& label) {
  const auto cell = [&](const char* column) -> Cell {
    if (!printed.has(label, column)) return Missing{"not printed"};
    return Number{printed.value(label, column), 0};
  };
  std::vector<Cell> cells{label, std::string("printed"), cell("PPA score")};
  cells.insert(cells.end(), 3, Missing{"not a column of the paper"});
  cells.insert(cells.end(), {cell("Tok/s"), cell("Power (W)")});
  cells.insert(cells.end(), 3, Missing{"not a column of the paper"});
  cells.push_back(printed.cell(label, "Feasible configs"));
  return cells;
}

Cell score_cell(double score) {
  if (std::isfinite(score)) return Number{score};
  return Missing{"nothing feasible was found"};
}

// Median over the runs that found a feasible design.
Cell design_cell(const Entry& entry, double RunRecord::*figure, double unit, int digits) {
  std::vector<double> values;
  for (const RunRecord* run : entry.runs) {
    if (!run->improvements.empty()) values.push_back(run->*figure / unit);
  }
  if (values.empty()) return Missing{"nothing feasible was found"};
  return Number{median(values), digits};
}

std::vector<Cell> our_row(const Heat& heat, const Entry& entry) {
  std::vector<Cell> cells{entry.variant.label, heat.where.level, score_lost()};
  if (!entry.missing.empty()) {
    cells.insert(cells.end(), 9, Missing{entry.missing});
    return cells;
  }
  cells.push_back(score_cell(entry.median));
  for (const bool low : {true, false}) {
    cells.push_back(entry.interval ? score_cell(low ? entry.interval->low : entry.interval->high)
                                   : Cell(Missing{"a 95 % interval needs six runs"}));
  }
  std::vector<double> feasible, evaluations;
  for (const RunRecord* run : entry.runs) {
    feasible.push_back(static_cast<double>(run->marks.back().feasible));
    evaluations.push_back(static_cast<double>(run->evaluations));
  }
  cells.insert(cells.end(), {design_cell(entry, &RunRecord::best_tok_s, 1, 6),
                             design_cell(entry, &RunRecord::best_power_mw, 1000, 5),
                             design_cell(entry, &RunRecord::best_area_mm2, 1, 5),
                             Number{entry.distinct}, Number{static_cast<double>(entry.runs.size())},
                             fmt::format("{} / {}", median(feasible), median(evaluations))});
  return cells;
}

// One after the other in this process, whose other work may query L0: only what a run itself
// queries is held against it.
std::vector<RunRecord> run_all(const std::vector<RunSpec>& specs, const ExperimentInputs& inputs,
                               ProgramCode& code) {
  Problem problem(inputs.llama.points.front().surrogate, parse_level(inputs.level));
  std::vector<RunRecord> records;
  for (const RunSpec& spec : specs) {
    const std::uint64_t before = Surrogate::l0_calls();
    auto record = contest_run([&](const ContestCase&) { return problem; }, spec, code.of(spec));
    if (!record) break;
    record->l0_calls -= before;
    records.push_back(std::move(*record));
  }
  return records;
}

std::vector<RunRecord> records_below(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> unreadable;  // are no runs, so their rows say "not run"
  return read_records(folder, unreadable);
}

}  // namespace

bool is_case_of_table21(const ContestCase& where) {
  return where.model == kModel && where.mode == kMode && where.node == kNode;
}

ContestPlan table21_plan(const ExperimentInputs& inputs) {
  ContestPlan plan;
  plan.cases = {{kModel, kMode, kNode, inputs.calibration, inputs.level}};
  plan.tracks = {Track::kBlackBox};
  plan.budgets = {inputs.episodes};
  plan.variants = inputs.searchers.empty() ? every_searcher() : parse_variants({inputs.searchers});
  plan.first_seed = inputs.seed;
  plan.seeds = inputs.seeds;
  return plan;
}

ExperimentTable search_strategy_table(const PrintedTable& printed, const Heat& heat) {
  ExperimentTable out;
  out.table = Table{kTable21,
                    fmt::format("Search strategies at {}, {} evaluations, {} track; medians over "
                                "runs, 95 % interval of the median score",
                                name_of(heat.where), heat.budget, track_name(heat.track)),
                    {{"Method", ""},
                     {"Source", ""},
                     {"PPA score", ""},
                     {"Search score", ""},
                     {"Low", ""},
                     {"High", ""},
                     {"Rate", "tok/s"},
                     {"Power", "W"},
                     {"Area", "mm2"},
                     {"Distinct designs", ""},
                     {"Runs", ""},
                     {"Feasible", ""}},
                    {}};
  out.figure_column = {false, false, true, true, true, true, true, true, true, true, false, false};
  for (const std::string& label : printed.labels()) {
    out.table.add(printed_row(printed, label));
    out.computed_row.push_back(false);
  }
  for (const Entry& entry : heat.entries) {
    out.table.add(our_row(heat, entry));
    out.computed_row.push_back(true);
  }
  return out;
}

std::vector<ExperimentTable> table21(const ExperimentInputs& inputs) {
  const ContestPlan plan = table21_plan(inputs);
  const std::vector<RunSpec> specs = runs_of(plan);
  ProgramCode code;
  const std::vector<RunRecord> records =
      inputs.runs.empty() ? run_all(specs, inputs, code) : records_below(inputs.runs);
  const auto heats = judge_contest(plan, match(specs, records, code), {});
  const Heat& heat = heats.front();
  Picture figure3 = saturation_picture(heat);
  ExperimentTable figure;
  figure.figure_column.assign(figure3.table.columns.size(), false);
  figure.computed_row.assign(figure3.table.rows.size(), false);
  figure.table = std::move(figure3.table);
  figure.picture = std::move(figure3.svg);
  return {search_strategy_table(PrintedTable(inputs.printed, kTable21), heat), figure};
}

}  // namespace tilewright
