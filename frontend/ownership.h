// Which operator keeps which weight.
#pragma once

#include <cstdint>
#include <vector>

#include "frontend/analysis.h"

namespace tilewright {

// What a node offers as an owner: FLOPs of one execution, and whether it does work at all.
struct OwnerRank {
  double flops = 0;
  bool works = false;
};

struct OwnedWeight {
  std::int32_t tensor = -1;
  std::int32_t node = -1;
};

// Every initialiser once, in tensor order, with the node that owns it: of the nodes that read it,
// directly or through nodes that hand it on (`hands_on`, by node: fixed ones, and those that pick
// from it), the one with the most FLOPs; then one that works before one that
// does not; then the first. An initialiser nobody reads goes to the first node that works, so that
// all bytes of the file have a place. Two more kinds of tensor are weights: the result of
// ConstantOfShape or Constant in a parameter slot (the second operand or later of a convolution,
// product or batch normalisation), as in models whose weights were replaced by a generator.
std::vector<OwnedWeight> own_weights(const Graph& graph, const Analysis& analysis,
                                     const std::vector<char>& hands_on,
                                     const std::vector<OwnerRank>& ranks);

}  // namespace tilewright
