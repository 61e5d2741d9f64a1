// Networks that are no dense decoder: what the front end counts of them, and what searches make of
// them under the physical calibration.
#include <algorithm>
#include <iterator>

#include "agents/searcher.h"
#include "experiments/searches.h"
#include "experiments/table_builder.h"
#include "experiments/tables.h"
#include "support/error.h"

namespace tilewright {
namespace {

constexpr const char* kSearcher = "hybrid";
constexpr const char* kNodes[] = {"3nm", "7nm", "28nm"};
constexpr Mode kMode = Mode::kHighPerformance;

struct Kind {
  const char* model;
  const char* kind;
};
constexpr Kind kKinds[] = {{"convnet-tiny", "CNN"},
                           {"unet-tiny", "diffusion U-Net"},
                           {"siglip-b16", "encoder"},
                           {"mixtral-tiny", "mixture of experts"},
                           {"mixtral-8x7b", "mixture of experts"},
                           {"llama-tiny", "dense decoder"}};

// What one search found, with L1's figures that an evaluation does not keep.
struct Found {
  Evaluation evaluation;
  Ppa ppa;
};

bool found_better(const Found& a, const Found& b) {
  return better(a.evaluation, b.evaluation);
}

ExperimentTable counted(const ExperimentInputs& inputs) {
  TableBuilder out("workloads", "Networks of other kinds, as the front end counts them");
  for (const char* name : {"Workload", "Kind", "Unit"}) out.label(name);
  out.figure("Operators");
  out.figure("Parameters", "M");
  out.figure("Weights", "MiB");
  out.figure("Work a unit", "GFLOP");
  for (const char* name : {"Matrix products", "Convolutions", "Others"}) out.figure(name, "%");
  for (const Kind& kind : kKinds) {
    const auto workload = inputs.load(kind.model, kMode);
    const WorkloadTotals& t = workload->totals;
    const auto share = [&](double flops) { return Number{100 * flops / t.flops_per_unit, 3}; };
    out.ours({kind.model, kind.kind, workload->unit, Number{static_cast<double>(t.operators), 0},
              Number{1e-6 * static_cast<double>(t.parameters), 4},
              Number{static_cast<double>(t.weight_bytes) / 1048576.0, 4},
              Number{1e-9 * t.flops_per_unit, 4}, share(t.matmul_flops), share(t.conv_flops),
              share(t.general_flops)});
  }
  return out.take();
}

std::vector<Found> search(const ExperimentInputs& inputs,
                          const std::shared_ptr<const Surrogate>& surrogate) {
  const Problem problem(surrogate, parse_level(inputs.level));
  std::vector<Found> found;
  for (std::int64_t s = 0; s < inputs.seeds; ++s) {
    SearchOptions options;
    options.evaluations = inputs.episodes;
    options.seed = inputs.seed + static_cast<std::uint64_t>(s);
    options.threads = inputs.threads;
    const SearchResult result = run_search(problem, kSearcher, options);
    found.push_back({result.best, surrogate->evaluate_l1(result.best.design)});
  }
  return found;
}

std::vector<Cell> cells_of(const std::vector<Found>& found) {
  std::vector<Found> feasible;
  std::copy_if(found.begin(), found.end(), std::back_inserter(feasible),
               [](const Found& f) { return f.evaluation.feasible; });
  const Found& best = *std::min_element(found.begin(), found.end(), found_better);
  std::vector<Cell> cells{std::to_string(feasible.size()) + " of " + std::to_string(found.size())};
  const auto add = [&](double Ppa::*figure, double scale, bool interval) {
    std::vector<double> values;
    values.reserve(feasible.size());
    for (const Found& f : feasible) values.push_back(f.ppa.*figure * scale);
    Spread spread = spread_of(values, 4);
    if (values.empty()) {
      const Missing none{"no search found a feasible design"};
      spread = {none, none, none};
    }
    cells.push_back(spread.median);
    if (interval) cells.insert(cells.end(), {spread.low, spread.high});
  };
  add(&Ppa::tok_s, 1, true);
  add(&Ppa::power_mw, 1e-3, false);
  add(&Ppa::area_mm2, 1, false);
  add(&Ppa::energy_mj, 1, false);
  const auto whole = [](double value) { return Number{value, 0}; };
  cells.push_back(whole(best.evaluation.design[kMeshW] * best.evaluation.design[kMeshH]));
  cells.push_back(whole(best.evaluation.design[kVlen]));
  cells.push_back(whole(best.ppa.clock_mhz));
  cells.emplace_back(std::string(ceiling_name(best.ppa.binding)));
  return cells;
}

ExperimentTable searched_workloads(const ExperimentInputs& inputs) {
  TableBuilder out(
      "workloads_searched",
      "Networks of other kinds, searched under the physical calibration in "
      "high-performance mode; medians over the feasible searches, the 95 % interval of "
      "the rate, and the best search's design");
  for (const char* name : {"Workload", "Node", "Feasible"}) out.label(name);
  for (const char* name : {"Rate", "Rate low", "Rate high"}) out.figure(name, "1/s");
  out.figure("Power", "W");
  out.figure("Area", "mm2");
  out.figure("Energy a unit", "mJ");
  out.figure("Tiles");
  out.figure("VLEN", "bit");
  out.figure("Clock", "MHz");
  out.label("Bound");
  for (const Kind& kind : kKinds) {
    const auto workload = inputs.load(kind.model, kMode);
    for (const char* node : kNodes) {
      const auto surrogate = std::make_shared<const Surrogate>(
          *inputs.physical, find_node(*inputs.physical, node), kMode, workload);
      std::vector<Cell> row{kind.model, node};
      for (Cell& cell : cells_of(search(inputs, surrogate))) row.push_back(std::move(cell));
      out.ours(std::move(row));
    }
  }
  return out.take();
}

}  // namespace

std::vector<ExperimentTable> other_workloads(const ExperimentInputs& inputs) {
  if (!inputs.load) {
    throw Error("TW-EXP-012", "no loader of built-in models", "workloads", "",
                ErrorKind::kInternal);
  }
  return {counted(inputs), searched_workloads(inputs)};
}

}  // namespace tilewright
