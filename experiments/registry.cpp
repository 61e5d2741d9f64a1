#include "experiments/experiment.h"
#include "experiments/tables.h"
#include "support/error.h"

namespace tilewright {

const std::vector<Experiment>& experiments() {
  static const std::vector<Experiment> all{
      {"1", "What systems of the field can do", false, table01},
      {"2", "State vector", false, table02},
      {"3", "Action space", false, table03},
      {"4", "Terms of the reward", true, table04},
      {"5", "Settings of SAC, replay and planning", false, table05},
      {"6", "Hyperparameters", false, table06},
      {"7", "Ranges of a tile's parameters", false, table07},
      {"8", "Workloads and searches", false, table08},
      {"9", "The models and their best designs", false, table09},
      {"10", "Mesh and scaling by node", false, table10},
      {"11", "Power, performance and area by node", false, table11},
      {"12", "Power by component", false, table12},
      {"13", "Scaling laws", false, table13},
      {"14", "What the searches did", false, table14},
      {"15", "Tiles by region", false, table15},
      {"16", "Parameters over the tiles", false, table16},
      {"17", "Best against worst node", false, table17},
      {"18", "Efficiency ratios", false, table18},
      {"19", "SmolVLM in low power", false, table19},
      {"20", "Other platforms", false, table20},
      {"21", "Search strategies", true, table21},
      {"figure2", "Layers of the networks", false, figure02},
      {"figure3", "Exploration and entropy", true, figure03},
      {"figure4", "Score and mesh by node", false, figure04},
      {"figure5", "Power by component and node", false, figure05},
      {"figure6", "Rate by node", false, figure06},
      {"figure7", "Efficiency by node", false, figure07},
      {"figure8", "Correlations", false, figure08},
      {"figure9", "Fits over the node", false, figure09},
      {"figure10", "Weight memory over the mesh", false, figure10},
      {"figure11", "Means by region", false, figure11},
      {"figure12", "Spread of weight memory; two nodes", false, figure12},
      {"reproduction", "How near the printed tables are met", false, reproduction},
      {"searched", "Searched designs against the printed ones", false, searched},
      {"inconsistencies", "The paper against itself", false, inconsistencies},
      {"placement", "What placement is worth", false, placement_ablation},
      {"physical", "The printed designs under the physical calibration", false, physical_tables},
      {"physical-search", "What a search finds under the physical calibration", true,
       physical_search},
      {"silicon", "Chips that exist beside ours", true, silicon},
      {"topology", "Torus, ring, hubs and chiplets against the mesh", true, topology_tables},
      {"weights", "What the weights of the score choose", true, weight_sensitivity},
      {"blocks", "A 64 x 64 mesh searched in blocks", true, block_search_tables},
      {"workloads", "Convolutions, encoders and experts", true, other_workloads},
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
