// Which limits hold a design.
#pragma once

#include <string>

#include "surrogate/ppa.h"

namespace tilewright {

// Names of the limits of which at most kBindingMargin is left, of those that cost rate, power or
// area to move: "power, area"; "none" when the score alone holds the design.
std::string binding_limits(const Margins& margins);

}  // namespace tilewright
