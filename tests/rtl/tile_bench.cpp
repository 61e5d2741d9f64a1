// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// The layer of tile_layer.h on tcc_tile itself.
#include "Vtile128.h"
#include "Vtile128___024root.h"
#include "Vtile512.h"
#include "Vtile512___024root.h"
#include "tile_layer.h"

int main() {
  return tilewright::rtl::compare_tiles<Vtile128, Vtile512>(
      "tile",
      [](Vtile128& m, std::uint32_t row, std::uint32_t word) {
        return m.rootp->tcc_tile__DOT__u_compute__DOT__u_dmem__DOT__mem[row][word];
      },
      [](Vtile512& m, std::uint32_t row, std::uint32_t word) {
        return m.rootp->tcc_tile__DOT__u_compute__DOT__u_dmem__DOT__mem[row][word];
      });
}
