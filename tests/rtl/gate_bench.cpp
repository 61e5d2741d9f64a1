// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Random programs on a tile that Yosys mapped to the cells of a library: integer, tensor and vector
// instructions, whose results the programs leave in DMEM, where they must be the simulator's.
#include "random_tile_program.h"
#include "sweep_tiles.h"

namespace tilewright::rtl {
namespace {

// Only what ends up in DMEM is seen: nothing that depends on the time or on what was there before.
class TimelessProgram : public RandomTileProgram {
 public:
  using RandomTileProgram::RandomTileProgram;

 protected:
  bool allowed(const isa::Instruction& i) const override {
    return i.op != isa::Op::kCycle && RandomTileProgram::allowed(i);
  }
  // Accumulators hold nothing until they are cleared; the netlist's flip-flops begin with ones.
  void prologue() override {
    RandomTileProgram::prologue();
    emit(isa::Op::kLui, {kRows, 0, 0, std::int32_t{-0x7fffffff - 1}});
    for (std::int32_t bank = 0; bank < 4; ++bank)
      emit(isa::Op::kAdda, {0, kRows, 0, bank | kClear});
    emit(isa::Op::kWait, {0, 0, 0, kTensor});
  }

 private:
  static constexpr std::uint8_t kRows = 28;
  static constexpr std::int32_t kClear = 4, kTensor = 1;
};

// Returns the cycles.
std::uint64_t run(SweepTiles& tile, std::uint64_t seed, Verdict& verdict) {
  tile.load(TimelessProgram(seed, VLEN, kDmemBytes, WMEM_KIB * 8192 / VLEN)
                .make(std::min(600U, kImemWords - std::min(kImemWords / 2, 100U))));
  const std::uint64_t cycles = tile.run();
  verdict.expect(cycles > 0, "no end", seed);
  verdict.expect(tile.mesh().run() == iss::MeshState::kHalted, "halt", seed);
  verdict.expect(tile.error() == (tile.mesh().tile(0, 0).core().halt_code() != 0), "error_o", seed);
  verdict.expect(tile.same_dmem(), "DMEM", seed);
  return cycles;
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  using namespace tilewright::rtl;
  const std::uint64_t programs = size_argument(argc, argv, 3);
  Verdict verdict("rtl.gates");
  SweepTiles tile;
  std::uint64_t cycles = 0, retired = 0;
  for (std::uint64_t seed = 1; seed <= programs && verdict.ok(); ++seed) {
    cycles += run(tile, seed, verdict);
    retired += tile.mesh().retired();
  }
  return verdict.report(std::to_string(programs) + " programs, " + std::to_string(retired) +
                        " instructions in " + std::to_string(cycles) + " cycles");
}
