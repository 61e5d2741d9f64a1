// How one operator group spreads over the tiles of its run (Eq. 10-13): ceil effects, idle lanes,
// partial sums. Counted per distinct shape, so equal layers are counted once.
#pragma once

#include <array>

#include "mapping/prepared.h"

namespace tilewright {

struct SplitChoice {
  std::array<double, 3> tiles{};  // of a run, by PartitionClass
  double lanes = 0;               // mean lanes of a tile
  double sub_matmul = 0;          // 0: K is split no more than needed; 1: into the finest pieces
  double all_reduce = 0;          // share of partial sums that every tile of the run receives
};

struct SplitCost {
  std::array<double, 3> cycles{};  // per tile of the run and output unit, by class
  double k_groups = 1;
  double reduce_bytes = 0;  // partial sums moved one hop along the run, per output unit
  double reduce_steps = 0;  // serial hops of the reduction
  double reuse = 1;         // tiles that need the same input value
};

SplitCost split(const GroupCost& group, const SplitChoice& choice);

}  // namespace tilewright
