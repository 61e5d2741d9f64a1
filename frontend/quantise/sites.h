// Where a graph is quantised.
#pragma once

#include <cstdint>
#include <vector>

#include "frontend/passes/graph_editor.h"

namespace tilewright {

// Input `slot` of node `node`.
struct Site {
  std::int32_t node = -1;
  std::size_t slot = 0;
  std::int32_t axis = 0;     // of weights: that of the channels; of the cache: that of the heads
  std::int32_t reduced = 0;  // of weights: that along which groups lie
};

struct Sites {
  std::vector<Site> weights, activations, cache;
};

// Weights: constant floating-point operands of MatMul, Gemm, Conv, and the tables of Gather.
// Activations: the operands of products that are none. Cache: new keys and values of an Attention
// with a past, or the new part of a Concat with a graph input behind which a product follows.
Sites find_sites(const Graph& graph);

}  // namespace tilewright
