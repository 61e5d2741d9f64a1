// Names from a file, made safe to print on one line.
#pragma once

#include <string>
#include <string_view>

namespace tilewright {

// At most 160 bytes; bytes outside printable ASCII become \xNN.
std::string printable(std::string_view text);

}  // namespace tilewright
