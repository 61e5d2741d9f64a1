#include "mapping/derive.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "support/random.h"

namespace tilewright {
namespace {

ActionVector design(double vlen, double fetch) {
  ActionVector a{};
  a[kVlen] = vlen;
  a[kFetch] = fetch;
  a[kDmem] = 64;
  a[kImem] = 6;
  a[kWmem] = 1.05;
  return a;
}

std::vector<TileLoad> even_loads(std::size_t n) {
  std::vector<TileLoad> loads(n);
  for (auto& l : loads) l = {100, 1e6, 3, 0.4, 0};
  return loads;
}

TEST(Derive, EvenLoadKeepsTheMeansWithinAHundredth) {
  std::vector<TileConfig> tiles;
  for (const double vlen : {128.0, 300.0, 512.0, 1100.0, 1536.0, 2048.0}) {
    derive_tiles(design(vlen, 2.5), even_loads(1722), 0, tiles);
    double bits = 0, words = 0;
    for (const auto& t : tiles) {
      bits += t.vlen_bits;
      words += t.fetch;
    }
    EXPECT_NEAR(bits / 1722, vlen, 0.01 * vlen);
    EXPECT_NEAR(words / 1722, 2.5, 0.025);
  }
}

TEST(Derive, HeavierTilesGetMore) {
  auto loads = even_loads(16);
  loads[3].work = 800;
  std::vector<TileConfig> tiles;
  derive_tiles(design(512, 2), loads, 0, tiles);
  EXPECT_GT(tiles[3].vlen_bits, tiles[4].vlen_bits);
  EXPECT_GT(tiles[3].dmem_kib, tiles[4].dmem_kib);
  EXPECT_GE(tiles[3].fetch, tiles[4].fetch);
}

TEST(Derive, RomHoldsItsWeightsInStepsOf64Kib) {
  auto loads = even_loads(4);
  loads[0].weight_bytes = 0;
  loads[1].weight_bytes = 64 * 1024;
  std::vector<TileConfig> tiles;
  derive_tiles(design(512, 2), loads, 10, tiles);
  EXPECT_EQ(tiles[0].wmem_kib, 64);
  EXPECT_EQ(tiles[1].wmem_kib, 128);  // 5 % headroom no longer fits one step
}

TEST(Cluster, KeepsSixteenAndNeverChangesFewer) {
  std::vector<TileConfig> tiles;
  for (int i = 0; i < 400; ++i)
    tiles.push_back({2, 512 << (i % 2), 16 * (1 + i % 10), 1 + i % 7, 64});
  auto few = std::vector<TileConfig>(tiles.begin(), tiles.begin() + 10);
  const auto same = few;
  EXPECT_EQ(cluster_tiles(few).after, 10);
  EXPECT_EQ(few, same);

  const auto before = tiles;
  const auto count = cluster_tiles(tiles);
  EXPECT_EQ(count.after, kMaxLogicConfigs);
  EXPECT_GT(count.before, kMaxLogicConfigs);
  std::set<LogicConfig> configs;
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    configs.insert(logic_of(tiles[i]));
    EXPECT_EQ(tiles[i].vlen_bits, before[i].vlen_bits);  // rate first
    EXPECT_EQ(tiles[i].wmem_kib, before[i].wmem_kib);
  }
  EXPECT_EQ(configs.size(), static_cast<std::size_t>(kMaxLogicConfigs));
}

}  // namespace
}  // namespace tilewright
