// One node on values, outside of a graph that is run.
#pragma once

#include <vector>

#include "frontend/interpret/allowance.h"
#include "frontend/interpret/value.h"

namespace tilewright {

// Values of the node's outputs from values of its inputs (an absent input's is not looked at).
// What it takes is taken off the allowance. Throws as Interpreter does.
std::vector<Value> evaluate_node(const Graph& graph, const Node& node,
                                 const std::vector<Value>& inputs, Precision precision,
                                 Allowance& allowance);

}  // namespace tilewright
