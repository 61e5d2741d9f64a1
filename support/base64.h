// Bytes as text, for files that hold text alone.
#pragma once

#include <string>
#include <string_view>

namespace tilewright {

// RFC 4648, with padding, on one line.
std::string base64(std::string_view bytes);

}  // namespace tilewright
