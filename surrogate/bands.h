// Bands of what an evaluation reports, by the rule of physical.md section 4: each constant alone
// goes to the ends of its band; the logarithms of what moves up add in squares, and those of what
// moves down.
#pragma once

#include <array>
#include <vector>

#include "surrogate/kernel.h"
#include "surrogate/ppa.h"

namespace tilewright {

enum Quantity : std::size_t {
  kRateQuantity,
  kPowerQuantity,
  kAreaQuantity,
  kEnergyQuantity,
  kComputeQuantity,
  kMacQuantity,
  kControlQuantity,
  kNocQuantity,
  kSramQuantity,
  kRomQuantity,
  kLeakQuantity,
  kDieToDieQuantity,
  kTileAreaQuantity,
  kRomAreaQuantity,
  kSramAreaQuantity,
  kDiesQuantity,
  kYieldQuantity,
  kCostQuantity,
  kQuantityCount
};
const char* quantity_name(std::size_t quantity);  // "tok_s", "power_mw", ... as in ppa.json
using Quantities = std::array<double, kQuantityCount>;

// Of one design with these values of the constants (by UnitId) and L1's multipliers, or none.
Quantities quantities_of(const kernel::Case& c, const kernel::Point<double>& p, const double* units,
                         const double* multipliers);

// Every quantity's band, and what each constant does to rate, power, area and energy.
void add_bands(const kernel::Case& c, const kernel::Point<double>& p, const double* multipliers,
               PhysicalPpa& out);

}  // namespace tilewright
