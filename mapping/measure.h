// The figures of a mapping that follow from its kinds of tiles.
#pragma once

#include "mapping/mapping.h"

namespace tilewright {

// compute_balance and split_efficiency anew from kinds, after their tiles were changed. In time of
// the kinds, where remeasure() sorts the tiles to find them.
void measure(Mapping& mapping);

}  // namespace tilewright
