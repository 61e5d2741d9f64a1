#include "mapping/lane_pattern.h"

#include <algorithm>
#include <cmath>

#include "arch/design.h"

namespace tilewright {

LanePattern::LanePattern(double mean_bits, double bits_per_lane) : bits_per_lane_(bits_per_lane) {
  // A mean that rounding left just below or above a power of two is that power.
  constexpr double kRounding = 1e-9;
  const double mean = std::clamp(mean_bits, double{kVlenMin}, double{kVlenMax});
  low_bits_ = std::exp2(std::floor(std::log2(mean * (1 + kRounding))));
  share_high_ = std::clamp((mean - low_bits_) / low_bits_, 0.0, 1.0);
  if (share_high_ < kRounding || low_bits_ >= kVlenMax) share_high_ = 0;
  mean_lanes_ = low_bits_ * (1 + share_high_) / bits_per_lane_;
}

double LanePattern::lanes_before(std::int64_t position) const {
  const auto p = static_cast<double>(position);
  return low_bits_ / bits_per_lane_ * (p + std::floor(p * share_high_));
}

double LanePattern::bits_at(std::int64_t position) const {
  return (lanes_before(position + 1) - lanes_before(position)) * bits_per_lane_;
}

void LanePattern::count_units(std::int32_t positions, std::vector<std::int32_t>& out) const {
  out.resize(static_cast<std::size_t>(positions) + 1);
  const double share = share_high_;
  std::int32_t* units = out.data();
  // Truncation is the floor here, and it is one vector instruction.
  for (std::int32_t p = 0; p <= positions; ++p) units[p] = p + static_cast<std::int32_t>(p * share);
}

}  // namespace tilewright
