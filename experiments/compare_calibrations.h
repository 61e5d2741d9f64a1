// One design under two calibrations, component by component.
#pragma once

#include "support/table.h"
#include "surrogate/ppa.h"

namespace tilewright {

struct Judged {
  std::string calibration;
  Ppa ppa;
  double tiles = 0, weight_mib = 0;
};

// Each quantity under the first and the second, their ratio, and the figure below it that explains
// the difference.
Table calibration_table(const Judged& first, const Judged& second);

}  // namespace tilewright
