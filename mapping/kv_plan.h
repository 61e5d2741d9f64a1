// Where the KV cache lies (Eq. 25-33): pages dealt to tiles by the room in their scratch memory.
#pragma once

#include "mapping/mapping.h"

namespace tilewright {

// Bits and window that give the compaction kappa (Eq. 32): 16 bits below 2, 8 below 8, else 4.
int kv_bits(double compaction);

void plan_kv(const Workload& workload, const MapRequest& request,
             const std::vector<TileConfig>& tiles, KvPlan& out);

}  // namespace tilewright
