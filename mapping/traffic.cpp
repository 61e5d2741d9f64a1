#include "mapping/traffic.h"

#include <algorithm>
#include <cmath>

namespace tilewright {
namespace {

std::size_t index(std::int32_t i) {
  return static_cast<std::size_t>(i);
}

}  // namespace

Traffic TrafficCount::count(const PlaceInputs& in, const Walk& walk,
                            const std::vector<std::int32_t>& first, Network& network) {
  network_ = &network;
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
    traffic.steps += farthest + cost.reduce_steps * step_time_;
  }
  traffic.phases = static_cast<std::int64_t>(groups.size());
  traffic.mean_hops = traffic.bytes > 0 ? traffic.byte_hops / traffic.bytes : 0;
  route_along();
  const Network::Loads loads = network.sum_up();
  traffic.busiest_link = loads.busiest;
  traffic.die_bytes = loads.die_bytes;
  return traffic;
}

void TrafficCount::reset(const PlaceInputs& in, const Walk& walk) {
  const auto& request = in.request;
  const auto& network = *network_;
  const bool ring = network.topology().kind == TopologyKind::kRing;
  walk_ = walk.data();
  tiles_ = in.tiles();
  step_ = network.mean_step(walk_, tiles_);
  step_time_ = step_ + network.mean_step_delay(walk_, tiles_);
  for (std::size_t part = 0; part < 3; ++part) {
    const std::int32_t count = request.counts[part];
    for (std::size_t i = 0; i < kPairs; ++i) {
      samples_[part][i] =
          count * static_cast<std::int32_t>(2 * i + 1) / static_cast<std::int32_t>(2 * kPairs);
    }
    // Side of a run's region; a ring has no regions, and is gone through both ways.
    const double side = ring ? count / 2.0 : std::sqrt(static_cast<double>(count));
    spread_[part] = side * step_time_;
  }
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
    const double d = nearer * network_->hops(a, b);
    sum += d;
    farthest = std::max(farthest, d + nearer * network_->delay(a, b));
    network_->route(a, b, bytes);
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

// On a ring the last position's next is the first; elsewhere that step is left out.
void TrafficCount::route_along() {
  const std::int32_t steps = network_->topology().kind == TopologyKind::kRing ? tiles_ : tiles_ - 1;
  double sum = 0;
  for (std::int32_t i = 0; i < steps; ++i) {
    sum += along_[index(i)];
    network_->route(walk_[i], walk_[i + 1], std::max(0.0, sum));  // rounding may leave less than 0
  }
}

}  // namespace tilewright
