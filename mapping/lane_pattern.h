// How vector lanes are spread along the curve before tiles are derived.
#pragma once

#include <cstdint>
#include <vector>

namespace tilewright {

// Positions of the curve carry lanes in a fixed pattern of two neighbouring powers of two whose
// mean is the design's VLEN; work is shared in proportion. Closed form, so a run's sum costs
// nothing.
class LanePattern {
 public:
  // mean_bits between kVlenMin and kVlenMax.
  LanePattern(double mean_bits, double bits_per_lane);
  double bits_at(std::int64_t position) const;
  double lanes_before(std::int64_t position) const;  // sum over positions 0 .. position - 1
  double mean_lanes() const { return mean_lanes_; }

  // Lanes of a position that carries the lower power; the others carry twice as many.
  double unit_lanes() const { return low_bits_ / bits_per_lane_; }
  // out[p] = lanes_before(p) / unit_lanes(), whole numbers, for p = 0 .. positions.
  void count_units(std::int32_t positions, std::vector<std::int32_t>& out) const;

 private:
  double low_bits_, share_high_, bits_per_lane_, mean_lanes_;
};

}  // namespace tilewright
