// Tables 8 and 9: what is compiled, and with what.
#include <fmt/format.h>

#include "experiments/by_node.h"
#include "experiments/printed.h"
#include "experiments/searches.h"
#include "experiments/table_builder.h"
#include "experiments/tables.h"

namespace tilewright {
namespace {

constexpr double kGib = 1024.0 * 1024.0 * 1024.0;

std::string gib(double bytes) {
  return fmt::format("{:.2f} GiB", bytes / kGib);
}

std::string nodes_text(const Study& study) {
  std::string text;
  for (const PaperPoint& point : study.points) text += (text.empty() ? "" : ", ") + point.node;
  return text;
}

struct Line {
  const char* printed;  // label of the paper's row; empty: it has none
  const char* name;
  Cell llama, smolvlm;
};

ExperimentTable facts_table(const ExperimentInputs& inputs, const std::string& id,
                            const std::string& caption, const std::vector<Line>& lines) {
  const PrintedTable printed(inputs.printed, id);
  TableBuilder out(id, caption);
  out.label("Quantity");
  if (printed.exists()) out.label("Printed");
  out.figure("Llama 3.1 8B");
  out.figure("SmolVLM-256M");
  for (const Line& line : lines) {
    std::vector<Cell> row{std::string(line.name)};
    if (printed.exists()) {
      const std::string column = printed.rows().front().at(1);
      row.push_back(*line.printed != 0 && printed.has(line.printed, column)
                        ? printed.cell(line.printed, column)
                        : Cell(Missing{"not printed"}));
    }
    row.push_back(line.llama);
    row.push_back(line.smolvlm);
    out.ours(std::move(row));
  }
  return out.take();
}

Cell whole(double value) {
  return Number{value};
}

// Of the search with the lowest score at the node.
Cell best_of(const Searches& searches, const Study& study, const std::string& node,
             double FinishedSearch::*figure, int digits) {
  const FinishedSearch* best = searches.best(study, node);
  return best == nullptr ? Cell(not_searched()) : Cell(Number{best->*figure, digits});
}

Cell mesh_of(const Searches& searches, const Study& study, const std::string& node) {
  const FinishedSearch* best = searches.best(study, node);
  return best == nullptr ? Cell(not_searched())
                         : Cell(fmt::format("{}x{}", best->mesh_w, best->mesh_h));
}

}  // namespace

std::vector<ExperimentTable> table08(const ExperimentInputs& inputs) {
  const WorkloadTotals &a = inputs.llama.points.front().surrogate->workload()->totals,
                       &b = inputs.smolvlm.points.front().surrogate->workload()->totals;
  const auto in_out = [](const WorkloadTotals& t) {
    return fmt::format("{} / {}", t.graph_inputs, t.graph_outputs);
  };
  const auto ints = [](std::int64_t value) { return whole(static_cast<double>(value)); };
  return {facts_table(
      inputs, "table08_experiment_configuration", "Workloads and searches",
      {{"Total Weights", "Weights", gib(static_cast<double>(a.weight_bytes)),
        gib(static_cast<double>(b.weight_bytes))},
       {"Operators", "Operators", ints(a.operators), ints(b.operators)},
       {"Weight Tensors", "Weight tensors", ints(a.weight_tensors), ints(b.weight_tensors)},
       {"Inputs / Outputs", "Inputs / outputs", in_out(a), in_out(b)},
       {"Process Nodes", "Nodes", nodes_text(inputs.llama), nodes_text(inputs.smolvlm)},
       {"RL Episodes", "Evaluations a search", ints(inputs.episodes), ints(inputs.episodes)},
       {"", "Searches a node", ints(inputs.seeds), ints(inputs.seeds)},
       {"", "Mode", std::string(mode_name(inputs.llama.mode)),
        std::string(mode_name(inputs.smolvlm.mode))}})};
}

std::vector<ExperimentTable> table09(const ExperimentInputs& inputs) {
  const Searches searches(inputs.searches);
  const Study &llama = inputs.llama, &smolvlm = inputs.smolvlm;
  const std::string node = llama.points.front().node, small = smolvlm.points.front().node;
  const WorkloadTotals &a = llama.points.front().surrogate->workload()->totals,
                       &b = smolvlm.points.front().surrogate->workload()->totals;
  const auto params = [](const WorkloadTotals& t) {
    return fmt::format("{:.4g} M", static_cast<double>(t.parameters) / 1e6);
  };
  const auto ints = [](std::int64_t value) { return whole(static_cast<double>(value)); };
  return {facts_table(inputs, "table09_llama_model",
                      "The two models, and the best designs searched for them",
                      {{"Parameters", "Parameters", params(a), params(b)},
                       {"Operators", "Operators", ints(a.operators), ints(b.operators)},
                       {"Total Weights", "Weights", gib(static_cast<double>(a.weight_bytes)),
                        gib(static_cast<double>(b.weight_bytes))},
                       {"", "Layers", ints(a.layers), ints(b.layers)},
                       {"", "Work of a token [GOp]", Number{a.flops_per_unit / 1e9, 5},
                        Number{b.flops_per_unit / 1e9, 5}},
                       {"Best Mesh", "Best mesh at the smallest node",
                        mesh_of(searches, llama, node), mesh_of(searches, smolvlm, small)},
                       {"Best Throughput", "Its rate [tok/s]",
                        best_of(searches, llama, node, &FinishedSearch::tok_s, 6),
                        best_of(searches, smolvlm, small, &FinishedSearch::tok_s, 4)},
                       {"Evaluated Nodes", "Nodes", ints(std::ssize(llama.points)),
                        ints(std::ssize(smolvlm.points))}})};
}

}  // namespace tilewright
