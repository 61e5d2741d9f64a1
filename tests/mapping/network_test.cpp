// Routes, hops and link loads of every topology against a router that goes link by link.
#include "mapping/network.h"

#include <gtest/gtest.h>

#include <string>

#include "brute_router.h"
#include "mapping/mapping.h"
#include "mapping/traffic.h"
#include "support/random.h"
#include "synthetic_workload.h"

namespace tilewright {
namespace {

constexpr std::int32_t kSides[][2] = {{1, 1}, {1, 6}, {7, 1}, {2, 2}, {3, 3}, {4, 3},
                                      {5, 4}, {6, 6}, {7, 5}, {8, 2}, {9, 8}};

MeshPoint point(std::int32_t i, std::int32_t w) {
  return {static_cast<std::int16_t>(i % w), static_cast<std::int16_t>(i / w)};
}

template <typename F>
void each_network(F f) {
  for (const Topology& topology : topologies()) {
    for (const auto& [w, h] : kSides) {
      SCOPED_TRACE(to_text(topology) + " " + std::to_string(w) + "x" + std::to_string(h));
      Network network;
      network.reset(topology, w, h);
      f(topology, w, h, network);
    }
  }
}

TEST(Network, HopsAreThoseOfEveryRoute) {
  each_network([](const Topology& topology, std::int32_t w, std::int32_t h,
                  const Network& network) {
    BruteRouter router(topology, w, h);
    for (std::int32_t i = 0; i < w * h; ++i) {
      for (std::int32_t j = 0; j < w * h; ++j) {
        const MeshPoint a = point(i, w), b = point(j, w);
        const auto walk = router.send(a, b, 1);
        ASSERT_EQ(network.links(a, b), walk.links) << i << " to " << j;
        ASSERT_EQ(network.hops(a, b), walk.links) << i << " to " << j;
        ASSERT_EQ(network.crossings(a, b), walk.crossings) << i << " to " << j;
        ASSERT_EQ(network.delay(a, b), walk.crossings * (topology.latency - 1)) << i << " to " << j;
      }
    }
  });
}

// All pairs at once, and many small random sets, in which any link may be the busiest.
TEST(Network, LoadsAreThoseOfEveryRoute) {
  RandomStream random(1, "tests/mapping/network");
  each_network([&](const Topology& topology, std::int32_t w, std::int32_t h, Network& network) {
    const auto compare = [&](int packets) {
      network.reset(topology, w, h);
      BruteRouter router(topology, w, h);
      const auto send = [&](std::int32_t i, std::int32_t j) {
        const double bytes = 1 + static_cast<double>(random.below(1000));
        network.route(point(i, w), point(j, w), bytes);
        router.send(point(i, w), point(j, w), bytes);
      };
      const std::int32_t tiles = w * h;
      for (std::int32_t i = 0; packets == 0 && i < tiles * tiles; ++i) send(i / tiles, i % tiles);
      for (int i = 0; i < packets; ++i) {
        send(static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(tiles))),
             static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(tiles))));
      }
      const Network::Loads loads = network.sum_up();
      EXPECT_NEAR(loads.busiest, router.busiest(), 1e-9 * (1 + router.busiest()));
      EXPECT_NEAR(loads.die_bytes, router.die_bytes(), 1e-9 * (1 + router.die_bytes()));
    };
    compare(0);
    for (int i = 0; i < 40; ++i) compare(1 + i % 5);
  });
}

TEST(Network, ExpressLinksShortenWhatIsNotARingOrHubs) {
  for (const Topology& topology : topologies()) {
    Network plain, express;
    plain.reset(topology, 8, 8);
    express.reset(topology, 8, 8, 4, 4, 0.8);
    const MeshPoint a{0, 0}, b{4, 4};
    const bool shorter = express.hops(a, b) < plain.hops(a, b);
    const bool links =
        topology.kind != TopologyKind::kRing && topology.kind != TopologyKind::kHierarchical;
    EXPECT_EQ(shorter, links) << to_text(topology);
  }
}

TEST(RingCurve, IsAClosedWayOfNeighbours) {
  std::vector<MeshPoint> curve;
  for (std::int32_t w = 1; w <= 20; ++w) {
    for (std::int32_t h = 1; h <= 20; ++h) {
      SCOPED_TRACE(std::to_string(w) + "x" + std::to_string(h));
      ring_curve(w, h, curve);
      ASSERT_EQ(curve.size(), static_cast<std::size_t>(w * h));
      std::vector<bool> seen(curve.size(), false);
      int far = 0;
      for (std::size_t i = 0; i < curve.size(); ++i) {
        const auto a = curve[i], b = curve[(i + 1) % curve.size()];
        ASSERT_TRUE(a.x >= 0 && a.x < w && a.y >= 0 && a.y < h);
        seen[static_cast<std::size_t>(a.y * w + a.x)] = true;
        const int way = std::abs(a.x - b.x) + std::abs(a.y - b.y);
        ASSERT_LE(way, 2);
        far += way == 2;
      }
      ASSERT_EQ(std::count(seen.begin(), seen.end(), true), w * h);
      if (w > 1 && h > 1) {
        ASSERT_EQ(far, w % 2 != 0 && h % 2 != 0 ? 1 : 0);
      }
    }
  }
}

MapRequest request_of(const Topology& topology) {
  MapRequest request;
  auto& a = request.actions;
  a.fill(1);
  a[kMeshW] = 12;
  a[kMeshH] = 10;
  a[kVlen] = 512;
  a[kDmem] = 128;
  a[kImem] = 16;
  a[kDflit] = 512;
  a[kPrecision] = 16;
  a[kAIn] = a[kAOut] = 0.2;
  a[kBalance] = 0.6;
  a[kLocality] = a[kSubMatmul] = a[kAllReduce] = 0.5;
  a[kRhoMm] = a[kRhoCv] = a[kRhoGen] = 0.4;
  request.context = 256;
  request.topology = topology;
  return request;
}

// What a whole placement costs on each network, in the order that the networks have.
TEST(Traffic, FollowsTheTopology) {
  const Mapper mapper(decoder_workload({}));
  const auto traffic = [&](const std::string& text) {
    Mapping mapping;
    mapper.map(request_of(parse_topology(text)), mapping);
    double weights = 0;
    for (const auto& load : mapping.loads) weights += load.weight_bytes;
    const auto held = static_cast<double>(mapper.workload().totals.weight_bytes);
    EXPECT_NEAR(weights, held, 1e-6 * held) << text;
    return mapping.traffic;
  };
  const Traffic mesh = traffic("mesh"), torus = traffic("torus"), ring = traffic("ring"),
                narrow = traffic("chiplets:columns=3,width=0.125,latency=8"),
                whole = traffic("chiplets:columns=12,width=0.125,latency=8");
  EXPECT_LT(torus.byte_hops, mesh.byte_hops);
  EXPECT_LT(torus.steps, mesh.steps);
  EXPECT_GT(ring.byte_hops, mesh.byte_hops);
  EXPECT_GT(ring.busiest_link, mesh.busiest_link);
  EXPECT_GT(narrow.busiest_link, mesh.busiest_link);
  EXPECT_GT(narrow.steps, mesh.steps);
  EXPECT_GT(narrow.die_bytes, 0);
  EXPECT_EQ(mesh.die_bytes, 0);
  // One die is the mesh, whatever its links to others would be.
  EXPECT_EQ(whole.byte_hops, mesh.byte_hops);
  EXPECT_EQ(whole.busiest_link, mesh.busiest_link);
  EXPECT_EQ(whole.steps, mesh.steps);
  EXPECT_EQ(whole.die_bytes, 0);
}

}  // namespace
}  // namespace tilewright
