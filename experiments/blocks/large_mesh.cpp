#include "experiments/blocks/large_mesh.h"

namespace tilewright {

std::shared_ptr<const Surrogate> square_mesh(const ExperimentInputs& inputs, std::int32_t side) {
  Calibration calibration = load_calibration(inputs.calibration);
  DesignBox& box = calibration.modes.at(inputs.llama.mode).box;
  for (const Action a : {kMeshW, kMeshH}) box.lo[a] = box.hi[a] = side;
  return std::make_shared<const Surrogate>(calibration,
                                           find_node(calibration, inputs.llama.points.front().node),
                                           inputs.llama.mode, workload_of(inputs.llama));
}

}  // namespace tilewright
