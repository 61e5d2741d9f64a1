#include "surrogate/die.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tilewright {

Dies dies_of(double area_mm2, double chips, double reticle_mm2, double wafer_mm,
             const double* units) {
  constexpr double kMm2PerCm2 = 100;
  Dies d;
  d.count = chips * std::max(1.0, std::ceil(area_mm2 / chips / reticle_mm2));
  d.mm2 = area_mm2 / d.count;
  const double alpha = units[kYieldAlpha], radius = wafer_mm / 2;
  // Negative binomial (Stapper); a bad weight cell kills a tile, so nothing is credited to repair.
  d.yield = std::pow(1 + d.mm2 * units[kDefects] / (kMm2PerCm2 * alpha), -alpha);
  const double whole = std::numbers::pi * radius * radius / d.mm2 -
                       std::numbers::pi * wafer_mm / std::sqrt(2 * d.mm2);
  d.cost_usd = d.count * units[kWaferUsd] / (std::max(whole, 1.0) * d.yield);
  return d;
}

}  // namespace tilewright
