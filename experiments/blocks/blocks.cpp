// A 64 x 64 mesh searched in blocks, and what that costs.
#include "experiments/blocks/large_mesh.h"
#include "experiments/blocks/tables.h"
#include "experiments/processor_time.h"
#include "experiments/tables.h"
#include "support/random.h"

namespace tilewright {
namespace {

constexpr std::int32_t kMesh = 64;
constexpr std::int32_t kBlockSides[] = {32, 16, 8};
constexpr std::int32_t kMeshSides[] = {16, 24, 32, 48, 64};
// A design is judged in a few tenths of a millisecond, and hundreds of variables take thousands.
constexpr std::int64_t kEvaluationsPerEpisode = 10;
constexpr std::int32_t kTimedSide = 16;  // of the blocks of a timed evaluation

BlockEntry searched(const std::string& name, const Surrogate& surrogate, BlockSearchOptions options,
                    const ExperimentInputs& inputs) {
  BlockEntry entry;
  entry.name = name;
  entry.in_blocks = options.strategy != BlockStrategy::kFlat;
  entry.side = options.side;
  entry.blocks = BlockGrid{kMesh, kMesh, options.side}.blocks();
  options.evaluations = kEvaluationsPerEpisode * inputs.episodes;
  for (std::int64_t s = 0; s < inputs.seeds; ++s) {
    options.seed = inputs.seed + static_cast<std::uint64_t>(s);
    entry.runs.push_back(block_search(surrogate, options));
  }
  return entry;
}

// Means over designs drawn from the box, as a search meets them.
EvaluationCost cost_of(const ExperimentInputs& inputs, std::int32_t side) {
  constexpr int kDesigns = 100;
  const auto surrogate = square_mesh(inputs, side);
  const DesignBox& box = surrogate->box();
  RandomStream random(inputs.seed, "blocks.cost");
  BlockDesign blocks(*surrogate, kTimedSide);
  std::vector<double> factors;
  EvaluationCost cost{side, 0, 0};
  for (int i = 0; i < kDesigns; ++i) {
    ActionVector unit{};
    for (double& u : unit) u = random.uniform();
    const ActionVector design = project(from_unit(unit, box), box);
    const double begin = thread_seconds();
    blocks.place(design);
    const double placed = thread_seconds();
    factors.resize(blocks.grid().blocks() * kBlockVariables);
    for (double& f : factors) f = random.uniform();
    blocks.evaluate(factors);  // cuts the mesh into its blocks, once a placement
    const double cut = thread_seconds();
    blocks.evaluate(factors);
    cost.whole_s += (placed - begin) / kDesigns;
    cost.blocks_s += (thread_seconds() - cut) / kDesigns;
  }
  return cost;
}

}  // namespace

std::vector<ExperimentTable> block_search_tables(const ExperimentInputs& inputs) {
  const auto surrogate = square_mesh(inputs, kMesh);
  std::vector<BlockEntry> entries;
  entries.push_back(
      searched("flat, mesh free", *inputs.llama.points.front().surrogate, {}, inputs));
  entries.push_back(searched(strategy_name(BlockStrategy::kFlat), *surrogate, {}, inputs));
  for (const std::int32_t side : kBlockSides) {
    for (const BlockStrategy strategy :
         {BlockStrategy::kJoint, BlockStrategy::kRefine, BlockStrategy::kBlocks})
      entries.push_back(searched(strategy_name(strategy), *surrogate, {strategy, side}, inputs));
  }
  std::vector<EvaluationCost> costs;
  for (const std::int32_t side : kMeshSides) costs.push_back(cost_of(inputs, side));
  const std::int64_t evaluations = kEvaluationsPerEpisode * inputs.episodes;
  return {blocks_table(entries, entries[1], evaluations), blocks_curve(entries, evaluations),
          blocks_cost(entries, costs.back()), blocks_cost_by_mesh(costs)};
}

}  // namespace tilewright
