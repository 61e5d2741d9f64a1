// What the runs lay on the curve, as the few stretches on which it does not change.
#pragma once

#include <cstdint>
#include <vector>

#include "mapping/place.h"

namespace tilewright {

// Positions begin .. end - 1 of the curve, each of which carries the same per output unit.
struct Segment {
  std::int32_t begin = 0, end = 0;
  double cycles = 0;          // before weighting with lanes
  double weight_density = 0;  // bytes a lane
  double operators = 0;
  double hazard = 0;  // cycles times density
};

class RunLoads {
 public:
  // `units` are LanePattern::count_units of the positions, `first` the runs' starts. The segments
  // cover the curve in order.
  void count(const PlaceInputs& in, const std::vector<std::int32_t>& units,
             const std::vector<std::int32_t>& first);
  const std::vector<Segment>& segments() const { return segments_; }

 private:
  struct Sums {
    double cycles = 0, weights = 0, operators = 0, hazard = 0;
  };
  void add(std::int32_t first, std::int32_t count, const Sums& density);
  void change(std::int32_t position, const Sums& by);
  void close();

  std::int32_t positions_ = 0;
  std::vector<Segment> segments_;
  std::vector<Sums> changes_;         // from a position to the next; all zero between counts
  std::vector<std::uint64_t> marks_;  // one bit a position: a change lies there
};

}  // namespace tilewright
