// docs/operators.md: what the front end does with each operator, from the operators' own lines.
#pragma once

#include <string>

namespace tilewright {

std::string operators_markdown();

}  // namespace tilewright
