// The tables of the experiment `blocks`.
#pragma once

#include <string>
#include <vector>

#include "experiments/blocks/block_search.h"
#include "experiments/experiment.h"

namespace tilewright {

// One way to search, over its seeds.
struct BlockEntry {
  std::string name;       // as in the tables
  bool in_blocks = true;  // else the side means nothing
  std::int32_t side = 0;
  std::size_t blocks = 1;
  std::vector<BlockSearchResult> runs;  // by seed
};

// What it finds; `flat` is the entry to compare with, seed by seed.
ExperimentTable blocks_table(const std::vector<BlockEntry>& entries, const BlockEntry& flat,
                             std::int64_t evaluations);
// Best score against evaluations, with a picture.
ExperimentTable blocks_curve(const std::vector<BlockEntry>& entries, std::int64_t evaluations);

// Seconds of one evaluation, measured: of a whole one, and of one that keeps the placement.
struct EvaluationCost {
  std::int32_t mesh_side = 0;
  double whole_s = 0, blocks_s = 0;
};
// Seconds measured beside what Eq. 49 and 50 predict.
ExperimentTable blocks_cost(const std::vector<BlockEntry>& entries, const EvaluationCost& cost);
ExperimentTable blocks_cost_by_mesh(const std::vector<EvaluationCost>& costs);

}  // namespace tilewright
