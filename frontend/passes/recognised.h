// What the recognising passes found in a graph, and what may be a block that they did not.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "frontend/graph.h"

namespace tilewright {

struct Block {
  std::string name;  // "Attention", "SwiGLU", ...
  std::int64_t count = 0;
  std::string detail;  // "32 with a KV cache"
};

// Attention, norms, activations, SwiGLUs (a Swish that gates a product), rotary embeddings,
// products of integers; only those that are there.
std::vector<Block> recognised_blocks(const Graph& graph);

// Operators that are left of decomposed blocks (Softmax, ReduceMean, Erf, Sigmoid, Sin, ...): type,
// how many, and the first one's name.
std::vector<Block> unrecognised_operators(const Graph& graph);

}  // namespace tilewright
