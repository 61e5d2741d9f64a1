// Per-tile configuration from each tile's own load, hazards and weights (surrogate.md section 7),
// and its clustering to a few distinct logic configurations.
#pragma once

#include <vector>

#include "arch/actions.h"
#include "arch/design.h"
#include "mapping/mapping.h"

namespace tilewright {

// FETCH, VLEN, DMEM, IMEM, WMEM of every tile from the design's means. Sums of VLEN and FETCH stay
// within one part in a hundred of the wanted sums where the bounds allow. `out[t]` for loads[t].
void derive_tiles(const ActionVector& design, const std::vector<TileLoad>& loads,
                  double weight_tensors, std::vector<TileConfig>& out);

// Keeps the most frequent logic configuration of every VLEN in use and the most frequent others, up
// to kMaxLogicConfigs (ties: the smaller one), and moves every other tile to the nearest kept one:
// same VLEN first, then memories no smaller, then FETCH. Returns the number of distinct
// configurations before and after.
struct ClusterCount {
  std::int32_t before = 0, after = 0;
};
ClusterCount cluster_tiles(std::vector<TileConfig>& tiles);

// Distinct logic configurations.
std::int32_t count_configs(const std::vector<TileConfig>& tiles);

}  // namespace tilewright
