// Invariants of the mapping on random designs and several workloads.
#include "mapping/mapping.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "mapping/kv_plan.h"
#include "synthetic_workload.h"

namespace tilewright {
namespace {

DesignBox box() {
  DesignBox b;
  b.lo = {1,    1,  1, 1, 1,    1,    128, 16, 0.95, 1,    64,   1, 1, 1, 1,
          0.25, 12, 1, 0, 0.05, 0.05, 0,   0,  0.05, 0.05, 0.05, 0, 0, 0, 0};
  b.hi = {50, 50, 8,  8, 16,  32,  2048, 512, 1.5, 128, 8192, 16, 16, 16, 16,
          1,  24, 32, 8, 0.6, 0.6, 1,    1,   1,   1,   1,    1,  1,  1,  1};
  return b;
}

MapRequest random_request(RandomStream& random) {
  ActionVector unit{};
  for (auto& u : unit) u = random.uniform();
  MapRequest request;
  request.actions = project(from_unit(unit, box()), box());
  request.batch = 1 + static_cast<double>(random.below(4));
  request.context = 64 + static_cast<double>(random.below(2000));
  request.express_hop = 0.8;
  request.fixed_scratch_kib = 4;
  return request;
}

// Every product chooses one of eight experts.
Workload experts_workload() {
  Workload w = decoder_workload({}, "experts");
  for (WeightTensor& weight : w.weights) {
    WorkOp& op = w.ops[static_cast<std::size_t>(weight.owner)];
    if (op.groups <= 0) continue;
    op.experts = 8;
    op.chosen = 1;
    w.totals.weight_bytes += 7 * weight.bytes;
    for (auto* value : {&weight.bytes, &weight.count}) *value *= 8;
    op.weight_bytes = weight.bytes;
    op.weight_count = weight.count;
  }
  return w;
}

std::vector<Workload> workloads() {
  std::vector<Workload> all = {decoder_workload({}),
                               decoder_workload({6, 576, 9, 3, 1536, 4096, 256}, "smol"),
                               experts_workload()};
  for (std::uint64_t seed = 0; seed < 10; ++seed) all.push_back(random_workload(seed));
  return all;
}

void expect_legal_tiles(const Mapping& m) {
  std::set<LogicConfig> configs;
  for (const auto& t : m.tiles) {
    EXPECT_TRUE(t.fetch == 1 || t.fetch == 2 || t.fetch == 4 || t.fetch == 8 || t.fetch == 16)
        << t.fetch;
    EXPECT_TRUE(t.vlen_bits >= 128 && t.vlen_bits <= 2048 && (t.vlen_bits & (t.vlen_bits - 1)) == 0)
        << t.vlen_bits;
    EXPECT_TRUE(t.dmem_kib >= 16 && t.dmem_kib <= 512 && t.dmem_kib % 16 == 0) << t.dmem_kib;
    EXPECT_TRUE(t.imem_kib >= 1 && t.imem_kib <= 128) << t.imem_kib;
    EXPECT_TRUE(t.wmem_kib >= 64 && t.wmem_kib % 64 == 0) << t.wmem_kib;
    configs.insert(logic_of(t));
  }
  EXPECT_LE(configs.size(), static_cast<std::size_t>(kMaxLogicConfigs));
  EXPECT_EQ(static_cast<std::int32_t>(configs.size()), m.logic_configs);
}

// Every tile is of the kind that it says, and the kinds' counts are the tiles'.
void expect_kinds(const Mapping& m) {
  std::vector<std::int32_t> seen(m.kinds.size(), 0);
  for (std::size_t t = 0; t < m.tiles.size(); ++t) {
    const auto k = static_cast<std::size_t>(m.kind_of[t]);
    ++seen[k];
    ASSERT_EQ(m.kinds[k].tile, m.tiles[t]);
    ASSERT_EQ(m.kinds[k].unclustered, m.unclustered[t]);
    ASSERT_EQ(m.kinds[k].load.work, m.loads[t].work);
    ASSERT_EQ(m.kinds[k].load.weight_bytes, m.loads[t].weight_bytes);
  }
  for (std::size_t k = 0; k < seen.size(); ++k) ASSERT_EQ(seen[k], m.kinds[k].count);
}

void expect_weights_conserved(const Mapper& mapper, const Mapping& m) {
  const auto& w = mapper.workload();
  double held = 0;
  for (const auto& load : m.loads) held += load.weight_bytes;
  EXPECT_NEAR(held, static_cast<double>(w.totals.weight_bytes), 1e-6 * held + 1e-6);

  std::vector<std::int64_t> next(w.weights.size(), 0);
  std::map<std::int32_t, std::vector<std::pair<std::int64_t, std::int64_t>>> pieces;
  std::vector<double> on_tile(m.tiles.size(), 0);
  for (const auto& s : mapper.weight_plan(m)) {
    ASSERT_LT(s.begin, s.end);
    pieces[s.weight].emplace_back(s.begin, s.end);
    const auto& weight = w.weights[static_cast<std::size_t>(s.weight)];
    on_tile[static_cast<std::size_t>(s.tile)] += static_cast<double>(s.end - s.begin) *
                                                 static_cast<double>(weight.bytes) /
                                                 static_cast<double>(weight.count);
  }
  for (std::size_t i = 0; i < w.weights.size(); ++i) {
    auto& list = pieces[static_cast<std::int32_t>(i)];
    std::sort(list.begin(), list.end());
    std::int64_t at = 0;
    for (const auto& [begin, end] : list) {  // every element exactly once
      ASSERT_EQ(begin, at);
      at = end;
    }
    ASSERT_EQ(at, w.weights[i].count);
  }
  for (std::size_t t = 0; t < on_tile.size(); ++t) {
    EXPECT_LE(on_tile[t], static_cast<double>(m.tiles[t].wmem_kib) * 1024) << "tile " << t;
  }
}

void expect_kv_plan(const MapRequest& r, const Workload& w, const Mapping& m) {
  const auto& kv = m.kv;
  if (!w.has_kv_cache) {
    EXPECT_EQ(kv.pages, 0);
    return;
  }
  // Eq. 28-32, up to the last page of each head: bytes for batch sequences of the window.
  const double heads = w.totals.layers * w.totals.kv_heads;
  const double exact = r.batch * r.context * w.totals.kv_bytes_per_token / r.actions[kKvCompaction];
  EXPECT_NEAR(kv.bytes, exact, r.batch * heads * kv.page_bytes + 0.02 * exact);
  EXPECT_EQ(kv.first_page.front(), 0);
  EXPECT_EQ(kv.first_page.back() + kv.shortage_pages, kv.pages);
  const double a_scratch = 1 - r.actions[kAIn] - r.actions[kAOut];
  for (std::size_t t = 0; t < m.tiles.size(); ++t) {
    const auto held = kv.first_page[t + 1] - kv.first_page[t];
    ASSERT_GE(held, 0);
    const double room =
        std::max(0.0, (a_scratch * m.tiles[t].dmem_kib - r.fixed_scratch_kib) * 1024);
    ASSERT_LE(static_cast<double>(held) * kv.page_bytes, room + 1e-6) << "tile " << t;
  }
  EXPECT_EQ(kv.shortage_pages > 0, kv.capacity < kv.pages);
}

// Section 7: the sum of clip(V l_t) is kept within one part in a hundred, or one step of one tile;
// and what is wanted up to a quarter above the largest vector may go to other tiles.
void expect_vlen_kept(const MapRequest& request, const Mapping& m) {
  double work = 0, wanted = 0, with_overflow = 0, got = 0;
  for (const auto& load : m.loads) work += load.work;
  for (std::size_t t = 0; t < m.loads.size(); ++t) {
    const double l = m.loads[t].work * static_cast<double>(m.loads.size()) / work;
    wanted += std::clamp(request.actions[kVlen] * l, 128.0, 2048.0);
    with_overflow += std::clamp(request.actions[kVlen] * l, 128.0, 1.25 * 2048.0);
    got += m.unclustered[t].vlen_bits;
  }
  EXPECT_GE(got, wanted - 0.01 * wanted - 1024);
  EXPECT_LE(got, with_overflow + 0.01 * wanted + 1024);
}

// Sharing a run's work by room moves work between tiles, and makes none.
TEST(Mapping, EvensOutTheWorkWithoutChangingIt) {
  RandomStream random(5, "tests/mapping/level");
  double even = 0, dealt = 0;
  int designs = 0;
  for (const auto& w : workloads()) {
    const Mapper mapper(w);
    for (int i = 0; i < 10; ++i) {
      auto request = random_request(random);
      request.actions[kVlen] = 512;  // equal lanes, which round-robin supposes
      Mapping levelled, equal;
      mapper.map(request, levelled);
      request.policy = PlacementPolicy::kRoundRobin;
      mapper.map(request, equal);
      double work = 0, same = 0;
      for (const auto& load : levelled.loads) work += load.work;
      for (const auto& load : equal.loads) same += load.work;
      ASSERT_GT(work, 0);
      ASSERT_NEAR(work, same, 1e-9 * work) << w.name << " design " << i;
      even += levelled.compute_balance;
      dealt += equal.compute_balance;
      ++designs;
    }
  }
  EXPECT_GT(even / designs, dealt / designs + 0.04);
}

TEST(Mapping, InvariantsOnRandomDesigns) {
  RandomStream random(3, "tests/mapping/designs");
  for (const auto& w : workloads()) {
    const Mapper mapper(w);
    Mapping m;
    for (int i = 0; i < 25; ++i) {
      SCOPED_TRACE(w.name + " design " + std::to_string(i));
      const auto request = random_request(random);
      mapper.map(request, m);
      ASSERT_EQ(m.tiles.size(), static_cast<std::size_t>(m.mesh_w * m.mesh_h));
      expect_legal_tiles(m);
      expect_kinds(m);
      expect_weights_conserved(mapper, m);
      expect_kv_plan(request, w, m);
      EXPECT_GT(m.compute_balance, 0);
      EXPECT_LE(m.compute_balance, 1 + 1e-12);
      EXPECT_GT(m.split_efficiency, 0);
      EXPECT_LE(m.split_efficiency, 1 + 1e-9);
      EXPECT_GE(m.traffic.bytes, m.traffic.reduce_bytes);
      expect_vlen_kept(request, m);
    }
  }
}

// Whichever expert is chosen, every tile of the run holds its share of it.
TEST(Mapping, ExpertsAreSpreadOverTheWholeRun) {
  const Mapper mapper(experts_workload());
  RandomStream random(9, "tests/mapping/experts");
  Mapping m;
  mapper.map(random_request(random), m);
  const auto& w = mapper.workload();
  std::map<std::pair<std::int32_t, std::int32_t>, std::vector<std::int64_t>> held;
  for (const auto& s : mapper.weight_plan(m)) {
    const auto& weight = w.weights[static_cast<std::size_t>(s.weight)];
    const std::int64_t experts = w.ops[static_cast<std::size_t>(weight.owner)].experts;
    if (experts == 0) continue;
    const std::int64_t length = weight.count / experts;
    auto& shares = held[{s.weight, s.tile}];
    shares.resize(static_cast<std::size_t>(experts), 0);
    EXPECT_EQ(s.begin / length, (s.end - 1) / length);  // of one expert
    shares[static_cast<std::size_t>(s.begin / length)] += s.end - s.begin;
  }
  EXPECT_GT(held.size(), 10U);
  for (const auto& [where, shares] : held) {
    for (const std::int64_t share : shares) EXPECT_EQ(share, shares[0]);
  }
}

TEST(Mapping, SameInputSameMapping) {
  const Mapper mapper(decoder_workload({}));
  RandomStream random(5, "tests/mapping/repeat");
  const auto request = random_request(random);
  Mapping a, b;
  mapper.map(request, a);
  mapper.map(random_request(random), b);  // other content in the reused storage
  mapper.map(request, b);
  EXPECT_EQ(a.tiles, b.tiles);
  EXPECT_EQ(a.group_first, b.group_first);
  EXPECT_EQ(a.traffic.byte_hops, b.traffic.byte_hops);
}

// Links at the mesh's rim lead nowhere.
void expect_links_end_at_the_rim(const Mapping& m, const std::vector<TileLinks>& links) {
  const auto at = [&](std::int32_t x, std::int32_t y) {
    return links[static_cast<std::size_t>(y * m.mesh_w + x)];
  };
  for (std::int32_t y = 0; y < m.mesh_h; ++y) {
    EXPECT_EQ(at(0, y).west, 0);
    EXPECT_EQ(at(m.mesh_w - 1, y).east, 0);
  }
  for (std::int32_t x = 0; x < m.mesh_w; ++x) {
    EXPECT_EQ(at(x, 0).north, 0);
    EXPECT_EQ(at(x, m.mesh_h - 1).south, 0);
  }
}

TEST(Mapping, LinksAreWhatTrafficSumsUp) {
  RandomStream random(23, "tests/mapping/links");
  for (const auto& w : workloads()) {
    const Mapper mapper(w);
    Mapping plain, m;
    std::vector<TileLinks> links;
    for (int i = 0; i < 10; ++i) {
      SCOPED_TRACE(w.name + " design " + std::to_string(i));
      auto request = random_request(random);
      request.actions[kScX] = request.actions[kScY] = 1;  // then a hop is a mesh link
      mapper.map(request, plain);
      mapper.map(request, m, links);
      EXPECT_EQ(m.tiles, plain.tiles);
      EXPECT_EQ(m.traffic.byte_hops, plain.traffic.byte_hops);
      ASSERT_EQ(links.size(), m.tiles.size());
      double busiest = 0, sum = 0;
      for (const TileLinks& l : links) {
        for (const double bytes : {l.east, l.west, l.south, l.north}) {
          busiest = std::max(busiest, bytes);
          sum += bytes;
        }
      }
      EXPECT_EQ(busiest, m.traffic.busiest_link);
      // A step along the curve counts as the mean step, and one from its end to its start is not
      // routed.
      EXPECT_LE(sum, 1.01 * m.traffic.byte_hops);
      EXPECT_GE(sum, 0.5 * m.traffic.byte_hops);
      expect_links_end_at_the_rim(m, links);
    }
  }
}

TEST(Mapping, RemeasuringAnUntouchedMappingChangesNothing) {
  const Mapper mapper(decoder_workload({}));
  RandomStream random(17, "tests/mapping/remeasure");
  Mapping m;
  for (int i = 0; i < 10; ++i) {
    mapper.map(random_request(random), m);
    const double balance = m.compute_balance, efficiency = m.split_efficiency;
    remeasure(m);
    for (std::size_t t = 0; t < m.tiles.size(); ++t) {
      const auto& kind = m.kinds[static_cast<std::size_t>(m.kind_of[t])];
      ASSERT_EQ(kind.tile, m.tiles[t]);
      ASSERT_EQ(kind.load.work, m.loads[t].work);
    }
    EXPECT_NEAR(m.compute_balance, balance, 1e-12);
    EXPECT_NEAR(m.split_efficiency, efficiency, 1e-12);
  }
}

TEST(Mapping, FixedTilesOfAMappingGiveItBack) {
  const Mapper mapper(decoder_workload({}));
  RandomStream random(19, "tests/mapping/fixed");
  Mapping own, again;
  for (int i = 0; i < 10; ++i) {
    auto request = random_request(random);
    mapper.map(request, own);
    const auto tiles = own.tiles;
    request.fixed_tiles = &tiles;
    mapper.map(request, again);
    expect_kinds(again);
    EXPECT_EQ(again.tiles, own.tiles);
    EXPECT_EQ(again.kv.first_page, own.kv.first_page);
    EXPECT_EQ(again.logic_configs, own.logic_configs);
    EXPECT_NEAR(again.compute_balance, own.compute_balance, 1e-12);
  }
}

TEST(Mapping, PlacementBeatsRoundRobinInHops) {
  const Mapper mapper(decoder_workload(llama_8b_size()));
  MapRequest request;
  request.actions = project(from_unit(to_unit(box().hi, box()), box()), box());
  request.actions[kMeshW] = 41;
  request.actions[kMeshH] = 42;
  request.actions[kVlen] = 1536;
  request.actions[kRhoMm] = request.actions[kRhoCv] = 0.6;
  request.actions[kRhoGen] = 0.4;
  request.actions[kScX] = request.actions[kScY] = 1;
  request.actions[kBalance] = 0.6;
  request.actions[kLocality] = request.actions[kSubMatmul] = request.actions[kAllReduce] = 0.5;
  request.context = 2048;
  Mapping greedy, other;
  mapper.map(request, greedy);
  request.policy = PlacementPolicy::kRoundRobin;
  mapper.map(request, other);
  const double gain = other.traffic.byte_hops / greedy.traffic.byte_hops;
  RecordProperty("byte_hops_round_robin_over_greedy", std::to_string(gain));
  std::printf("traffic-weighted hops, round-robin over greedy: %.3f\n", gain);
  EXPECT_GT(gain, 1.05);
}

TEST(Mapping, DifferentModelsDifferentPartition) {
  std::set<std::vector<std::pair<std::int32_t, std::int32_t>>> seen;
  RandomStream random(11, "tests/mapping/different");
  const auto request = random_request(random);
  const auto all = workloads();
  for (const auto& w : all) {
    const Mapper mapper(w);
    Mapping m;
    mapper.map(request, m);
    std::vector<std::pair<std::int32_t, std::int32_t>> runs;
    for (const auto& run : mapper.runs(m)) runs.emplace_back(run.first, run.count);
    seen.insert(runs);
  }
  EXPECT_EQ(seen.size(), all.size());
}

}  // namespace
}  // namespace tilewright
