// What the runs lay on the curve, as the few stretches on which it does not change.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "mapping/place.h"

namespace tilewright {

// Positions begin .. end - 1 of the curve, each of which carries the same per output unit.
struct Segment {
  std::int32_t begin = 0, end = 0;
  double units = 0;           // lanes of its positions, in unit lanes
  double share = 1;           // of a lane here in every run that covers it, relative to an even one
  double cycles = 0;          // before weighting with lanes
  double weight_density = 0;  // bytes a lane
  double operators = 0;
  double hazard = 0;  // cycles times density
};

class RunLoads {
 public:
  // `units` are LanePattern::count_units of the positions, `first` the runs' starts. The segments
  // cover the curve in order. With `level`, a run's work is not shared evenly over its lanes:
  // where many runs meet, each gives less, so that every lane of the mesh is equally busy as far
  // as shares within a factor of kMostShare of an even one allow.
  void count(const PlaceInputs& in, const std::vector<std::int32_t>& units,
             const std::vector<std::int32_t>& first, bool level);
  const std::vector<Segment>& segments() const { return segments_; }

  static constexpr double kMostShare = 8;

 private:
  // One class of operators of one group, between two cuts of the curve (or around its end).
  struct Run {
    std::int32_t first = 0, count = 0;
    std::int32_t begin = 0, end = 0;  // segments; end <= begin: around
    double cycles = 0;                // times units, of the whole run
    double weight_bytes = 0, operators = 0, density = 0;
  };
  struct Sums {
    double cycles = 0, weights = 0, operators = 0, hazard = 0;
  };

  void list_runs(const PlaceInputs& in, const std::vector<std::int32_t>& first);
  void mark(std::int32_t position);
  void cut(const std::vector<std::int32_t>& units);
  void level_shares();
  void sum_shares();
  double shares_of(const Run& run) const;
  template <typename Add>
  void over(const Run& run, Add add);
  void lay(double unit_lanes);

  std::int32_t positions_ = 0;
  std::vector<Run> runs_;
  std::vector<Segment> segments_;
  std::vector<std::int32_t> segment_at_;  // of the positions where one begins
  std::vector<double> share_sums_;        // of shares times units, before each segment
  std::vector<double> busy_;              // cycles a share, as changes from segment to segment
  std::vector<Sums> changes_;
  std::vector<std::uint64_t> marks_;  // one bit a position: a segment begins there
};

}  // namespace tilewright
