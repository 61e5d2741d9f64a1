// Placement: where every group's run of tiles begins, what each stretch of the curve then carries,
// and the traffic that follows from it.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "mapping/curve.h"
#include "mapping/lane_pattern.h"
#include "mapping/network.h"
#include "mapping/prepared.h"
#include "mapping/split.h"

namespace tilewright {

struct PlaceRequest {
  std::int32_t w = 1, h = 1;
  std::array<std::int32_t, 3> counts{};  // tiles of a run by class
  double balance = 0.6, locality = 0.5, all_reduce = 0.5;
  double supercluster_x = 1, supercluster_y = 1, express_hop = 1;
  Topology topology;
  PlacementPolicy policy = PlacementPolicy::kGreedy;
  std::uint64_t policy_seed = 0;
};

// Position -> tile, and the same once more behind the end, so that a run that wraps needs no
// modulo.
using Walk = std::vector<MeshPoint>;

// What a placement starts from. Refers to its parts, which outlive it.
struct PlaceInputs {
  const Mapper::Prepared& prepared;
  const std::vector<SplitCost>& costs;  // of prepared.costs
  const LanePattern& lanes;
  const PlaceRequest& request;

  std::int32_t tiles() const { return request.w * request.h; }
  std::int32_t count_of(const Group& group) const {
    return request.counts[static_cast<std::size_t>(group.part)];
  }
  const SplitCost& cost_of(const Group& group) const {
    return costs[static_cast<std::size_t>(group.cost)];
  }
};

// The request's curve, before any shuffling.
void lay_walk(const PlaceRequest& request, Walk& out);

// First curve position of every group's run, chosen in topological order by the request's policy.
void choose_starts(const PlaceInputs& in, const Walk& walk, const Network& network,
                   std::vector<std::int32_t>& out);

// The random permutation of the policy of that name.
void shuffle_walk(const PlaceRequest& request, Walk& walk);

}  // namespace tilewright
