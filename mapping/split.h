// How one operator group spreads over the tiles of its run (Eq. 10-13): idle lanes, rounds, partial
// sums. Counted per distinct shape, so equal layers are counted once.
//
// A matrix product is a line of tasks (one output row by one vector of columns), each a sum over K,
// cut into pieces of K rows. The run's tiles share the line evenly and without regard to where
// tasks begin (Stream-K, Osama et al. 2023), so that only the last round of pieces leaves tiles
// idle; a task that crosses from tile to tile costs a partial sum.
#pragma once

#include <array>

#include "mapping/prepared.h"

namespace tilewright {

struct SplitChoice {
  std::array<double, 3> tiles{};  // of a run, by PartitionClass
  double lanes = 0;               // mean lanes of a tile
  double unit_lanes = 0;  // lanes of the tiles with the fewest; the others have twice as many
  double sub_matmul = 0;  // 0: K is cut no more than needed; 1: into the finest pieces
  double all_reduce = 0;  // share of partial sums that every tile of the run receives
};

struct SplitCost {
  std::array<double, 3> cycles{};  // of a tile with mean lanes, per output unit, by class
  double k_groups = 1;             // tiles that add to one task, mean
  double reduce_bytes = 0;         // partial sums moved one hop along the run, per output unit
  double reduce_steps = 0;         // serial hops of the reduction
  double reuse = 1;                // tiles that need the same input value
};

SplitCost split(const GroupCost& group, const SplitChoice& choice);

}  // namespace tilewright
