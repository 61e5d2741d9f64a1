#include "mapping/traffic.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace tilewright {
namespace {

enum Direction : std::size_t { kEast, kWest, kSouth, kNorth };

std::size_t index(std::int32_t i) {
  return static_cast<std::size_t>(i);
}

// Hops of one axis: express links between super-clusters of side s, mesh links inside.
void axis_hops(std::int32_t length, double s, double express_hop, std::vector<double>& out) {
  out.resize(index(length));
  for (std::int32_t d = 0; d < length; ++d) {
    const double over = s > 1 ? std::floor(d / s) : 0;
    out[index(d)] = over * express_hop + (d - over * s);
  }
}

// Mean hops between positions that follow each other: 1 on the curve, more when it was torn up.
double step_hops(const MeshPoint* walk, std::int32_t tiles) {
  std::int32_t sum = 0;
  for (std::int32_t i = 0; i + 1 < tiles; ++i)
    sum += std::abs(walk[i].x - walk[i + 1].x) + std::abs(walk[i].y - walk[i + 1].y);
  return tiles > 1 ? static_cast<double>(sum) / (tiles - 1) : 1;
}

}  // namespace

Traffic TrafficCount::count(const PlaceInputs& in, const Walk& walk,
                            const std::vector<std::int32_t>& first) {
  reset(in, walk);
  Traffic traffic;
  const auto& groups = in.prepared.groups;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const auto& group = groups[g];
    const auto& cost = in.cost_of(group);
    double farthest = 0;
    const auto edges = in.prepared.edges.begin() + group.first_edge;
    for (auto edge = edges; edge != edges + group.edge_count; ++edge) {
      farthest = std::max(
          farthest, count_edge(in, *edge, group, first[index(edge->source)], first[g], traffic));
    }
    if (cost.reduce_bytes > 0) {
      const auto count = in.count_of(group);
      traffic.reduce_bytes += cost.reduce_bytes;
      traffic.bytes += cost.reduce_bytes;
      traffic.byte_hops += cost.reduce_bytes * step_;
      add_along(first[g], count, cost.reduce_bytes / count);
    }
    traffic.steps += farthest + cost.reduce_steps * step_;
  }
  traffic.phases = static_cast<std::int64_t>(groups.size());
  traffic.mean_hops = traffic.bytes > 0 ? traffic.byte_hops / traffic.bytes : 0;
  route_along();
  traffic.busiest_link = busiest();
  return traffic;
}

void TrafficCount::reset(const PlaceInputs& in, const Walk& walk) {
  const auto& request = in.request;
  walk_ = walk.data();
  w_ = request.w;
  h_ = request.h;
  tiles_ = in.tiles();
  step_ = step_hops(walk_, tiles_);
  for (std::size_t part = 0; part < 3; ++part) {
    const std::int32_t count = request.counts[part];
    for (std::size_t i = 0; i < kPairs; ++i) {
      samples_[part][i] =
          count * static_cast<std::int32_t>(2 * i + 1) / static_cast<std::int32_t>(2 * kPairs);
    }
    spread_[part] = std::sqrt(static_cast<double>(count)) * step_;
  }
  axis_hops(w_, request.supercluster_x, request.express_hop, hops_x_);
  axis_hops(h_, request.supercluster_y, request.express_hop, hops_y_);
  for (auto& plane : links_)  // a line more than the mesh has, for the changes behind its end
    plane.assign(index(w_ + 1) * index(h_ + 1), 0.0);
  along_.assign(index(tiles_) + 1, 0.0);
}

// One edge: from the producer's run to the consumer's along sample routes, then along the run to
// every tile that needs the value. Returns the longest of the routes.
double TrafficCount::count_edge(const PlaceInputs& in, const GroupEdge& edge, const Group& to,
                                std::int32_t from_first, std::int32_t to_first, Traffic& traffic) {
  const auto& from = in.prepared.groups[index(edge.source)];
  const auto& from_samples = samples_[static_cast<std::size_t>(from.part)];
  const auto& to_samples = samples_[static_cast<std::size_t>(to.part)];
  // Results that were all-reduced lie on every tile of the producer's run: the nearest one sends.
  const double nearer = in.cost_of(from).k_groups > 1 ? 1 - 0.5 * in.request.all_reduce : 1;
  const double bytes = edge.bytes * nearer / kPairs;
  double sum = 0, farthest = 0;
  for (std::size_t i = 0; i < kPairs; ++i) {
    const auto a = walk_[from_first + from_samples[i]], b = walk_[to_first + to_samples[i]];
    const double d = nearer * hops(a, b);
    sum += d;
    farthest = std::max(farthest, d);
    route(a, b, bytes);
  }
  const double copies = in.cost_of(to).reuse - 1;
  traffic.bytes += edge.bytes * (1 + copies);
  traffic.byte_hops += edge.bytes * (sum / kPairs + copies * step_);
  if (copies > 0) {
    const auto count = in.count_of(to);
    add_along(to_first, count, edge.bytes * copies / count);
  }
  return farthest + spread_[static_cast<std::size_t>(to.part)];
}

double TrafficCount::hops(MeshPoint a, MeshPoint b) const {
  return hops_x_[index(std::abs(a.x - b.x))] + hops_y_[index(std::abs(a.y - b.y))];
}

// XY route: along the row of `from`, then along the column of `to`. An empty part adds and takes
// away at one place.
void TrafficCount::route(MeshPoint from, MeshPoint to, double bytes) {
  const auto span = [bytes](std::vector<double>& plane, std::int32_t line, std::int32_t lines,
                            std::int32_t begin, std::int32_t end) {
    plane[index(begin * lines + line)] += bytes;
    plane[index(end * lines + line)] -= bytes;
  };
  span(links_[from.x < to.x ? kEast : kWest], from.y, h_, std::min(from.x, to.x),
       std::max(from.x, to.x));
  span(links_[from.y < to.y ? kSouth : kNorth], to.x, w_, std::min(from.y, to.y),
       std::max(from.y, to.y));
}

// `bytes` from each position of a run to the next, wrapping.
void TrafficCount::add_along(std::int32_t first, std::int32_t count, double bytes) {
  const std::int32_t end = first + count;
  along_[index(first)] += bytes;
  if (end <= tiles_) {
    along_[index(end)] -= bytes;
  } else {
    along_[0] += bytes;
    along_[index(end - tiles_)] -= bytes;
  }
}

void TrafficCount::route_along() {
  double sum = 0;
  for (std::int32_t i = 0; i + 1 < tiles_; ++i) {
    sum += along_[index(i)];
    route(walk_[i], walk_[i + 1], std::max(0.0, sum));  // rounding may leave less than nothing
  }
}

void TrafficCount::list_links(std::vector<TileLinks>& out) const {
  out.assign(index(tiles_), {});
  const auto at = [&](std::int32_t x, std::int32_t y) -> TileLinks& {
    return out[index(y * w_ + x)];
  };
  // The last line of each plane lies beyond the mesh.
  for (std::int32_t x = 0; x + 1 < w_; ++x) {
    for (std::int32_t y = 0; y < h_; ++y) {
      at(x, y).east = std::max(0.0, links_[kEast][index(x * h_ + y)]);
      at(x + 1, y).west = std::max(0.0, links_[kWest][index(x * h_ + y)]);
    }
  }
  for (std::int32_t y = 0; y + 1 < h_; ++y) {
    for (std::int32_t x = 0; x < w_; ++x) {
      at(x, y).south = std::max(0.0, links_[kSouth][index(y * w_ + x)]);
      at(x, y + 1).north = std::max(0.0, links_[kNorth][index(y * w_ + x)]);
    }
  }
}

double TrafficCount::busiest() {
  double busiest = 0;
  for (const auto direction : {kEast, kWest, kSouth, kNorth}) {
    const bool across = direction == kEast || direction == kWest;
    const std::int32_t lines = across ? h_ : w_, length = across ? w_ : h_;
    double* at = links_[direction].data();
    most_.assign(index(lines), 0.0);
    double* most = most_.data();
    for (std::int32_t i = 1; i < length; ++i, at += lines) {
      for (std::int32_t line = 0; line < lines; ++line) {
        most[line] = at[line] > most[line] ? at[line] : most[line];
        at[lines + line] += at[line];
      }
    }
    for (const double bytes : most_) busiest = std::max(busiest, bytes);
  }
  return busiest;
}

}  // namespace tilewright
