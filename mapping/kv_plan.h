// Where the KV cache lies (Eq. 25-33): pages dealt to tiles by the room in their scratch memory.
#pragma once

#include "mapping/mapping.h"

namespace tilewright {

// Bits and window that give the compaction kappa (Eq. 32): 16 bits below 2, 8 below 8, else 4.
int kv_bits(double compaction);

// `kinds` and `kind_of` as in Mapping.
void plan_kv(const Workload& workload, const MapRequest& request,
             const std::vector<TileKind>& kinds, const std::vector<std::int32_t>& kind_of,
             KvPlan& out);

}  // namespace tilewright
