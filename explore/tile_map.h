// What lies on every tile of a mapped design, packed for the page.
#pragma once

#include <vector>

#include "mapping/mapping.h"
#include "support/json_fwd.h"

namespace tilewright {

// {"w", "h", "kinds": {"fetch": [...], ...}, "kind_of": U16, "kv_bytes": U16, "east": U16, ...}
// Tiles of one kind share a line of `kinds` (FETCH words, VLEN bit, memories KiB, work lane-cycles
// and weights bytes a unit, hazard density). A U16 is {"scale", "base64"}: little-endian words, by
// tile index, that times the scale give the value.
Json tile_map_json(const Mapping& mapping, const std::vector<TileLinks>& links);

// `value` with so many significant digits.
double rounded(double value, int digits);

}  // namespace tilewright
