// L0 over a CSV of designs, so that anyone can check the closed form against their own.
#pragma once

#include <string>

#include "nodes/calibration.h"

namespace tilewright {

// Rows need node_nm, mode ("hp" or "low-power", ...) and the 30 design variables by name, in any
// order; other columns are ignored. Returns the key columns (kind too, if there), the design and
// the outputs, a line a row. The workload is the one that the paper prints in the row's mode.
// Throws Error TW-CLI-014 naming the line.
std::string evaluate_csv(const std::string& text, const std::string& where,
                         const Calibration& calibration);

}  // namespace tilewright
