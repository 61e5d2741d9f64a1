// Three ways to search a mesh in blocks, beside the search that knows no blocks, at one budget.
#pragma once

#include <cstdint>
#include <vector>

#include "experiments/blocks/block_design.h"

namespace tilewright {

// All by CMA-ES (agents/minimise.h), all from the same first design.
enum class BlockStrategy {
  kFlat,    // the design's own variables alone
  kJoint,   // these and all factors of all blocks at once
  kRefine,  // half the budget flat, then all factors at once on the design found
  kBlocks,  // half the budget flat, then a block's four factors at a time, block after block
};
const char* strategy_name(BlockStrategy strategy);

struct BlockSearchOptions {
  BlockStrategy strategy = BlockStrategy::kFlat;
  std::int32_t side = 16;        // of a block, tiles
  std::int64_t evaluations = 0;  // designs judged, at most; at least two
  std::uint64_t seed = 0;
};

struct BlockSearchResult {
  Evaluation start, best;             // by better(); the start is the first design, without blocks
  std::vector<double> factors;        // unit coordinates of the best; empty: without blocks
  std::vector<double> curve;          // fitness of the best after each evaluation
  std::int64_t variables = 0;         // searched, over all phases, each counted once
  std::int64_t most_at_once = 0;      // the largest number searched together
  std::int64_t placed = 0;            // times that the operators were placed
  std::int64_t cut = 0;               // times that tiles were derived block by block
  std::int64_t visits = 0;            // blocks searched, repeats included
  double seconds = 0, judging_s = 0;  // of processor time; all, and in evaluations
};

BlockSearchResult block_search(const Surrogate& surrogate, const BlockSearchOptions& options);

}  // namespace tilewright
