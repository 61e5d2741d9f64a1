// The page without its data, as the bundler made it.
#pragma once

#include <string_view>

namespace tilewright {

std::string_view page_template();

inline constexpr std::string_view kDataMarker = "\"@DATA@\"";  // once in the template

}  // namespace tilewright
