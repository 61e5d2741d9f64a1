// Tensors, generators and optimisers as fields of a StateArchive.
#pragma once

#include <torch/optim/adam.h>

#include <vector>

#include "agents/torch/networks.h"
#include "support/state_archive.h"

namespace tilewright::rl {

// Values of tensors whose sizes are known: read into the place where they are. Throws Error
// TW-STATE-002 when what is read has other sizes.
void persist(StateArchive& archive, const std::vector<Tensor>& tensors);
void persist(StateArchive& archive, torch::nn::Module& module);
void persist(StateArchive& archive, torch::Generator& generator);
// Moments and steps; its options and parameters are others' business.
void persist(StateArchive& archive, torch::optim::Adam& optimiser);

}  // namespace tilewright::rl
