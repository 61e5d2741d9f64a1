// Deadlock freedom of the mesh's network (Dally and Seitz): a packet that holds one channel may
// wait for the next, so packets can wait for each other in a ring only where the graph of "holds,
// may ask for" has a cycle. A channel is a directed link between neighbours, with the buffer at its
// end, the injection or the ejection of a tile, or one of the host's two links. The host is node
// (0, height), below the mesh: its packets enter at tile (0, 0), packets to it leave southwards at
// (0, height-1).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tilewright {

// As in rtl/tcc_noc_pkg.sv: x grows to the east, y to the south.
enum class Port : std::uint8_t { kNorth, kEast, kSouth, kWest, kLocal };

struct MeshNode {
  std::int32_t x = 0, y = 0;
};

// The port by which a packet to `to` leaves the router at `at`.
using RouteFunction = Port (*)(MeshNode at, MeshNode to);

// route_xy of rtl/tcc_noc_pkg.sv: first along x, then along y.
Port route_xy(MeshNode at, MeshNode to);

struct ChannelCheck {
  std::int64_t channels = 0;
  std::int64_t dependencies = 0;   // pairs of channels that some source's packet holds in turn
  std::vector<std::string> cycle;  // the channels of one cycle in order; empty: there is none
};

// Every pair of source and destination is counted, the host among them where it has an address
// (height below 64). About 5 ns a pair. Throws Error TW-ARCH-002 when the sides are not 1 to 64 or
// a route leaves the mesh.
ChannelCheck check_channels(std::int32_t width, std::int32_t height,
                            RouteFunction route = route_xy);

}  // namespace tilewright
