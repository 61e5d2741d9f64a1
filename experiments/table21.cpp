// Table 21: search strategies at the smallest node, by one budget for all of them.
#include <fmt/format.h>

#include <algorithm>

#include "agents/searcher.h"
#include "experiments/by_node.h"
#include "experiments/tables.h"
#include "mdp/problem.h"

namespace tilewright {
namespace {

struct Strategy {
  const char* printed;   // row label of the paper
  const char* searcher;  // ours
};
constexpr Strategy kStrategies[] = {
    {"Random Search", "random"}, {"Grid Search", "grid"}, {"SAC (ours)", "sac"}};

const Missing& not_printed() {
  static const Missing reason{"not a column of the paper"};
  return reason;
}

std::vector<Cell> printed_row(const PrintedTable& printed, const std::string& label) {
  const auto cell = [&](const char* column) -> Cell {
    const std::string text = printed.has(label, column) ? "" : "missing";
    if (!text.empty()) return Missing{"not printed"};
    return Number{printed.value(label, column), 0};
  };
  return {label,
          std::string("printed"),
          cell("PPA score"),
          not_printed(),
          cell("Tok/s"),
          cell("Power (W)"),
          not_printed(),
          printed.cell(label, "Feasible configs")};
}

std::vector<Cell> our_row(const Problem& problem, const ExperimentInputs& inputs,
                          const Strategy& strategy) {
  SearchOptions options;
  options.evaluations = inputs.episodes;
  options.seed = inputs.seed;
  options.threads = inputs.threads;
  const SearchResult result = run_search(problem, strategy.searcher, options);
  const auto feasible = std::count_if(result.log.begin(), result.log.end(),
                                      [](const Evaluation& e) { return e.feasible; });
  return {std::string(strategy.printed),
          inputs.level,
          score_lost(),
          Number{result.best.score, 5},
          Number{result.best.tok_s, 6},
          Number{result.best.power_mw / 1000, 5},
          Number{result.best.area_mm2, 5},
          fmt::format("{} / {}", feasible, result.log.size())};
}

}  // namespace

std::vector<ExperimentTable> table21(const ExperimentInputs& inputs) {
  const PrintedTable printed(inputs.printed, "table21_search_strategy");
  const PaperPoint& point = inputs.llama.points.front();
  ExperimentTable out;
  out.table = Table{"table21_search_strategy",
                    fmt::format("Search strategies at {}, {} evaluations each, seed {}", point.node,
                                inputs.episodes, inputs.seed),
                    {{"Method", ""},
                     {"Source", ""},
                     {"PPA score", ""},
                     {"Search score", ""},
                     {"Rate", "tok/s"},
                     {"Power", "W"},
                     {"Area", "mm2"},
                     {"Feasible", ""}},
                    {}};
  out.figure_column = {false, false, true, true, true, true, true, false};
  const Problem problem(point.surrogate, parse_level(inputs.level));
  for (const Strategy& strategy : kStrategies) {
    out.table.add(printed_row(printed, strategy.printed));
    out.table.add(our_row(problem, inputs, strategy));
    out.computed_row.insert(out.computed_row.end(), {false, true});
  }
  return {out};
}

}  // namespace tilewright
