// Tiles of equal load and build, counted instead of listed.
#pragma once

#include <vector>

#include "mapping/run_loads.h"

namespace tilewright {

// Kinds by segment and by lanes, in curve order: of each segment the positions with unit lanes,
// then those with twice as many. Load and count are set. With `equal_lanes` every position works
// with mean lanes.
void kinds_of_segments(const std::vector<Segment>& segments, const LanePattern& lanes,
                       const std::vector<std::int32_t>& units, bool equal_lanes,
                       std::vector<TileKind>& out);

// A kind that was cut into several: parts first .. first + count - 1 of another list, in the order
// in which the curve meets their tiles.
struct KindParts {
  std::int32_t first = 0, count = 0;
};

// The kind of every tile, by tile index. `parts` are of the kinds that kinds_of_segments made of
// the same segments; `kinds` is the list that they point into.
void deal_kinds(const std::vector<Segment>& segments, const std::vector<std::int32_t>& units,
                const Walk& walk, std::int32_t mesh_w, const std::vector<KindParts>& parts,
                const std::vector<TileKind>& kinds, std::vector<std::int32_t>& kind_of);

// Kinds of a placement on given tiles. `laden` are the placement's kinds and `kind_of` says which
// one each tile is of; it then says which of `kinds`. A laden kind's builds follow each other as
// the curve meets them, which is the order of derived tiles: given back, those add up to the same
// bits.
void build_kinds(const std::vector<TileKind>& laden, const std::vector<TileConfig>& tiles,
                 const std::vector<std::int32_t>& curve, std::vector<TileKind>& kinds,
                 std::vector<std::int32_t>& kind_of);

// Kinds of tiles whose loads were changed by hand: by load, then by build.
void kinds_of_tiles(const std::vector<TileLoad>& loads, const std::vector<TileConfig>& tiles,
                    std::vector<TileKind>& kinds, std::vector<std::int32_t>& kind_of);

}  // namespace tilewright
