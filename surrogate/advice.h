// For an infeasible design: which constraint, by how much, and which action closes the gap.
#pragma once

#include <string>
#include <vector>

#include "surrogate/kernel.h"

namespace tilewright {

std::vector<std::string> advise(const kernel::Case& c, const ActionVector& actions, const Margins& margins,
                                const DesignBox& box);

}  // namespace tilewright
