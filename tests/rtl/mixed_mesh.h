// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// The small heterogeneous chip that emit_mixed_mesh.cpp has the generator emit, and that the
// emitted_* benches run: 2 x 2 tiles of two logic configurations (the generator numbers them
// ascending: narrow 0, wide 1) and two WMEM depths, flits of 128 bits.
#pragma once

#include <array>

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

}  // namespace tilewright::rtl
