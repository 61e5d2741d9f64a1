// Which layer of the network a node belongs to.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "frontend/analysis.h"

namespace tilewright {

// The number behind a path step named layers, layer, blocks, block, h or resblocks:
// "/model/layers.12/mlp" gives 12; -1 when there is none.
std::int32_t layer_in_name(std::string_view name);

// By node: the layer in its own name, else in the name of a weight that only it reads, else in its
// outputs' names; a node without any, between nodes of layers a <= b, belongs to a. -1: none.
// Where no name tells anything, attention blocks are numbered: a layer runs from one softmax that
// feeds a product to the next.
std::vector<std::int32_t> find_layers(const Graph& graph, const Analysis& analysis);

}  // namespace tilewright
