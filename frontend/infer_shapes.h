// Types, shapes and small values of every tensor, node by node in topological order.
#pragma once

#include <map>
#include <string>

#include "frontend/graph_builder.h"

namespace tilewright {

// Nodes we have no rule for, or whose shapes depend on unknown data, take the shapes that the file
// declares (with `symbols` bound); with `allow_opaque`, failing that, the shape of their first
// input. What is still unknown stays unknown: make_workload refuses it where it matters. Throws
// Error TW-SHAPE-001 when shapes contradict each other.
void infer_shapes(BuiltGraph& built, const std::map<std::string, std::int64_t>& symbols,
                  bool allow_opaque);

}  // namespace tilewright
