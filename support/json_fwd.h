// The name of JSON values alone, for headers: the library behind it takes two seconds to read.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace tilewright {

using Json = nlohmann::ordered_json;

}  // namespace tilewright
