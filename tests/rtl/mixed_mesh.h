// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// The small heterogeneous chips that emit_mixed_mesh.cpp has the generator emit: tiles of two logic
// configurations (the generator numbers them ascending: narrow 0, wide 1), flits of 128 bits. The
// emitted_* benches run the one of 2 x 2, which has two WMEM depths, cycle_mesh_* both.
#pragma once

#include <array>
#include <vector>

#include "split_gemv.h"

namespace tilewright::rtl {

inline constexpr const char* kMixedName = "mixed";
inline constexpr std::uint32_t kMixedColumns = 2, kMixedRows = 2, kMixedFlitBits = 128;
inline constexpr std::size_t kMixedTileCount = std::size_t{kMixedColumns} * kMixedRows;
inline constexpr TileShape kNarrowTile{128, 1, 16}, kWideTile{512, 4, 48};
inline constexpr std::uint32_t kNarrowImemKib = 2, kWideImemKib = 1;

struct MixedTile {
  bool wide = false;
  std::uint32_t wmem_kib = 64;
  constexpr TileShape shape() const { return wide ? kWideTile : kNarrowTile; }
  constexpr std::uint32_t imem_kib() const { return wide ? kWideImemKib : kNarrowImemKib; }
};

// By tile index. No mirror image of the mesh is the same mesh; column 1 and row 0 mix the two.
inline constexpr std::array<MixedTile, kMixedTileCount> kMixedTiles = {
    MixedTile{false, 320}, MixedTile{true, 320}, MixedTile{false, 64}, MixedTile{false, 64}};

struct MixedMesh {
  std::uint32_t columns = 0, rows = 0;
  std::vector<MixedTile> tiles;
};

// Of 2 or 3 columns and as many rows.
inline MixedMesh mixed_mesh(std::uint32_t side) {
  if (side == kMixedColumns) return {side, side, {kMixedTiles.begin(), kMixedTiles.end()}};
  MixedMesh mesh{3, 3, std::vector<MixedTile>(9)};
  mesh.tiles[1].wide = mesh.tiles[5].wide = true;
  return mesh;
}

}  // namespace tilewright::rtl
