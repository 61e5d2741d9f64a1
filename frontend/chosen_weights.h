// Finds weights that a product reads by choice, as a sparse mixture of experts does.
#pragma once

#include <cstdint>
#include <vector>

#include "frontend/analysis.h"

namespace tilewright {

struct ChosenWeights {
  // What a Gather picked, as it is or rearranged. `experts` matrices are stored and lie where they
  // are read; an execution reads `chosen` of them, and the choice itself takes `choice_bytes`.
  struct Pick {
    std::int64_t experts = 0, chosen = 0, choice_bytes = 0;
  };
  std::vector<char> in_place;      // node -> 1: picks or rearranges them, no work
  std::vector<std::int32_t> pick;  // tensor -> index in picks; -1: none
  std::vector<Pick> picks;
};

// The rule: a Gather along axis 0 takes from a tensor of rank 3 or more that is fixed (stacked
// matrices, at most kMostExperts; a table of rows is a lookup, not a choice of weights) by indices
// that are computed, and what it gives ends, behind nothing but rearrangements, in products whose
// other operand is computed. Otherwise a copy of the weights is what the graph asks for.
ChosenWeights find_chosen_weights(const Graph& graph, const Analysis& analysis);

}  // namespace tilewright
