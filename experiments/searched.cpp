// Searched designs against the printed ones under the same model and constraints: median over
// seeds with its interval, by node and mode.
#include <algorithm>

#include "experiments/by_node.h"
#include "experiments/searches.h"
#include "experiments/statistics.h"
#include "experiments/table_builder.h"
#include "experiments/tables.h"

namespace tilewright {
namespace {

void add_node(TableBuilder& out, const Study& study, const PaperPoint& point,
              const std::vector<const FinishedSearch*>& found) {
  const Spread score = spread_of(values_of(found, &FinishedSearch::score), 6);
  const auto beaten = std::count_if(found.begin(), found.end(), [&](const FinishedSearch* s) {
    return s->design_feasible && s->score < point.l1.score;
  });
  std::vector<Cell> row{study.workload, point.node, Number{point.l1.score, 6},
                        score.median,   score.low,  score.high};
  if (found.empty()) {
    row.insert(row.end(), 2, not_searched());
  } else {
    const double better = point.l1.score - median(values_of(found, &FinishedSearch::score));
    row.insert(row.end(), {Number{100 * better / point.l1.score, 3},
                           std::to_string(beaten) + " of " + std::to_string(found.size())});
  }
  for (const auto& [figure, scale, digits] : {std::tuple{&FinishedSearch::tok_s, 1.0, 5},
                                              {&FinishedSearch::power_mw, 1e-3, 4},
                                              {&FinishedSearch::area_mm2, 1.0, 4}}) {
    std::vector<double> values = values_of(found, figure);
    for (double& v : values) v *= scale;
    row.push_back(spread_of(values, digits).median);
  }
  out.ours(std::move(row));
}

}  // namespace

std::vector<ExperimentTable> searched(const ExperimentInputs& inputs) {
  const Searches searches(inputs.searches);
  TableBuilder out("searched_designs",
                   "Searched designs against the printed ones by search score (lower is better); "
                   "medians over seeds, 95 % interval of the median score");
  out.label("Workload");
  out.label("Node");
  out.figure("Printed design");
  out.figure("Median");
  out.figure("Low");
  out.figure("High");
  out.figure("Gain", "%");
  out.figure("Seeds that beat it");
  out.figure("Rate", "tok/s");
  out.figure("Power", "W");
  out.figure("Area", "mm2");
  for (const Study* study : {&inputs.llama, &inputs.smolvlm}) {
    for (const PaperPoint& point : study->points)
      add_node(out, *study, point, searches.of(*study, point.node));
  }
  return {out.take()};
}

}  // namespace tilewright
