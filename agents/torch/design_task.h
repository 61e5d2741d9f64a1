// A walk over designs as a task for the networks: its shape, and actions to and from the
// environment's.
#pragma once

#include <vector>

#include "agents/torch/shape.h"
#include "mdp/environment.h"
#include "mdp/state.h"
#include "support/random.h"

namespace tilewright::rl {

// 52 features; four mesh heads of five deltas; 26 moves, and the 4 idle ones of the paper's head.
const Shape& design_shape();

StepAction to_step(const std::vector<float>& action);

// What a unit of each action adds to its place in the unit box: a tenth of it for a move, one tile
// for a mesh delta. [30]
std::vector<float> gains_of(const DesignBox& box);

// Epsilon's random actions. Sparse: a few coordinates move, the others stay. Dense: all are drawn.
std::vector<float> sparse_action(RandomStream& random);
std::vector<float> dense_action(RandomStream& random);

}  // namespace tilewright::rl
