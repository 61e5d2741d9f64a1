#include "arch/actions.h"

#include <algorithm>
#include <cmath>

namespace tilewright {
namespace {

constexpr std::array<ActionInfo, kActionCount> kInfo{{
    {"W", "tiles", "mesh width", false, true},
    {"H", "tiles", "mesh height", false, true},
    {"SCx", "tiles", "super-cluster width", false, true},
    {"SCy", "tiles", "super-cluster height", false, true},
    {"FETCH", "words", "mean instruction words fetched a cycle", true, false},
    {"STANUM", "", "reservation stations", true, true},
    {"VLEN", "bit", "mean vector register length", true, false},
    {"DMEM", "KiB", "data memory of a tile", false, true},
    {"WMEM", "", "weight ROM allocated over weights held", false, false},
    {"IMEM", "KiB", "mean instruction memory of a tile", true, true},
    {"DFLIT", "bit", "NoC flit width", true, true},
    {"XR_WP", "", "scalar register write ports", true, true},
    {"VR_WP", "", "vector register write ports", true, true},
    {"XDPNUM", "", "scalar dispatch ports", true, true},
    {"VDPNUM", "", "vector dispatch ports", true, true},
    {"CLK", "", "clock over the node's highest", true, false},
    {"PREC", "bit", "arithmetic precision", false, true},
    {"KVC", "", "KV-cache compaction factor", true, false},
    {"DRAFT", "tokens", "speculative draft length", false, true},
    {"A_IN", "", "DMEM share for inputs", false, false},
    {"A_OUT", "", "DMEM share for outputs", false, false},
    {"BAL", "", "load balancing strength", false, false},
    {"LOC", "", "locality preference of placement", false, false},
    {"R_MM", "", "partition ratio of matrix products", false, false},
    {"R_CV", "", "partition ratio of convolutions and reductions", false, false},
    {"R_GEN", "", "partition ratio of other operators", false, false},
    {"S_IN", "", "input streaming ratio", false, false},
    {"S_OUT", "", "output streaming ratio", false, false},
    {"SUB", "", "sub-matmul split", false, false},
    {"AR", "", "all-reduce fraction", false, false},
}};

constexpr double kPrecisionMiddle = 12;  // as near to 8 as to 16: takes 8

double to_grid(double value, double step, double lo, double hi) {
  const double first = std::ceil(lo / step), last = std::floor(hi / step);
  return step * std::clamp(std::round(value / step), first, std::max(first, last));
}

}  // namespace

const ActionInfo& action_info(std::size_t index) {
  return kInfo.at(index);
}

std::size_t action_index(std::string_view name) {
  const auto* found = std::find_if(kInfo.begin(), kInfo.end(),
                                   [&](const ActionInfo& info) { return info.name == name; });
  return static_cast<std::size_t>(found - kInfo.begin());
}

ActionVector to_unit(const ActionVector& value, const DesignBox& box) {
  ActionVector unit{};
  for (std::size_t i = 0; i < kActionCount; ++i) {
    const double lo = box.lo[i], hi = box.hi[i];
    if (hi <= lo) continue;
    unit[i] =
        kInfo[i].log ? std::log(value[i] / lo) / std::log(hi / lo) : (value[i] - lo) / (hi - lo);
  }
  return unit;
}

ActionVector from_unit(const ActionVector& unit, const DesignBox& box) {
  ActionVector value{};
  for (std::size_t i = 0; i < kActionCount; ++i) {
    const double lo = box.lo[i], hi = box.hi[i];
    value[i] = kInfo[i].log ? lo * std::exp(unit[i] * std::log(hi / lo)) : lo + unit[i] * (hi - lo);
  }
  return value;
}

ActionVector project(const ActionVector& value, const DesignBox& box) {
  ActionVector p{};
  for (std::size_t i = 0; i < kActionCount; ++i) {
    p[i] = std::isfinite(value[i]) ? std::clamp(value[i], box.lo[i], box.hi[i]) : box.lo[i];
  }
  for (const auto i : {kMeshW, kMeshH, kStanum, kImem, kXrWp, kVrWp, kXdpnum, kVdpnum, kDraft}) {
    p[i] = to_grid(p[i], 1, box.lo[i], box.hi[i]);
  }
  p[kScX] = to_grid(p[kScX], 1, box.lo[kScX], std::min(box.hi[kScX], p[kMeshW]));
  p[kScY] = to_grid(p[kScY], 1, box.lo[kScY], std::min(box.hi[kScY], p[kMeshH]));
  p[kDmem] = to_grid(p[kDmem], 16, box.lo[kDmem], box.hi[kDmem]);
  p[kDflit] = to_grid(p[kDflit], 64, box.lo[kDflit], box.hi[kDflit]);
  p[kPrecision] = p[kPrecision] <= kPrecisionMiddle ? 8 : 16;
  p[kWmem] = std::max(p[kWmem], 1.0);
  const double memory = p[kAIn] + p[kAOut];
  constexpr double kMost = 0.9;        // a_scr >= 0.1 (Eq. 15)
  constexpr double kRounding = 1e-12;  // a projected point is left alone
  if (memory > kMost + kRounding) {
    p[kAIn] *= kMost / memory;
    p[kAOut] = kMost - p[kAIn];
  }
  return p;
}

}  // namespace tilewright
