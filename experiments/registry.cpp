#include "experiments/experiment.h"
#include "experiments/tables.h"
#include "support/error.h"

namespace tilewright {

const std::vector<Experiment>& experiments() {
  static const std::vector<Experiment> all{
      {"10", "Mesh and scaling by node", false, table10},
      {"11", "Power, performance and area by node", false, table11},
      {"12", "Power by component", false, table12},
      {"17", "Best against worst node", false, table17},
      {"18", "Efficiency ratios", false, table18},
      {"19", "SmolVLM in low power", false, table19},
      {"21", "Search strategies", true, table21},
      {"placement", "What placement is worth", false, placement_ablation},
      {"physical", "The printed designs under the physical calibration", false, physical_tables},
      {"physical-search", "What a search finds under the physical calibration", true,
       physical_search},
      {"silicon", "Chips that exist beside ours", true, silicon},
      {"weights", "What the weights of the score choose", true, weight_sensitivity},
      {"blocks", "A 64 x 64 mesh searched in blocks", true, block_search_tables},
      {"transfer", "Searches warm from a neighbouring node", true, node_transfer},
      {"fidelity", "L0 against L1 over random feasible designs", true, fidelity},
  };
  return all;
}

const Experiment& find_experiment(const std::string& id) {
  std::string known;
  for (const Experiment& experiment : experiments()) {
    if (experiment.id == id) return experiment;
    known += (known.empty() ? "" : ", ") + experiment.id;
  }
  throw Error("TW-EXP-004", "no experiment '" + id + "'", "--table", "take one of " + known);
}

}  // namespace tilewright
