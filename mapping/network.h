// The network of a placement: how far tiles are from each other, which links a packet takes, and
// what every link carries. Routes are deterministic; brute force walks the same ones in the tests.
//
// mesh, chiplets  along the row of the sender, then along the column of the receiver
// torus           likewise, each the shorter way round; of two ways equally long, forward (east,
//                 south) from even places and backward from odd ones, so that both are used alike
// ring            the shorter way round, with the same rule by the sender's place on the ring
// hierarchical    to the hub, over the mesh of hubs, from the hub
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "arch/topology.h"
#include "mapping/curve.h"
#include "mapping/mapping.h"

namespace tilewright {

class Network {
 public:
  // A grid of w x h tiles without load. Express links of super-clusters of these sides take
  // `express_hop` in place of their length, on a mesh, a torus and on chiplets.
  void reset(const Topology& topology, std::int32_t w, std::int32_t h, double supercluster_x = 1,
             double supercluster_y = 1, double express_hop = 1);

  // Links of a route, express links counted as they cost.
  double hops(MeshPoint a, MeshPoint b) const {
    if (!by_axis_) [[unlikely]]
      return other_links(a, b);
    return hops_x_[static_cast<std::size_t>(std::abs(a.x - b.x))] +
           hops_y_[static_cast<std::size_t>(std::abs(a.y - b.y))];
  }
  // What a route takes longer than its hops, in hops: links between dies are slow.
  double delay(MeshPoint a, MeshPoint b) const {
    return slow_link_ > 0 ? slow_link_ * crossings(a, b) : 0;
  }
  // Links of a route, without express links.
  std::int32_t links(MeshPoint a, MeshPoint b) const {
    const std::int32_t dx = std::abs(a.x - b.x), dy = std::abs(a.y - b.y);
    return topology_.mesh() ? dx + dy : other_links(a, b);
  }
  // Links between dies on a route.
  std::int32_t crossings(MeshPoint a, MeshPoint b) const {
    return std::abs(a.x / die_ - b.x / die_);
  }
  // Mean links between positions of a walk that follow each other: 1 on a mesh's curve, more when
  // it was torn up. And what such steps take longer.
  double mean_step(const MeshPoint* walk, std::int32_t tiles) const;
  double mean_step_delay(const MeshPoint* walk, std::int32_t tiles) const;
  // Hops between the two tiles that are farthest apart, about.
  double span() const;

  void route(MeshPoint from, MeshPoint to, double bytes) {
    if (!straight_) [[unlikely]]
      return route_other(from, to, bytes);
    along(from.x < to.x ? kEast : kWest, from.y, std::min(from.x, to.x), std::max(from.x, to.x),
          bytes);
    along(from.y < to.y ? kSouth : kNorth, to.x, std::min(from.y, to.y), std::max(from.y, to.y),
          bytes);
  }

  // Sums up the loads, once, after the last route.
  struct Loads {
    double busiest = 0;    // bytes over the busiest link, over its width
    double die_bytes = 0;  // over all links between dies
  };
  Loads sum_up();
  // After sum_up(): the links of every tile of a grid, by tile index; none where tiles are not
  // joined as a grid (ring, hierarchical).
  void list_links(std::vector<TileLinks>& out) const;

  const Topology& topology() const { return topology_; }

 private:
  enum Direction : std::size_t { kEast, kWest, kSouth, kNorth };

  // Bytes over the links [begin, end) of one line, as changes at its ends. An empty part adds and
  // takes away at one place.
  void along(Direction direction, std::int32_t line, std::int32_t begin, std::int32_t end,
             double bytes) {
    auto& plane = links_[direction];
    const std::int32_t lines = direction < kSouth ? lines_x_ : lines_y_;
    plane[static_cast<std::size_t>(begin * lines + line)] += bytes;
    plane[static_cast<std::size_t>(end * lines + line)] -= bytes;
  }
  void around(Direction forward, std::int32_t line, std::int32_t length, std::int32_t from,
              std::int32_t to, double bytes);
  void route_other(MeshPoint from, MeshPoint to, double bytes);
  std::int32_t other_links(MeshPoint a, MeshPoint b) const;
  std::int32_t tile_at(MeshPoint p) const { return p.y * w_ + p.x; }
  std::int32_t place_on_ring(MeshPoint p) const {
    return ring_[static_cast<std::size_t>(tile_at(p))];
  }

  Topology topology_;
  std::int32_t w_ = 1, h_ = 1;
  std::int32_t die_ = 1 << 16;  // columns of a die; more than there are where nothing is cut
  double slow_link_ = 0;        // hops that a link between dies takes more
  bool by_axis_ = true;         // hops are a sum over both axes
  bool straight_ = true;        // no way round
  std::int32_t lines_x_ = 1, lines_y_ = 1;  // lines along x (rows) and along y (columns) of links
  std::int32_t reach_x_ = 0, reach_y_ = 0;  // links of such a line
  std::vector<double> hops_x_, hops_y_;     // of a distance along an axis, by distance
  // Bytes over every directed link as changes along its line: east and west by x, then y; south and
  // north by y, then x. So lines lie side by side and are summed as vectors; after sum_up() the
  // bytes between a place and the next. Backward links are
  // numbered as the forward ones beside them. A ring is one line along x.
  std::array<std::vector<double>, 4> links_;
  std::vector<double> most_;
  std::vector<double> up_, down_;   // of every tile's links to and from its hub
  std::vector<std::int32_t> ring_;  // a tile's place on the ring
  std::vector<MeshPoint> order_;    // scratch: tiles along the ring
};

}  // namespace tilewright
