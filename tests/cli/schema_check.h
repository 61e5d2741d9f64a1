// As much of JSON Schema as docs/schema uses: type, const, enum, minimum, maximum, multipleOf,
// properties, required, additionalProperties, items, prefixItems, minItems. Any other keyword of a
// schema is reported, not ignored.
#pragma once

#include <string>
#include <vector>

#include "support/json_fwd.h"

namespace tilewright {

// One line a violation: "/actions/W: is missing".
std::vector<std::string> schema_violations(const Json& schema, const Json& value);

}  // namespace tilewright
