// Table 14: what the searches did, by node.
#include <fmt/format.h>

#include <functional>

#include "experiments/printed.h"
#include "experiments/searches.h"
#include "experiments/statistics.h"
#include "experiments/table_builder.h"
#include "experiments/tables.h"

namespace tilewright {
namespace {

constexpr const char* kId = "table14_run_statistics";

// The node whose best search score is the lowest.
const FinishedSearch* best_over_nodes(const Searches& searches, const Study& study) {
  const FinishedSearch* best = nullptr;
  for (const PaperPoint& point : study.points) {
    const FinishedSearch* here = searches.best(study, point.node);
    if (here != nullptr && (best == nullptr || here->score < best->score)) best = here;
  }
  return best;
}

struct Line {
  const char* name;
  const char* printed;  // empty: not in the paper
  std::function<Cell(const Study&)> of;
};

std::vector<Line> lines(const Searches& searches) {
  const auto of_best = [&searches](auto figure) {
    return [&searches, figure](const Study& study) -> Cell {
      const FinishedSearch* best = best_over_nodes(searches, study);
      return best == nullptr ? Cell(not_searched()) : figure(*best);
    };
  };
  const auto count = [&searches](auto weight) {
    return [&searches, weight](const Study& study) -> Cell {
      double sum = 0;
      for (const PaperPoint& point : study.points) {
        for (const FinishedSearch* s : searches.of(study, point.node)) sum += weight(*s);
      }
      return sum > 0 ? Cell(Number{sum}) : Cell(not_searched());
    };
  };
  return {{"Nodes", "Evaluated Nodes",
           [](const Study& s) { return Cell(Number{static_cast<double>(s.points.size())}); }},
          {"Best node by search score", "Best Node",
           of_best([](const FinishedSearch& s) { return Cell(s.node); })},
          {"Its mesh", "Best Mesh", of_best([](const FinishedSearch& s) {
             return Cell(fmt::format("{}x{}", s.mesh_w, s.mesh_h));
           })},
          {"Its search score", "Best PPA Score", of_best([](const FinishedSearch& s) {
             return Cell(Number{s.score, 4});
           })},
          {"Its rate [tok/s]", "Best Throughput", of_best([](const FinishedSearch& s) {
             return Cell(Number{s.tok_s, 5});
           })},
          {"Mode", "Optimization Mode",
           [](const Study& s) { return Cell(std::string(mode_name(s.mode))); }},
          {"Searches", "", count([](const FinishedSearch&) { return 1.0; })},
          {"Evaluations", "RL Episodes per Node",
           count([](const FinishedSearch& s) { return static_cast<double>(s.evaluations); })},
          {"Of them feasible", "",
           count([](const FinishedSearch& s) { return static_cast<double>(s.feasible); })}};
}

}  // namespace

std::vector<ExperimentTable> table14(const ExperimentInputs& inputs) {
  const Searches searches(inputs.searches);
  const PrintedTable printed(inputs.printed, kId);
  TableBuilder out(kId, "Searches of both workloads over all nodes");
  out.label("Quantity");
  if (printed.exists()) out.label("Printed");
  out.figure("Llama 3.1 8B");
  out.figure("SmolVLM-256M");
  for (const Line& line : lines(searches)) {
    std::vector<Cell> row{std::string(line.name)};
    if (printed.exists())
      row.push_back(*line.printed == 0 ? Cell(Missing{"not printed"})
                                       : printed.cell(line.printed, "Value"));
    row.push_back(line.of(inputs.llama));
    row.push_back(line.of(inputs.smolvlm));
    out.ours(std::move(row));
  }
  return {out.take()};
}

}  // namespace tilewright
