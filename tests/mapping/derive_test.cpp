#include "mapping/derive.h"

#include <gtest/gtest.h>

#include <cmath>

#include "mapping/cluster.h"
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

TileKind kind_of(const TileLoad& load, std::int32_t count) {
  TileKind kind;
  kind.load = load;
  kind.count = count;
  return kind;
}

const TileLoad kEven{100, 1e6, 3, 0.4, 0};

struct Derived {
  std::vector<TileKind> kinds;
  std::vector<KindParts> parts;
};

Derived derive(const ActionVector& design, const std::vector<TileKind>& laden, double tensors) {
  Derived d;
  DeriveScratch scratch;
  derive_tiles(design, laden, tensors, scratch, d.kinds, d.parts);
  return d;
}

TEST(Derive, EvenLoadKeepsTheMeansWithinAHundredth) {
  for (const double vlen : {128.0, 300.0, 512.0, 1100.0, 1536.0, 2048.0}) {
    const auto d = derive(design(vlen, 2.5), {kind_of(kEven, 1722)}, 0);
    double bits = 0, words = 0, tiles = 0;
    for (const auto& k : d.kinds) {
      bits += k.count * k.unclustered.vlen_bits;
      words += k.count * k.unclustered.fetch;
      tiles += k.count;
    }
    EXPECT_EQ(tiles, 1722);
    EXPECT_NEAR(bits / 1722, vlen, 0.01 * vlen);
    EXPECT_NEAR(words / 1722, 2.5, 0.025);
  }
}

TEST(Derive, HeavierTilesGetMore) {
  TileLoad heavy = kEven;
  heavy.work = 800;
  const auto d = derive(design(512, 2), {kind_of(kEven, 15), kind_of(heavy, 1)}, 0);
  const auto& even = d.kinds[static_cast<std::size_t>(d.parts[0].first)].tile;
  const auto& more = d.kinds[static_cast<std::size_t>(d.parts[1].first)].tile;
  EXPECT_GT(more.vlen_bits, even.vlen_bits);
  EXPECT_GT(more.dmem_kib, even.dmem_kib);
  EXPECT_GE(more.fetch, even.fetch);
}

TEST(Derive, CutsAKindWhereTheSumRunsOut) {
  // Mean 1100 from 1024 and 2048: 7 of 100 tiles move up; mean 2.5 words: 25 of 100.
  const auto d = derive(design(1100, 2.5), {kind_of(kEven, 100)}, 0);
  ASSERT_EQ(d.parts.size(), 1u);
  ASSERT_EQ(d.parts[0].count, 3);
  const auto expect = [&](std::size_t i, std::int32_t count, std::int32_t vlen,
                          std::int32_t fetch) {
    EXPECT_EQ(d.kinds[i].count, count);
    EXPECT_EQ(d.kinds[i].tile.vlen_bits, vlen);
    EXPECT_EQ(d.kinds[i].tile.fetch, fetch);
  };
  expect(0, 7, 2048, 4);
  expect(1, 18, 1024, 4);
  expect(2, 75, 1024, 2);
}

TEST(Derive, RomHoldsItsWeightsInStepsOf64Kib) {
  TileLoad none = kEven, one_step = kEven;
  none.weight_bytes = 0;
  one_step.weight_bytes = 64 * 1024;
  const auto d = derive(design(512, 2), {kind_of(none, 1), kind_of(one_step, 1)}, 10);
  EXPECT_EQ(d.kinds[0].tile.wmem_kib, 64);
  EXPECT_EQ(d.kinds[1].tile.wmem_kib, 128);  // 5 % headroom no longer fits one step
}

TEST(Kinds, FromTilesAndBack) {
  RandomStream random(13, "tests/mapping/kinds");
  std::vector<TileLoad> loads(200);
  std::vector<TileConfig> tiles(200);
  for (std::size_t t = 0; t < tiles.size(); ++t) {
    loads[t].work = static_cast<double>(random.below(5));
    tiles[t].dmem_kib = 16 * (1 + static_cast<std::int32_t>(random.below(3)));
  }
  std::vector<TileKind> kinds;
  std::vector<std::int32_t> kind;
  kinds_of_tiles(loads, tiles, kinds, kind);
  EXPECT_EQ(kinds.size(), 15u);
  std::int32_t all = 0;
  for (const auto& k : kinds) all += k.count;
  EXPECT_EQ(all, 200);
  for (std::size_t t = 0; t < tiles.size(); ++t) {
    const auto& k = kinds[static_cast<std::size_t>(kind[t])];
    EXPECT_EQ(k.load.work, loads[t].work);
    EXPECT_EQ(k.tile, tiles[t]);
  }
}

TEST(Cluster, KeepsSixteenAndNeverChangesFewer) {
  std::vector<TileKind> kinds;
  for (int i = 0; i < 400; ++i) {
    kinds.push_back(kind_of(kEven, 1 + i % 3));
    kinds.back().unclustered = {2, 512 << (i % 2), 16 * (1 + i % 10), 1 + i % 7, 64};
  }
  auto few = std::vector<TileKind>(kinds.begin(), kinds.begin() + 10);
  EXPECT_EQ(cluster_tiles(few).after, 10);
  for (const auto& kind : few) EXPECT_EQ(kind.tile, kind.unclustered);

  const auto count = cluster_tiles(kinds);
  EXPECT_EQ(count.after, kMaxLogicConfigs);
  EXPECT_EQ(count.before, 70);  // VLEN goes with DMEM's parity: 10 pairs by 7
  EXPECT_EQ(count_configs(kinds), kMaxLogicConfigs);
  for (const auto& kind : kinds) {
    EXPECT_EQ(kind.tile.vlen_bits, kind.unclustered.vlen_bits);  // rate first
    EXPECT_EQ(kind.tile.wmem_kib, kind.unclustered.wmem_kib);
  }
}

}  // namespace
}  // namespace tilewright
