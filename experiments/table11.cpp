// Table 11: clock, power, performance, area and rate by node; the main calibration table.
#include "experiments/by_node.h"
#include "experiments/tables.h"

namespace tilewright {

std::vector<ExperimentTable> table11(const ExperimentInputs& inputs) {
  return for_both_workloads(
      inputs, "table11_ppa_by_node", "Power, performance and area by node", "table11_ppa_by_node",
      {mesh_column(), cores_column(), clock_column(), power_column(), gops_column(), area_column(),
       printed_score_column(), cross_score_column(), rate_column()});
}

}  // namespace tilewright
