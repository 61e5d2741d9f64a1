// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// What fits into a memory, PARAMETER (DMEM, IMEM or WMEM) of SETTING KiB: a program that needs the
// last of it runs, one that needs twice as much is refused, by the tile and by the simulator.
// Leaves the cycles of the first in cycles.csv.
#include "codegen/assembler.h"
#include "support/error.h"
#include "sweep_figures.h"
#include "sweep_tiles.h"

namespace tilewright::rtl {
namespace {

// Stores the last word of DMEM, loads the last row of WMEM, or fills IMEM.
std::vector<std::uint32_t> needs(const std::string& memory, std::uint32_t kib) {
  const auto assembled = [](const std::string& text) { return assemble(text, "fit").words; };
  const std::string bytes = std::to_string(kib * 1024);
  if (memory == "DMEM")
    return assembled("li s0, 0x80000000 + " + bytes +
                     " - 4\n li t0, 77\n sw t0, 0(s0)\n s.halt 0\n");
  if (memory == "WMEM")
    return assembled("li s0, 0x80000000\n li t0, " + std::to_string(kib * 8192 / VLEN - 1) +
                     "\n v.ldw v0, 0(t0)\n v.st v0, 0(s0)\n s.wait vectors\n s.halt 0\n");
  auto words = assembled("li s0, 0x80000000\n sw s0, 0(s0)\n s.halt 0\n");
  words.insert(words.end() - 1, kib * 256 - words.size(), assembled("addi t0, t0, 1\n").front());
  return words;
}

class FitBench {
 public:
  int run() {
    tiles_.load(needs(PARAMETER, SETTING));
    const std::uint64_t cycles = tiles_.run();
    verdict_.expect(cycles > 0 && !tiles_.error(), "what fits does not run");
    verdict_.expect(tiles_.mesh().run() == iss::MeshState::kHalted, "the simulator did not halt");
    verdict_.expect(tiles_.same_dmem(), "DMEM");
    refuse(needs(PARAMETER, 2 * SETTING));
    if (verdict_.ok()) leave_figures(cycles, 2 * SETTING);
    return verdict_.report(std::to_string(cycles) + " cycles");
  }

 private:
  void refuse(const std::vector<std::uint32_t>& program) {
    bool simulated = true;
    try {
      tiles_.load(program);
    } catch (const Error& e) {
      simulated = e.id() != "TW-ISS-001";
    }
    if (simulated) verdict_.expect(tiles_.mesh().run() == iss::MeshState::kFaulted, "simulator");
    tiles_.load_imem(tiles_.dut(0), program);  // as much as there is room for
    verdict_.expect(tiles_.run() > 0 && tiles_.error(), "what does not fit is not refused");
  }

  Verdict verdict_{"rtl.sweep " + std::string(PARAMETER) + " " + std::to_string(SETTING)};
  SweepTiles tiles_;
};

}  // namespace
}  // namespace tilewright::rtl

int main() {
  return tilewright::rtl::FitBench().run();
}
