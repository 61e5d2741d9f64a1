// Llama 3.1 8B on a square mesh of a given side, at the smallest node of the study.
#pragma once

#include <memory>

#include "experiments/experiment.h"

namespace tilewright {

// The box of the mode with the mesh held at `side` x `side` tiles, which may be larger than the
// sides that the mode's box allows; budgets and references stay those of the node. Throws what
// loading a calibration and making a surrogate throw.
std::shared_ptr<const Surrogate> square_mesh(const ExperimentInputs& inputs, std::int32_t side);

}  // namespace tilewright
