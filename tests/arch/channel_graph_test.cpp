// The graph of channels has no cycle under XY routing on any mesh, and a planted turn gives one
// that is named.
#include "arch/channel_graph.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <iostream>

#include "../error_id.h"

namespace tilewright {
namespace {

Port route_yx(MeshNode at, MeshNode to) {
  if (to.y != at.y) return to.y > at.y ? Port::kSouth : Port::kNorth;
  return route_xy(at, to);
}

// Destinations of odd parity go along y first: turns from y into x beside those from x into y.
Port route_mixed(MeshNode at, MeshNode to) {
  return (to.x + to.y) % 2 == 0 ? route_xy(at, to) : route_yx(at, to);
}

struct Mesh {
  std::int32_t width, height;
};

TEST(ChannelGraph, XyHasNoCycleOnAnyMesh) {
  for (const Mesh mesh : {Mesh{1, 1}, {1, 7}, {7, 1}, {2, 2}, {8, 8}, {41, 42}, {64, 64}}) {
    const std::clock_t start = std::clock();
    const ChannelCheck check = check_channels(mesh.width, mesh.height);
    const auto spent = 1000 * (std::clock() - start) / CLOCKS_PER_SEC;
    EXPECT_TRUE(check.cycle.empty()) << mesh.width << " x " << mesh.height;
    std::cout << mesh.width << " x " << mesh.height << ": " << check.channels << " channels, "
              << check.dependencies << " dependencies, " << spent << " ms\n";
  }
}

// Counted by hand. 1 x 1: inject, eject, the host's two links; both sources ask for tile and host
// (the host not for itself). 2 x 1: four more, east and west, which lead on to eject and, from
// west, to the host.
TEST(ChannelGraph, CountsChannelsAndDependencies) {
  const ChannelCheck one = check_channels(1, 1);
  EXPECT_EQ(one.channels, 4);
  EXPECT_EQ(one.dependencies, 3);
  const ChannelCheck two = check_channels(2, 1);
  EXPECT_EQ(two.channels, 8);
  EXPECT_EQ(two.dependencies, 3 + 2 + 2 + 1 + 2);
  const std::int64_t links = 4LL * 64 * 63, tiles = 64LL * 64;
  EXPECT_EQ(check_channels(64, 64).channels, links + 2 * tiles + 1) << "no address for the host";
}

TEST(ChannelGraph, EitherOrderAloneHasNoCycle) {
  EXPECT_TRUE(check_channels(8, 8, route_xy).cycle.empty());
  // (Without a host, which YX cannot reach from another column: 64 rows.)
  EXPECT_TRUE(check_channels(2, 64, route_yx).cycle.empty());
}

TEST(ChannelGraph, MixedOrdersGiveACycleThatIsNamed) {
  const Mesh mesh{2, 64};
  const ChannelCheck check = check_channels(mesh.width, mesh.height, route_mixed);
  ASSERT_GE(check.cycle.size(), 4U);
  for (const char* side : {"east", "south", "west", "north"}) {
    EXPECT_TRUE(std::any_of(check.cycle.begin(), check.cycle.end(), [&](const std::string& name) {
      return name.ends_with(side);
    })) << side;
  }
}

Port always_east(MeshNode, MeshNode) {
  return Port::kEast;
}
Port always_local(MeshNode, MeshNode) {
  return Port::kLocal;
}

TEST(ChannelGraph, RoutesThatDoNotArriveAreRefused) {
  EXPECT_EQ(id_of([] { check_channels(2, 2, always_east); }), "TW-ARCH-002");
  EXPECT_EQ(id_of([] { check_channels(2, 2, always_local); }), "TW-ARCH-002");
  EXPECT_EQ(id_of([] { check_channels(0, 1); }), "TW-ARCH-002");
  EXPECT_EQ(id_of([] { check_channels(1, 65); }), "TW-ARCH-002");
}

// Sent back and forth: a cycle of two channels.
Port back_and_forth(MeshNode at, MeshNode to) {
  if (to.x == at.x && to.y == at.y) return Port::kLocal;
  return at.x == 0 ? Port::kEast : Port::kWest;
}

TEST(ChannelGraph, APacketThatCirclesIsACycle) {
  EXPECT_EQ(check_channels(2, 64, back_and_forth).cycle,
            (std::vector<std::string>{"(0, 0) east", "(1, 0) west"}));
}

}  // namespace
}  // namespace tilewright
