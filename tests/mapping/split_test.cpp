#include "mapping/split.h"

#include <gtest/gtest.h>

#include <cmath>

#include "mapping/lane_pattern.h"
#include "support/random.h"

namespace tilewright {
namespace {

GroupCost gemv(double k, double columns) {
  GroupCost g;
  g.part = PartitionClass::kMatMul;
  g.shape = {1, columns, k};
  return g;
}

TEST(Split, CountsAGemvByHand) {
  // 4096 columns on tiles of 64 and 128 lanes, 96 in the mean: 64 tasks; 1034 tiles are 1551 of 64
  // lanes, so that a task is cut into 24 pieces of ceil(4096 / 24) rows: one round.
  const auto cost = split(gemv(4096, 4096), {{1034, 1034, 1034}, 96, 64, 0, 0});
  EXPECT_EQ(cost.k_groups, 24);
  EXPECT_EQ(cost.cycles[0], 171);
  EXPECT_EQ(cost.reduce_bytes, 23 * 4096 * 4.0);
  EXPECT_EQ(cost.reduce_steps, 23);
}

TEST(Split, SharesTheLineOfTasksWhereTheyDoNotDivide) {
  // 64 tasks on 100 tiles: one piece a task would leave 36 idle. 1024 pieces of 4 rows a task are
  // 656 rounds: 2624 cycles, a hair above 64 * 4096 / 100; a task crosses into a second tile.
  const auto cost = split(gemv(4096, 4096), {{100, 100, 100}, 64, 64, 1, 0});
  EXPECT_EQ(cost.cycles[0], 2624);
  EXPECT_EQ(cost.k_groups, 1023.0 / 656 + 1);
  const auto uncut = split(gemv(4096, 4096), {{100, 100, 100}, 64, 64, 0, 0});
  EXPECT_EQ(uncut.cycles[0], 4096);
  EXPECT_EQ(uncut.reduce_bytes, 0);
}

TEST(Split, DealsVectorWorkInVectors) {
  GroupCost g;
  g.vectors[2] = {{1000, 3}};  // 16 vectors of 64 lanes each, over 32 tiles of 64 lanes
  EXPECT_EQ(split(g, {{1, 1, 32}, 64, 64, 0, 0}).cycles[2], 1.5);
}

TEST(Split, NeverBeatsTheLanes) {
  RandomStream random(7, "tests/mapping/split");
  for (int i = 0; i < 20000; ++i) {
    GroupCost g;
    g.part = static_cast<PartitionClass>(random.below(3));
    const auto size = [&](double most) {
      return std::floor(1 + std::exp(random.uniform() * std::log(most)));
    };
    g.shape = {size(64), size(1e5), size(2e4)};
    const double tiles = size(2500), unit = 8 * size(16), lanes = unit * random.uniform(1, 2);
    const auto cost =
        split(g, {{tiles, tiles, tiles}, lanes, unit, random.uniform(), random.uniform()});
    const double work = g.shape.outer * g.shape.columns * g.shape.k;
    const auto part = static_cast<std::size_t>(g.part);
    // Idle lanes count, none works twice.
    ASSERT_GE(cost.cycles[part] * tiles * lanes, work * (1 - 1e-12));
    ASSERT_GE(cost.k_groups, 1);
    ASSERT_LE(cost.k_groups, std::max(1.0, g.shape.k));
    ASSERT_GE(cost.reduce_bytes, 0);
  }
}

TEST(Split, FinerSubMatmulTradesIdleRoundsForPartialSums) {
  const SplitChoice coarse{{1000, 1000, 1000}, 96, 64, 0, 0},
      fine{{1000, 1000, 1000}, 96, 64, 1, 0};
  double coarse_cycles = 0, fine_cycles = 0, coarse_bytes = 0, fine_bytes = 0;
  for (double columns = 512; columns < 40000; columns += 512) {
    const auto a = split(gemv(4096, columns), coarse), b = split(gemv(4096, columns), fine);
    coarse_cycles += a.cycles[0];
    fine_cycles += b.cycles[0];
    coarse_bytes += a.reduce_bytes;
    fine_bytes += b.reduce_bytes;
  }
  EXPECT_LT(fine_cycles, coarse_cycles);
  EXPECT_GT(fine_bytes, coarse_bytes);
}

TEST(LanePattern, MixesTwoPowersToTheMean) {
  for (const double mean : {128.0, 130.0, 469.33, 512.0, 1024.0, 1536.0, 2047.0, 2048.0}) {
    const LanePattern lanes(mean, 16);
    constexpr int kTiles = 1722;
    double sum = 0;
    for (int i = 0; i < kTiles; ++i) {
      const double bits = lanes.bits_at(i);
      EXPECT_EQ(std::exp2(std::round(std::log2(bits))), bits);
      EXPECT_LE(bits, 2048);
      sum += bits;
    }
    EXPECT_NEAR(sum / kTiles, mean, mean / kTiles + 1e-9);
    EXPECT_NEAR(sum / 16, lanes.lanes_before(kTiles), 1e-6);
    std::vector<std::int32_t> units;
    lanes.count_units(kTiles, units);
    ASSERT_EQ(units.size(), std::size_t{kTiles} + 1);
    for (std::size_t p = 0; p < units.size(); ++p) {
      ASSERT_NEAR(units[p] * lanes.unit_lanes(), lanes.lanes_before(static_cast<std::int64_t>(p)),
                  1e-6);
    }
  }
}

}  // namespace
}  // namespace tilewright
