// The closed forms of every topology against all pairs of tiles of small grids.
#include "surrogate/network_forms.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "mapping/network.h"

namespace tilewright::kernel {
namespace {

constexpr std::int32_t kSides[][2] = {{2, 2}, {3, 5}, {4, 4},   {6, 4},
                                      {8, 8}, {9, 6}, {12, 10}, {15, 7}};

struct Means {
  double links = 0, crossings = 0;
};

Means over_all_pairs(const Topology& t, std::int32_t w, std::int32_t h) {
  Network network;
  network.reset(t, w, h);
  Means means;
  const auto point = [&](std::int32_t i) {
    return MeshPoint{static_cast<std::int16_t>(i % w), static_cast<std::int16_t>(i / w)};
  };
  for (std::int32_t i = 0; i < w * h; ++i) {
    for (std::int32_t j = 0; j < w * h; ++j) {
      means.links += network.links(point(i), point(j));
      means.crossings += network.crossings(point(i), point(j));
    }
  }
  const double pairs = static_cast<double>(w) * h * w * h;
  return {means.links / pairs, means.crossings / pairs};
}

template <typename F>
void each_grid(const Topology& t, F f) {
  for (const auto& [w, h] : kSides) {
    SCOPED_TRACE(to_text(t) + " " + std::to_string(w) + "x" + std::to_string(h));
    f(w, h, over_all_pairs(t, w, h));
  }
}

TEST(NetworkForms, MeanHopsAreTheLimitOfEveryPairs) {
  for (const char* text : {"mesh", "torus", "ring", "chiplets:columns=3"}) {
    const Topology t = parse_topology(text);
    each_grid(t, [&](double w, double h, const Means& means) {
      // What the limit leaves out (network_forms.h).
      double rest = 1 / (3 * w) + 1 / (3 * h);
      if (t.kind == TopologyKind::kTorus)
        rest = std::fmod(w, 2) / (4 * w) + std::fmod(h, 2) / (4 * h);
      if (t.kind == TopologyKind::kRing) rest = std::fmod(w * h, 2) / (4 * w * h);
      EXPECT_NEAR(unicast_hops<double>(t, w, h) - means.links, rest, 1e-12);
    });
  }
}

TEST(NetworkForms, MeanHopsByHubsAreThoseOfEveryPairOfTiles) {
  for (const int k : {2, 3, 4}) {
    const Topology t = parse_topology("hierarchical:cluster=" + std::to_string(k));
    each_grid(t, [&](double w, double h, const Means& means) {
      const double form = unicast_hops<double>(t, w, h);
      if (std::fmod(w, k) == 0 && std::fmod(h, k) == 0) {
        EXPECT_NEAR(form - means.links, 2 / (w * h), 1e-12);  // to itself a tile goes nowhere
      } else {
        EXPECT_NEAR(form, means.links, 0.5);  // clusters cut by the border
      }
    });
  }
}

TEST(NetworkForms, CrossingsBetweenDiesAreExact) {
  for (const int n : {1, 2, 3, 5, 8, 20}) {
    const Topology t = parse_topology("chiplets:columns=" + std::to_string(n));
    each_grid(t, [&](double w, double, const Means& means) {
      EXPECT_NEAR(mean_crossings<double>(t, w), means.crossings, 1e-12);
      EXPECT_EQ(die_cuts<double>(t, w), std::ceil(w / n) - 1);
    });
  }
}

// Every tile sends as much to every other: no link carries more than what the bisection can bear.
// Mesh, torus and chiplets of even sides meet the bound, so that it can't be lower either.
TEST(NetworkForms, TheBisectionIsWhatEvenTrafficFills) {
  for (const char* text : {"mesh", "torus", "ring", "chiplets:columns=4,width=0.25",
                           "chiplets:columns=2,width=0.5", "hierarchical:cluster=2,width=1"}) {
    const Topology t = parse_topology(text);
    for (const auto& [w, h] : {std::pair{8, 8}, {16, 8}}) {
      SCOPED_TRACE(to_text(t) + " " + std::to_string(w) + "x" + std::to_string(h));
      Network network;
      network.reset(t, w, h);
      const int tiles = w * h;
      for (int i = 0; i < tiles * tiles; ++i) {
        const auto at = [&](int tile) {
          return MeshPoint{static_cast<std::int16_t>(tile % w),
                           static_cast<std::int16_t>(tile / w)};
        };
        network.route(at(i / tiles), at(i % tiles), 1);
      }
      // Half of the packets cross the middle, a half of these each way.
      const double bound = 0.5 * tiles * tiles / bisection<double>(t, w, h);
      const double busiest = network.sum_up().busiest;
      if (t.kind == TopologyKind::kChiplets && t.width < 0.5) {
        EXPECT_NEAR(busiest, bound, 1e-9 * bound);  // the links between dies
      }
      EXPECT_GE(busiest, bound * (1 - 1e-9));
      EXPECT_LE(busiest, bound * 1.02);
    }
  }
}

// From tile to tile down a column: the links that the split's form counts, to what a last step and
// a border leave.
TEST(NetworkForms, AChainThroughHubsIsAsLongAsCounted) {
  for (const int k : {2, 4}) {
    const Topology t = parse_topology("hierarchical:cluster=" + std::to_string(k));
    Network network;
    network.reset(t, 8, 16);
    double links = 0;
    for (std::int16_t y = 0; y + 1 < 16; ++y)
      links += network.links({3, y}, {3, static_cast<std::int16_t>(y + 1)});
    const auto forms = split_forms<double>(t, 8, 16, 0);
    EXPECT_NEAR(forms.in_hops, links, 3);
    EXPECT_NEAR(forms.way, forms.in_hops + forms.sum_hops, 1e-12);
    EXPECT_EQ(forms.link, k);
  }
}

TEST(NetworkForms, RoutersHaveTheirPortsAndBuffers) {
  constexpr double kBuffers = 0.7;
  const auto share = [](const char* text) { return router_share(parse_topology(text), kBuffers); };
  EXPECT_EQ(share("mesh").gates, 1);
  EXPECT_EQ(share("chiplets").clocked, 1);
  EXPECT_DOUBLE_EQ(share("torus").gates, 1.7);  // two buffers a port
  EXPECT_DOUBLE_EQ(share("torus").clocked, 2);
  EXPECT_DOUBLE_EQ(share("ring").gates, 0.7 * 6 / 5 + 0.3 * 9 / 25);
  EXPECT_DOUBLE_EQ(share("hierarchical:cluster=2,width=3").gates,
                   (0.7 * 16 / 5 + 0.3 * 64 / 25) / 4);
  EXPECT_DOUBLE_EQ(share("hierarchical:cluster=2,width=3").clocked, 16.0 / 5 / 4);
}

}  // namespace
}  // namespace tilewright::kernel
