// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// The layer of tile_layer.h on two tile wrappers as the generator emitted them (mixed_mesh.h): the
// same product on tiles of different VLEN takes a different number of cycles to the same bits.
#include "Vnarrow.h"
#include "Vnarrow___024root.h"
#include "Vwide.h"
#include "Vwide___024root.h"
#include "mixed_mesh.h"
#include "tile_layer.h"

using namespace tilewright::rtl;

static_assert(kNarrowTile.vlen == 128 && kNarrowTile.fetch_size == 1);
static_assert(kWideTile.vlen == 512 && kWideTile.fetch_size == 4);

int main() {
  return compare_tiles<Vnarrow, Vwide>(
      "emitted_tiles",
      [](Vnarrow& m, std::uint32_t row, std::uint32_t word) {
        return m.rootp
            ->mixed_tile_cfg0__DOT__u_tile__DOT__u_compute__DOT__u_dmem__DOT__mem[row][word];
      },
      [](Vwide& m, std::uint32_t row, std::uint32_t word) {
        return m.rootp
            ->mixed_tile_cfg1__DOT__u_tile__DOT__u_compute__DOT__u_dmem__DOT__mem[row][word];
      });
}
