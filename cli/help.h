// How --help prints: an option, what it takes, what it does and its default.
#pragma once

#include <memory>

namespace CLI {
class FormatterBase;
}

namespace tilewright {

// For App::formatter, before any verb is added. An option's type name is printed as it was given
// (N for whole numbers, without the checks that CLI11 appends).
std::shared_ptr<CLI::FormatterBase> help_formatter();

}  // namespace tilewright
