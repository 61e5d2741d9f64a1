// Table 19: SmolVLM-256M in low-power mode; the second calibration table.
#include "experiments/by_node.h"
#include "experiments/tables.h"

namespace tilewright {

std::vector<ExperimentTable> table19(const ExperimentInputs& inputs) {
  const PrintedTable printed(inputs.printed, "table19_smolvlm_low_power");
  return {by_node_table("table19_smolvlm_low_power", "SmolVLM-256M in low-power mode",
                        inputs.smolvlm, printed,
                        {mesh_column(), clock_column(), power_column(), area_column(),
                         rate_column(), printed_score_column(), cross_score_column()})};
}

}  // namespace tilewright
