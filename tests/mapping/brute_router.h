// A router that goes link by link, for small grids: what mapping/network.h is held against.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "arch/topology.h"
#include "mapping/curve.h"

namespace tilewright {

// Nodes are tiles, y w + x, and behind them hubs. A link is its node and the way out of it.
class BruteRouter {
 public:
  BruteRouter(const Topology& topology, std::int32_t w, std::int32_t h)
      : t_(topology), w_(w), h_(h) {
    hubs_x_ = (w + t_.cluster - 1) / t_.cluster;
    if (t_.kind != TopologyKind::kRing) return;
    std::vector<MeshPoint> order;
    ring_curve(w, h, order);
    for (const MeshPoint p : order) ring_.push_back(tile(p));
  }

  struct Walk {
    std::int32_t links = 0, crossings = 0;
  };

  // Sends a packet.
  Walk send(MeshPoint from, MeshPoint to, double bytes) {
    Walk walk;
    if (t_.kind == TopologyKind::kRing) {
      ring(tile(from), tile(to), bytes, walk);
    } else if (t_.kind != TopologyKind::kHierarchical) {
      MeshPoint at = from;
      axis(at, to, true, w_, bytes, walk);
      axis(at, to, false, h_, bytes, walk);
    } else if (!(from == to)) {
      step(tile(from), "up", bytes, 1, walk);
      MeshPoint at = hub(from);
      axis(at, hub(to), true, 0, bytes, walk);
      axis(at, hub(to), false, 0, bytes, walk);
      step(tile(to), "down", bytes, 1, walk);
    }
    return walk;
  }

  double busiest() const {
    double most = 0;
    for (const auto& [link, load] : loads_) most = std::max(most, load);
    return most;
  }
  double die_bytes() const { return die_bytes_; }

 private:
  std::int32_t tile(MeshPoint p) const { return p.y * w_ + p.x; }
  MeshPoint hub(MeshPoint p) const {
    return {static_cast<std::int16_t>(p.x / t_.cluster),
            static_cast<std::int16_t>(p.y / t_.cluster)};
  }

  void step(std::int32_t node, const std::string& port, double bytes, double width, Walk& walk) {
    loads_[{node, port}] += bytes / width;
    ++walk.links;
  }

  // One link at a time along an axis. `length`: of the axis.
  void axis(MeshPoint& at, MeshPoint to, bool along_x, std::int32_t length, double bytes,
            Walk& walk) {
    auto& place = along_x ? at.x : at.y;
    const std::int32_t goal = along_x ? to.x : to.y;
    const bool torus = t_.kind == TopologyKind::kTorus,
               hubs = t_.kind == TopologyKind::kHierarchical;
    bool forward = goal > place;
    if (torus) {
      const std::int32_t ahead = (goal - place + length) % length,
                         behind = (length - ahead) % length;
      forward = ahead < behind || (ahead == behind && place % 2 == 0);
    }
    while (place != goal) {
      const bool cut = t_.kind == TopologyKind::kChiplets && along_x &&
                       (forward ? place + 1 : place) % t_.columns == 0;
      const std::int32_t node = hubs ? w_ * h_ + at.y * hubs_x_ + at.x : tile(at);
      step(node, std::string(along_x ? "x" : "y") + (forward ? "+" : "-"), bytes,
           cut || hubs ? t_.width : 1, walk);
      walk.crossings += cut;
      die_bytes_ += cut ? bytes : 0;
      place = static_cast<std::int16_t>(place + (forward ? 1 : -1));
      if (torus) place = static_cast<std::int16_t>((place + length) % length);
    }
  }

  void ring(std::int32_t from, std::int32_t to, double bytes, Walk& walk) {
    const auto tiles = static_cast<std::int32_t>(ring_.size());
    std::int32_t at = 0, goal = 0;
    for (std::int32_t i = 0; i < tiles; ++i) {
      if (ring_[static_cast<std::size_t>(i)] == from) at = i;
      if (ring_[static_cast<std::size_t>(i)] == to) goal = i;
    }
    const std::int32_t ahead = (goal - at + tiles) % tiles, behind = (tiles - ahead) % tiles;
    const bool forward = ahead < behind || (ahead == behind && at % 2 == 0);
    while (at != goal) {
      step(ring_[static_cast<std::size_t>(at)], forward ? "+" : "-", bytes, 1, walk);
      at = (at + (forward ? 1 : tiles - 1)) % tiles;
    }
  }

  Topology t_;
  std::int32_t w_, h_, hubs_x_ = 1;
  std::vector<std::int32_t> ring_;
  std::map<std::pair<std::int32_t, std::string>, double> loads_;
  double die_bytes_ = 0;
};

// One of each kind, and others with parameters that do not divide the grids.
inline std::vector<Topology> topologies() {
  std::vector<Topology> all;
  for (const char* text : {"mesh", "torus", "ring", "hierarchical:cluster=2,width=0.5",
                           "hierarchical:cluster=3,width=2", "hierarchical",
                           "chiplets:columns=1,width=2", "chiplets:columns=2,width=0.25,latency=5",
                           "chiplets:columns=3", "chiplets:columns=4,width=1"})
    all.push_back(parse_topology(text));
  return all;
}

}  // namespace tilewright
