// Table 10: mesh and scaling by node.
#include "experiments/by_node.h"
#include "experiments/tables.h"

namespace tilewright {
namespace {

// Cores over the cores of the smallest node, as the paper's "Scaling".
ByNodeColumn scaling_column(const Study& study) {
  const double most = study.points.front().tiles();
  return {{"Scaling", "x"}, "Scaling", false, [most](const PaperPoint& p, const Ppa&) {
            return Number{p.tiles() / most, 3};
          }};
}

ExperimentTable table_for(const Study& study, const PrintedTable& printed, const std::string& id,
                          const std::string& caption) {
  return by_node_table(
      id, caption, study, printed,
      {mesh_column(), cores_column(), scaling_column(study), power_column(), gops_column(),
       area_column(), printed_score_column(), cross_score_column()});
}

}  // namespace

std::vector<ExperimentTable> table10(const ExperimentInputs& inputs) {
  const std::string id = "table10_mesh_and_scaling";
  const PrintedTable llama(inputs.printed, id);
  const PrintedTable smolvlm(inputs.printed, "table19_smolvlm_low_power");
  return {table_for(inputs.llama, llama, id, "Mesh and scaling by node, Llama 3.1 8B"),
          table_for(inputs.smolvlm, smolvlm, id + "_smolvlm",
                    "Mesh and scaling by node, SmolVLM-256M")};
}

}  // namespace tilewright
