// What a search finds under the physical calibration, beside the designs that the paper prints:
// links, KV memory, drafts, clock and tiles.
#include "agents/searcher.h"
#include "experiments/tables.h"

namespace tilewright {
namespace {

constexpr const char* kNodes[] = {"3nm", "7nm", "16nm", "28nm"};
constexpr const char* kSearcher = "hybrid";

struct Question {
  const Study& study;
  std::optional<WeightFormats> weights;
  const char* format;
};

// With another format of weights, if one is asked for.
std::shared_ptr<const Workload> asked_workload(const Study& study,
                                               const std::optional<WeightFormats>& weights) {
  auto workload = workload_of(study);
  if (!weights) return workload;
  return std::make_shared<const Workload>(with_weights(*workload, *weights));
}

Cell banded(const Ppa& ppa, const char* quantity, double Band::*end, double scale) {
  return Number{ppa.physical->band(quantity)->*end * scale, 4};
}

Table empty_table() {
  Table table{
      "physical_searched",
      "Designs that the search finds under the physical calibration beside the printed ones",
      {{"Workload", ""}, {"Weights", ""}, {"Node", ""}, {"Design", ""}, {"Feasible", ""}},
      {}};
  for (const auto& [name, unit] : {std::pair{"Rate", "1/s"}, {"Power", "W"}, {"Area", "mm2"}}) {
    for (const char* end : {"", " low", " high"})
      table.columns.push_back({std::string(name) + end, unit});
  }
  for (const auto& [name, unit] : {std::pair{"Dies", ""},
                                   {"Tiles", ""},
                                   {"Clock", "MHz"},
                                   {"VLEN", "bit"},
                                   {"DFLIT", "bit"},
                                   {"Drafts", ""},
                                   {"KV compaction", "x"},
                                   {"Data memory", "MiB"},
                                   {"KV cache", "MiB"},
                                   {"KV fits", "tokens"}})
    table.columns.push_back({name, unit});
  return table;
}

void add_row(ExperimentTable& out, const Question& question, const std::string& node,
             const std::string& which, const Surrogate& surrogate, const ActionVector& design) {
  Mapping mapping;
  Ppa ppa = surrogate.evaluate_l1(design, &mapping);
  surrogate.add_bands(design, &mapping, ppa);
  std::vector<Cell> row{question.study.workload, std::string(question.format), node, which,
                        std::string(ppa.feasible ? "yes" : "no")};
  for (const auto& [quantity, scale] :
       {std::pair{"tok_s", 1.0}, {"power_mw", 1e-3}, {"area_mm2", 1.0}}) {
    for (double Band::*end : {&Band::value, &Band::lo, &Band::hi})
      row.push_back(banded(ppa, quantity, end, scale));
  }
  const double tiles = design[kMeshW] * design[kMeshH];
  const double kv = surrogate.constants().kv_bytes_per_token * surrogate.context() *
                    surrogate.batch() / design[kKvCompaction] / 1048576.0;
  for (const double v :
       {ppa.physical->dies, tiles, ppa.clock_mhz, design[kVlen], design[kDflit], design[kDraft],
        design[kKvCompaction], tiles * design[kDmem] / 1024, kv, ppa.physical->kv_tokens})
    row.push_back(Number{v, 4});
  out.table.add(std::move(row));
  out.computed_row.push_back(true);
}

}  // namespace

std::vector<ExperimentTable> physical_search(const ExperimentInputs& inputs) {
  ExperimentTable out;
  out.table = empty_table();
  out.figure_column.assign(out.table.columns.size(), true);
  std::fill_n(out.figure_column.begin(), 5, false);
  const Question questions[] = {{inputs.llama, std::nullopt, "fp16"},
                                {inputs.llama, WeightFormat::kInt4, "int4"},
                                {inputs.smolvlm, std::nullopt, "fp16"}};
  for (const Question& question : questions) {
    const auto workload = asked_workload(question.study, question.weights);
    Overrides overrides;
    overrides.weights = question.weights;
    for (const char* node : kNodes) {
      const auto surrogate =
          std::make_shared<const Surrogate>(*inputs.physical, find_node(*inputs.physical, node),
                                            question.study.mode, workload, overrides);
      if (const auto printed = surrogate->printed_design())
        add_row(out, question, node, "printed", *surrogate, *printed);
      SearchOptions options;
      options.evaluations = inputs.episodes;
      options.seed = inputs.seed;
      options.threads = inputs.threads;
      const SearchResult result =
          run_search(Problem(surrogate, parse_level(inputs.level)), kSearcher, options);
      add_row(out, question, node, "searched", *surrogate, result.best.design);
    }
  }
  return {std::move(out)};
}

}  // namespace tilewright
