// Graph -> operators with their counts; shared by make_workload and inspect_operators.
#pragma once

#include <cstdint>
#include <vector>

#include "frontend/chosen_weights.h"
#include "frontend/kv_cache.h"
#include "frontend/ownership.h"
#include "frontend/workload.h"

namespace tilewright {

struct CountOptions {
  std::int64_t context = 0;
  bool allow_opaque = false;
  bool tolerant = false;  // what cannot be counted counts nothing instead of throwing
};

struct Counted {
  std::vector<WorkOp> ops;  // topological order; all but runs and layer set
  // Nodes that became two operators have the projection first.
  std::vector<std::int32_t> first_op, last_op;  // by node
  std::vector<OwnedWeight> weights;
  Analysis analysis;
  KvCache cache;
  ChosenWeights chosen;
};

// Throws Error TW-OP-001 (unknown operator), TW-OP-002 (refused by name), TW-SHAPE-002 (a shape
// that counting needs is not known).
Counted count_graph(const Graph& graph, const CountOptions& options);

}  // namespace tilewright
