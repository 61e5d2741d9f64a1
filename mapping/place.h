// Placement: where every group's run of tiles begins, and the traffic that follows from it.
#pragma once

#include <vector>

#include "mapping/prepared.h"
#include "mapping/split.h"

namespace tilewright {

// Tiles of a run on the curve carry lanes in a fixed pattern of two neighbouring powers of two
// whose mean is the design's VLEN; work is shared in proportion. Closed form, so a run's sum costs
// nothing.
class LanePattern {
 public:
  // mean_bits between kVlenMin and kVlenMax.
  LanePattern(double mean_bits, double bits_per_lane);
  double bits_at(std::int64_t position) const;
  double lanes_before(std::int64_t position) const;  // sum over positions 0 .. position - 1
  double mean_lanes() const { return mean_lanes_; }

 private:
  double low_bits_, share_high_, bits_per_lane_, mean_lanes_;
};

struct PlaceRequest {
  std::int32_t w = 1, h = 1;
  std::array<std::int32_t, 3> counts{};  // tiles of a run by class
  double balance = 0.6, locality = 0.5, all_reduce = 0.5;
  double supercluster_x = 1, supercluster_y = 1, express_hop = 1;
  PlacementPolicy policy = PlacementPolicy::kGreedy;
  std::uint64_t policy_seed = 0;
};

// Per position of the curve.
struct PlaceResult {
  std::vector<std::int32_t> curve;
  std::vector<std::int32_t> first;     // by group
  std::vector<double> cycles;          // before weighting with lanes
  std::vector<double> weight_density;  // bytes a lane
  std::vector<double> operators;
  std::vector<double> hazard;  // cycle-weighted
  Traffic traffic;
};

void place(const Mapper::Prepared& prepared, const std::vector<SplitCost>& costs,
           const LanePattern& lanes, const PlaceRequest& request, PlaceResult& out);

}  // namespace tilewright
