#include "mapping/network.h"

#include <algorithm>

namespace tilewright {
namespace {

std::size_t index(std::int32_t i) {
  return static_cast<std::size_t>(i);
}

std::int32_t shorter_way(std::int32_t distance, std::int32_t length) {
  return std::min(distance, length - distance);
}

// Hops of one axis: express links between super-clusters of side s, mesh links inside. `ring`: the
// axis is closed.
void axis_hops(std::int32_t length, bool ring, double s, double express_hop,
               std::vector<double>& out) {
  out.resize(index(length));
  for (std::int32_t i = 0; i < length; ++i) {
    const std::int32_t d = ring ? shorter_way(i, length) : i;
    const double over = s > 1 ? std::floor(d / s) : 0;
    out[index(i)] = over * express_hop + (d - over * s);
  }
}

std::int32_t parts_of(std::int32_t side, std::int32_t part) {
  return (side + part - 1) / part;
}

}  // namespace

void Network::reset(const Topology& topology, std::int32_t w, std::int32_t h, double supercluster_x,
                    double supercluster_y, double express_hop) {
  topology_ = topology;
  w_ = w;
  h_ = h;
  const auto kind = topology.kind;
  const bool torus = kind == TopologyKind::kTorus, chiplets = kind == TopologyKind::kChiplets,
             ring = kind == TopologyKind::kRing, hubs = kind == TopologyKind::kHierarchical;
  die_ = chiplets ? topology.columns : 1 << 16;
  slow_link_ = chiplets ? topology.latency - 1 : 0;
  by_axis_ = !ring && !hubs;
  straight_ = topology.mesh() || chiplets;
  if (by_axis_) {
    axis_hops(w, torus, supercluster_x, express_hop, hops_x_);
    axis_hops(h, torus, supercluster_y, express_hop, hops_y_);
  }
  lines_y_ = hubs ? parts_of(w, topology.cluster) : ring ? 0 : w;
  lines_x_ = hubs ? parts_of(h, topology.cluster) : ring ? 1 : h;
  reach_x_ = ring ? w * h : torus ? w : lines_y_ - 1;
  reach_y_ = ring ? 0 : torus ? h : lines_x_ - 1;
  for (auto& plane : links_)  // a line more than there are, for the changes behind its end
    plane.assign(index(w + 1) * index(h + 1), 0.0);
  if (hubs) {
    up_.assign(index(w * h), 0.0);
    down_.assign(index(w * h), 0.0);
  }
  if (ring) {
    ring_curve(w, h, order_);
    ring_.resize(order_.size());
    for (std::int32_t i = 0; i < w * h; ++i) ring_[index(tile_at(order_[index(i)]))] = i;
  }
}

std::int32_t Network::other_links(MeshPoint a, MeshPoint b) const {
  const std::int32_t dx = std::abs(a.x - b.x), dy = std::abs(a.y - b.y), k = topology_.cluster;
  switch (topology_.kind) {
    case TopologyKind::kTorus:
      return shorter_way(dx, w_) + shorter_way(dy, h_);
    case TopologyKind::kRing:
      return shorter_way(std::abs(place_on_ring(a) - place_on_ring(b)), w_ * h_);
    case TopologyKind::kHierarchical:
      return a == b ? 0 : 2 + std::abs(a.x / k - b.x / k) + std::abs(a.y / k - b.y / k);
    default:
      return dx + dy;
  }
}

double Network::mean_step(const MeshPoint* walk, std::int32_t tiles) const {
  std::int32_t sum = 0;
  if (topology_.mesh()) {  // apart, so that it is vectors
    for (std::int32_t i = 0; i + 1 < tiles; ++i)
      sum += std::abs(walk[i].x - walk[i + 1].x) + std::abs(walk[i].y - walk[i + 1].y);
  } else {
    for (std::int32_t i = 0; i + 1 < tiles; ++i) sum += other_links(walk[i], walk[i + 1]);
  }
  return tiles > 1 ? static_cast<double>(sum) / (tiles - 1) : 1;
}

double Network::mean_step_delay(const MeshPoint* walk, std::int32_t tiles) const {
  double sum = 0;
  if (slow_link_ > 0) {
    for (std::int32_t i = 0; i + 1 < tiles; ++i) sum += delay(walk[i], walk[i + 1]);
  }
  return tiles > 1 ? sum / (tiles - 1) : 0;
}

double Network::span() const {
  switch (topology_.kind) {
    case TopologyKind::kTorus:
      return (w_ + h_) / 2.0;
    case TopologyKind::kRing:
      return std::max(1.0, w_ * h_ / 2.0);
    case TopologyKind::kHierarchical:
      return 2 + lines_x_ + lines_y_;
    case TopologyKind::kChiplets:
      return w_ + h_ + slow_link_ * (parts_of(w_, die_) - 1);
    default:
      return w_ + h_;
  }
}

// One axis that is closed to a ring.
void Network::around(Direction forward, std::int32_t line, std::int32_t length, std::int32_t from,
                     std::int32_t to, double bytes) {
  std::int32_t way = to - from + (to < from ? length : 0);
  Direction direction = forward;
  std::int32_t begin = from;
  if (2 * way > length || (2 * way == length && from % 2 != 0)) {
    direction = forward == kEast ? kWest : kNorth;
    way = length - way;
    begin = to;
  }
  const std::int32_t end = begin + way;
  along(direction, line, begin, std::min(end, length), bytes);
  if (end > length) along(direction, line, 0, end - length, bytes);
}

void Network::route_other(MeshPoint from, MeshPoint to, double bytes) {
  if (topology_.kind == TopologyKind::kTorus) {
    around(kEast, from.y, w_, from.x, to.x, bytes);
    around(kSouth, to.x, h_, from.y, to.y, bytes);
    return;
  }
  if (topology_.kind == TopologyKind::kRing) {
    around(kEast, 0, w_ * h_, place_on_ring(from), place_on_ring(to), bytes);
    return;
  }
  if (from == to) return;
  up_[index(tile_at(from))] += bytes;
  down_[index(tile_at(to))] += bytes;
  const std::int32_t k = topology_.cluster;
  const std::int32_t ax = from.x / k, ay = from.y / k, bx = to.x / k, by = to.y / k;
  along(ax < bx ? kEast : kWest, ay, std::min(ax, bx), std::max(ax, bx), bytes);
  along(ay < by ? kSouth : kNorth, bx, std::min(ay, by), std::max(ay, by), bytes);
}

Network::Loads Network::sum_up() {
  Loads loads;
  const bool hubs = topology_.kind == TopologyKind::kHierarchical;
  for (const auto direction : {kEast, kWest, kSouth, kNorth}) {
    const bool across = direction < kSouth;
    const std::int32_t lines = across ? lines_x_ : lines_y_, reach = across ? reach_x_ : reach_y_;
    double* at = links_[direction].data();
    const bool cut = across && topology_.kind == TopologyKind::kChiplets;
    most_.assign(index(lines), 0.0);
    double* most = most_.data();
    for (std::int32_t i = 1; i <= reach; ++i, at += lines) {
      if (cut && i % die_ == 0) {  // from one die to the next
        for (std::int32_t line = 0; line < lines; ++line) {
          most[line] = std::max(most[line], at[line] / topology_.width);
          loads.die_bytes += std::max(0.0, at[line]);  // rounding may leave less than nothing
          at[lines + line] += at[line];
        }
        continue;
      }
      for (std::int32_t line = 0; line < lines; ++line) {
        most[line] = at[line] > most[line] ? at[line] : most[line];
        at[lines + line] += at[line];
      }
    }
    for (const double bytes : most_) loads.busiest = std::max(loads.busiest, bytes);
  }
  if (hubs) {
    loads.busiest /= topology_.width;
    for (const double bytes : up_) loads.busiest = std::max(loads.busiest, bytes);
    for (const double bytes : down_) loads.busiest = std::max(loads.busiest, bytes);
  }
  return loads;
}

void Network::list_links(std::vector<TileLinks>& out) const {
  out.clear();
  if (!by_axis_) return;
  out.resize(index(w_ * h_));
  const auto at = [&](std::int32_t x, std::int32_t y) -> TileLinks& {
    return out[index(y * w_ + x)];
  };
  for (std::int32_t x = 0; x < reach_x_; ++x) {
    for (std::int32_t y = 0; y < h_; ++y) {
      at(x, y).east = std::max(0.0, links_[kEast][index(x * h_ + y)]);
      at((x + 1) % w_, y).west = std::max(0.0, links_[kWest][index(x * h_ + y)]);
    }
  }
  for (std::int32_t y = 0; y < reach_y_; ++y) {
    for (std::int32_t x = 0; x < w_; ++x) {
      at(x, y).south = std::max(0.0, links_[kSouth][index(y * w_ + x)]);
      at(x, (y + 1) % h_).north = std::max(0.0, links_[kNorth][index(y * w_ + x)]);
    }
  }
}

}  // namespace tilewright
