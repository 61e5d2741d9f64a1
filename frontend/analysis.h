// What the counting passes need to know about a graph.
#pragma once

#include <cstdint>
#include <vector>

#include "frontend/graph.h"

namespace tilewright {

struct Analysis {
  std::vector<std::int32_t> producer;            // tensor -> node, -1: input or initialiser
  std::vector<std::vector<std::int32_t>> users;  // tensor -> nodes, ascending
  // A node is fixed when its results do not depend on the model's inputs once dimensions are bound:
  // shape arithmetic and constant subgraphs. It is computed before the chip is built.
  std::vector<char> fixed_node, fixed_tensor;
};

Analysis analyse(const Graph& graph);

inline std::size_t at(std::int32_t index) {
  return static_cast<std::size_t>(index);
}
std::int64_t tensor_bytes(const Graph& graph, std::int32_t tensor);

}  // namespace tilewright
