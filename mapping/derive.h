// Per-tile configuration from each tile's own load, hazards and weights (surrogate.md section 7).
#pragma once

#include <span>
#include <vector>

#include "arch/actions.h"
#include "arch/design.h"
#include "mapping/kinds.h"

namespace tilewright {

// Scratch of derive_tiles, kept by the caller.
struct DeriveScratch {
  std::vector<double> vlen, fetch;              // wanted, then the power of two below
  std::vector<std::int32_t> vlen_up, fetch_up;  // tiles of a kind that get the power above
};

// On what a tile would have by its load, before anything is rounded.
struct TileFactors {
  double vlen = 1, fetch = 1, dmem = 1, wmem = 1;
};

// FETCH, VLEN, DMEM, IMEM, WMEM of every tile from the design's means. Sums of VLEN and FETCH stay
// within one part in a hundred of the wanted sums where the bounds allow. `kinds` have load and
// count; `out` has both configurations set, and a kind of which only some tiles are rounded up is
// cut into parts. `factors`, when given, are by kind.
void derive_tiles(const ActionVector& design, const std::vector<TileKind>& kinds,
                  double weight_parts, DeriveScratch& scratch, std::vector<TileKind>& out,
                  std::vector<KindParts>& parts, std::span<const TileFactors> factors = {});

}  // namespace tilewright
