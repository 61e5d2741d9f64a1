// A mesh in blocks: the tiles that follow, their judge, and the searches.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "experiments/blocks/block_search.h"
#include "experiments/blocks/large_mesh.h"
#include "inputs.h"
#include "support/json.h"

namespace tilewright {
namespace {

constexpr std::int32_t kSide = 20;  // of the mesh: 8 does not divide it

const Surrogate& small_mesh() {
  static const auto surrogate = square_mesh(paper_inputs(), kSide);
  return *surrogate;
}

ActionVector first_design() {
  return project(small_mesh().initial_design(), small_mesh().box());
}

std::vector<double> plain(const BlockDesign& blocks) {
  return std::vector<double>(blocks.grid().blocks() * kBlockVariables, 0.5);
}

TEST(Blocks, EveryTileIsInOneBlock) {
  const BlockGrid grid{20, 13, 8};
  ASSERT_EQ(grid.blocks(), 6U);
  std::vector<int> tiles(6);
  for (std::int32_t t = 0; t < 20 * 13; ++t) ++tiles.at(grid.block_of(t));
  EXPECT_EQ(tiles, (std::vector<int>{64, 64, 32, 40, 40, 20}));
}

// Which of two tiles of nearly equal load is rounded up may differ where blocks part them.
TEST(Blocks, WithoutFactorsTheyAreTheDesignItself) {
  for (const std::int32_t side : {kSide, 10, 4, 1}) {
    BlockDesign blocks(small_mesh(), side);
    const Evaluation whole = blocks.place(first_design());
    const Evaluation cut = blocks.evaluate(plain(blocks));
    for (double Evaluation::*figure :
         {&Evaluation::tok_s, &Evaluation::power_mw, &Evaluation::area_mm2, &Evaluation::score})
      EXPECT_NEAR(cut.*figure / (whole.*figure), 1, side == kSide ? 1e-12 : 1e-3) << side;
  }
}

// Every expert of a stack is cut over the tiles by itself.
TEST(Blocks, AMixtureOfExpertsInOneBlockIsTheDesignItself) {
  const Calibration& physical = *paper_inputs().physical;
  const Surrogate surrogate(physical, find_node(physical, "7nm"), Mode::kHighPerformance,
                            paper_inputs().load("mixtral-tiny", Mode::kHighPerformance));
  BlockDesign blocks(surrogate, 4096);
  const Evaluation whole = blocks.place(project(surrogate.initial_design(), surrogate.box()));
  ASSERT_EQ(blocks.grid().blocks(), 1U);
  const Evaluation cut = blocks.evaluate(plain(blocks));
  EXPECT_NEAR(cut.area_mm2 / whole.area_mm2, 1, 1e-12);
  EXPECT_NEAR(cut.score / whole.score, 1, 1e-12);
}

TEST(Blocks, AFactorMovesItsOwnBlock) {
  BlockDesign blocks(small_mesh(), 10);
  blocks.place(first_design());
  const std::vector<double> unit = plain(blocks);
  blocks.evaluate(unit);
  const std::vector<TileConfig> before = blocks.mapping().unclustered;
  constexpr std::size_t kBlock = 2;
  for (std::size_t i = 0; i < kBlockVariables; ++i) {
    std::vector<double> moved = unit;
    moved[kBlock * kBlockVariables + i] = 0.1;
    blocks.evaluate(moved);
    int inside = 0, outside = 0;
    for (std::int32_t t = 0; t < kSide * kSide; ++t) {
      const auto at = static_cast<std::size_t>(t);
      if (blocks.mapping().unclustered[at] == before[at]) continue;
      ++(blocks.grid().block_of(t) == kBlock ? inside : outside);
    }
    // WMEM can't go below what a tile's weights need. VLEN and FETCH are powers of two whose sum is
    // the chip's: a few tiles elsewhere make up for a remainder.
    const bool rounded = kBlockActions[i] == kVlen || kBlockActions[i] == kFetch;
    EXPECT_LE(outside, rounded ? kSide * kSide / 20 : 0) << i;
    if (kBlockActions[i] != kWmem) {
      EXPECT_GT(inside, 10) << i;
    }
  }
}

TEST(Blocks, MoreOfAMemoryCostsArea) {
  BlockDesign blocks(small_mesh(), 10);
  blocks.place(first_design());
  for (const std::size_t i : {std::size_t{2}, std::size_t{3}}) {
    std::vector<double> unit = plain(blocks);
    const double area = blocks.evaluate(unit).area_mm2;
    unit[i] = 1;
    EXPECT_GT(blocks.evaluate(unit).area_mm2, area);
  }
}

// What is judged is a legal design, and a whole evaluation of it on the same tiles agrees.
TEST(Blocks, ADesignInBlocksCanBeEmittedAndJudgedAgain) {
  BlockDesign blocks(small_mesh(), 5);
  blocks.place(first_design());
  std::vector<double> unit = plain(blocks);
  for (std::size_t i = 2; i < unit.size(); i += kBlockVariables)
    unit[i] = 0.3 + 0.4 * static_cast<double>(i) / static_cast<double>(unit.size());
  const Evaluation judged = blocks.evaluate(unit);
  EXPECT_LE(blocks.mapping().logic_configs, kMaxLogicConfigs);
  const Design design = small_mesh().make_design(judged.design, blocks.mapping(), "blocks");
  const Design read = design_from_json(to_json(design), "test");
  EXPECT_EQ(read, design);

  // The laws that know a mean see that of the tiles.
  BlockDesign whole(small_mesh(), 5);
  whole.place(first_design());
  const auto moved = [&](std::int32_t TileConfig::*parameter) {
    double now = 0, before = 0;
    for (const TileConfig& t : blocks.mapping().tiles) now += t.*parameter;
    for (const TileConfig& t : whole.mapping().tiles) before += t.*parameter;
    return now / before;
  };
  ActionVector means = judged.design;
  means[kDmem] *= moved(&TileConfig::dmem_kib);
  MapRequest request = small_mesh().map_request(means);
  request.fixed_tiles = &design.tiles;
  const Ppa again = small_mesh().evaluate_l1(request, nullptr);
  // Rounding block by block and clustering move two other means a little, of which the placement
  // must know nothing here.
  const double shift =
      std::fabs(moved(&TileConfig::vlen_bits) - 1) + std::fabs(moved(&TileConfig::fetch) - 1);
  EXPECT_LT(shift, 0.05);
  EXPECT_NEAR(again.tok_s / judged.tok_s, 1, 1e-9 + shift);
  EXPECT_NEAR(again.power_mw / judged.power_mw, 1, 1e-9 + 2 * shift);
  EXPECT_NEAR(again.area_mm2 / judged.area_mm2, 1, 1e-9);
}

class BlockSearches : public testing::TestWithParam<BlockStrategy> {};

TEST_P(BlockSearches, SpendTheBudgetAndNeverEndWorseThanTheyStart) {
  const BlockSearchOptions options{GetParam(), 10, 90, 5};
  const BlockSearchResult result = block_search(small_mesh(), options);
  EXPECT_EQ(std::ssize(result.curve), 90);
  EXPECT_FALSE(better(result.start, result.best));
  EXPECT_TRUE(std::is_sorted(result.curve.rbegin(), result.curve.rend()));
  EXPECT_EQ(result.curve.back(), fitness(result.best));
  EXPECT_LT(result.curve.back(), result.curve.front());
  const bool in_turn = options.strategy == BlockStrategy::kBlocks;
  EXPECT_EQ(result.visits > 0, in_turn);
  EXPECT_EQ(result.most_at_once,
            options.strategy == BlockStrategy::kJoint ? 28 + 16 : 28);  // W and H are fixed
  EXPECT_EQ(result.variables, options.strategy == BlockStrategy::kFlat ? 28 : 28 + 16);
  if (!result.factors.empty()) {
    EXPECT_EQ(result.factors.size(), 4 * kBlockVariables);
  }
}

TEST_P(BlockSearches, RepeatThemselves) {
  const BlockSearchOptions options{GetParam(), 10, 60, 5};
  const BlockSearchResult a = block_search(small_mesh(), options),
                          b = block_search(small_mesh(), options);
  EXPECT_EQ(a.curve, b.curve);
  EXPECT_EQ(a.best.design, b.best.design);
  EXPECT_EQ(a.factors, b.factors);
  BlockSearchOptions other = options;
  other.seed = 6;
  EXPECT_NE(block_search(small_mesh(), other).curve, a.curve);
}

// What was found is what its factors give.
TEST_P(BlockSearches, TheBestIsJudgedAgain) {
  const BlockSearchResult result = block_search(small_mesh(), {GetParam(), 10, 80, 7});
  BlockDesign blocks(small_mesh(), 10);
  Evaluation again = blocks.place(result.best.design);
  if (!result.factors.empty()) again = blocks.evaluate(result.factors);
  EXPECT_EQ(again.score, result.best.score);
  EXPECT_EQ(again.feasible, result.best.feasible);
}

INSTANTIATE_TEST_SUITE_P(All, BlockSearches,
                         testing::Values(BlockStrategy::kFlat, BlockStrategy::kJoint,
                                         BlockStrategy::kRefine, BlockStrategy::kBlocks));

TEST(Blocks, TheExperimentHoldsEverySearchToOneBudget) {
  ExperimentInputs inputs = paper_inputs();
  inputs.episodes = 12;
  const auto tables = find_experiment("blocks").run(inputs);
  ASSERT_EQ(tables.size(), 4U);
  const Table& table = tables[0].table;
  ASSERT_EQ(table.rows.size(), 11U);
  for (const auto& row : table.rows) EXPECT_EQ(std::get<Number>(row[5]).value, 120);
  EXPECT_TRUE(tables[1].picture.starts_with("<svg "));
  for (const auto& row : tables[3].table.rows) EXPECT_GT(std::get<Number>(row[2]).value, 0);
}

}  // namespace
}  // namespace tilewright
