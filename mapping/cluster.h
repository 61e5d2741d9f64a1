// Tiles to a few distinct logic configurations: each is a module of its own in the RTL.
#pragma once

#include <vector>

#include "mapping/mapping.h"

namespace tilewright {

struct ClusterCount {
  std::int32_t before = 0, after = 0;  // distinct logic configurations
};

// Sets `tile` from `unclustered`. Keeps the most frequent logic configuration of every VLEN in use
// and the most frequent others, up to kMaxLogicConfigs (ties: the smaller one), and moves every
// other tile to the nearest kept one: same VLEN first, then memories no smaller, then FETCH.
ClusterCount cluster_tiles(std::vector<TileKind>& kinds);

// Distinct logic configurations as built.
std::int32_t count_configs(const std::vector<TileKind>& kinds);

}  // namespace tilewright
