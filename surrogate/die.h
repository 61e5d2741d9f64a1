// Dies: how many a chip needs, how many of them are good, and what they cost (physical.md P13).
#pragma once

#include "surrogate/units.h"

namespace tilewright {

struct Dies {
  double count = 1, mm2 = 0, yield = 0, cost_usd = 0;  // cost of all
};

// `units`: values by UnitId. `chips`: chiplets, each of them cut once more where it is larger than
// a reticle field. Masks are not included.
Dies dies_of(double area_mm2, double chips, double reticle_mm2, double wafer_mm,
             const double* units);

}  // namespace tilewright
