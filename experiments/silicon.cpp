// A chip that exists, asked of our model: Taalas HC1, Llama 3.1 8B in mask ROM (physical.md section
// 7). Its microarchitecture is not published, so ours is searched for its rate on its area.
#include <algorithm>

#include "agents/searcher.h"
#include "experiments/tables.h"
#include "support/error.h"
#include "support/file.h"

namespace tilewright {
namespace {

constexpr const char* kChip = "Taalas HC1";
constexpr const char* kNode = "6nm";

struct Published {
  double low = 0, high = 0;
  std::string source;
};

Published published(const std::filesystem::path& file, const std::string& quantity) {
  for (const auto& row : parse_csv(read_file(file), file.string())) {
    if (row.size() == 6 && row[0] == kChip && row[1] == quantity)
      return {parse_number(row[3], quantity), parse_number(row[4], quantity), row[5]};
  }
  throw Error("TW-EXP-007", "no row of " + std::string(kChip) + ", " + quantity, file.string(),
              "add it");
}

// Of the feasible designs the one that draws least.
ActionVector thriftiest(const SearchResult& result) {
  const auto least = std::min_element(
      result.pareto.begin(), result.pareto.end(),
      [](const Evaluation& a, const Evaluation& b) { return a.power_mw < b.power_mw; });
  return least == result.pareto.end() ? result.best.design : least->design;
}

}  // namespace

std::vector<ExperimentTable> silicon(const ExperimentInputs& inputs) {
  const auto file = inputs.printed.parent_path() / "published" / "silicon.csv";
  const Published rate = published(file, "rate"), area = published(file, "area");
  Overrides asked;
  asked.weights = WeightFormat::kInt3;
  asked.batch = 1;
  asked.min_tok_s = rate.low;
  asked.area_budget_mm2 = area.high;
  const Study& study = inputs.llama;
  const auto workload = std::make_shared<const Workload>(
      with_weights(*study.points.front().surrogate->workload(), *asked.weights));
  const auto surrogate = std::make_shared<const Surrogate>(
      *inputs.physical, find_node(*inputs.physical, kNode), study.mode, workload, asked);
  SearchOptions options;
  options.evaluations = inputs.episodes;
  options.seed = inputs.seed;
  options.threads = inputs.threads;
  const SearchResult result =
      run_search(Problem(surrogate, parse_level(inputs.level)), "hybrid", options);
  const ActionVector design = thriftiest(result);
  Mapping mapping;
  Ppa ppa = surrogate->evaluate_l1(design, &mapping);
  surrogate->add_bands(design, &mapping, ppa);

  ExperimentTable out;
  out.table =
      Table{"silicon_taalas_hc1",
            "Taalas HC1: published figures beside a design of ours for its rate on its area (" +
                std::string(kNode) + ", weights of 3.5 bit, one sequence)",
            {{"Quantity", ""},
             {"Unit", ""},
             {"Published low", ""},
             {"Published high", ""},
             {"Ours", ""},
             {"Low", ""},
             {"High", ""},
             {"Published over ours", "x"},
             {"Source", ""}},
            {}};
  out.figure_column = {false, false, false, false, true, true, true, true, false};
  for (const auto& [quantity, unit, band, scale] : {std::tuple{"rate", "1/s", "tok_s", 1.0},
                                                    {"power", "W", "power_mw", 1e-3},
                                                    {"energy", "mJ", "energy_mj_per_unit", 1.0},
                                                    {"area", "mm2", "area_mm2", 1.0}}) {
    const Published theirs = published(file, quantity);
    const Band& ours = *ppa.physical->band(band);
    out.table.add(
        {std::string(quantity), std::string(unit), Number{theirs.low, 4}, Number{theirs.high, 4},
         Number{ours.value * scale, 4}, Number{ours.lo * scale, 4}, Number{ours.hi * scale, 4},
         Number{(theirs.low + theirs.high) / 2 / (ours.value * scale), 3}, theirs.source});
    out.computed_row.push_back(true);
  }
  for (const auto& [quantity, unit, value] :
       {std::tuple{"power compute", "W", ppa.compute_mw / 1000},
        {"power rom", "W", ppa.rom_mw / 1000},
        {"power noc", "W", ppa.noc_mw / 1000},
        {"power leakage", "W", ppa.leak_mw / 1000},
        {"area rom", "mm2", ppa.rom_mm2}}) {
    const Missing unpublished{"not published"};
    out.table.add({std::string(quantity), std::string(unit), unpublished, unpublished,
                   Number{value, 4}, Missing{"part of the above"}, Missing{"part of the above"},
                   unpublished, std::string()});
    out.computed_row.push_back(true);
  }
  return {std::move(out)};
}

}  // namespace tilewright
