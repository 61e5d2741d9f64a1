// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// How many cycles the program PROGRAM takes on a tile with PARAMETER at SETTING, whose results must
// be the simulator's. Leaves the figure in cycles.csv.
#include "codegen/assembler.h"
#include "support/file.h"
#include "sweep_figures.h"
#include "sweep_tiles.h"

namespace tilewright::rtl {
namespace {

// What the program is told of the tile.
std::string names() {
  const auto equ = [](const std::string& name, std::uint32_t value) {
    return ".equ " + name + ", " + std::to_string(value) + "\n";
  };
  return equ("ROW", VLEN / 8) + equ("BLOCKS", 256 / (VLEN / 16));
}

int run() {
  const std::string setting = std::string(PARAMETER) + " " + std::to_string(SETTING);
  Verdict verdict("rtl.sweep " + setting);
  const std::string path = PROGRAM;
  SweepTiles tiles;
  tiles.load(assemble(names() + read_file(path), path).words);
  tiles.time({FETCH, STANUM, XDPNUM, XRWP, VDPNUM, VRWP, VLEN, DFLIT});
  const std::uint64_t cycles = tiles.run();
  verdict.expect(cycles > 0, "no end");
  verdict.expect(!tiles.error(), "error_o");
  verdict.expect(tiles.mesh().run() == iss::MeshState::kHalted, "the simulator did not halt");
  verdict.expect(tiles.same_dmem(), "DMEM");
  if (verdict.ok()) leave_figures(cycles);
  return verdict.report(std::to_string(cycles) + " cycles, by the simulator's timing " +
                        std::to_string(tiles.mesh().cycles()));
}

}  // namespace
}  // namespace tilewright::rtl

int main() {
  return tilewright::rtl::run();
}
