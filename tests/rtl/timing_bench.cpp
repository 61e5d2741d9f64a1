// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// The simulator's timing beside the RTL's: cycles of the programs of the parameter sweep and of
// random ones on two tiles. Prints each, and fails where the error is larger than stated. The
// model's parameters are those of SweepTiles, STANUM, XDPNUM, XRWP, VDPNUM and VRWP.
#include <cmath>

#include "codegen/assembler.h"
#include "random_tile_program.h"
#include "support/file.h"
#include "sweep_tiles.h"

namespace tilewright::rtl {
namespace {

// Of a program, and of all random ones together.
constexpr double kMostError = 0.03, kMostRandomError = 0.06;
constexpr const char* kPrograms[] = {"fetch",  "stanum", "xdpnum", "xr_wp",
                                     "vdpnum", "vr_wp",  "vlen",   "dflit"};

struct Cycles {
  std::uint64_t rtl = 0, model = 0;
  double error() const { return static_cast<double>(model) / static_cast<double>(rtl) - 1; }
};

class Bench {
 public:
  // What is loaded. Random programs leave numbers of cycles in DMEM, of which the simulator knows
  // nothing.
  Cycles run(const std::string& name, bool compares) {
    tiles_.time({FETCH, STANUM, XDPNUM, XRWP, VDPNUM, VRWP, VLEN, DFLIT});
    const std::uint64_t rtl = tiles_.run();
    verdict_.expect(rtl > 0, (name + ": no end").c_str());
    verdict_.expect(tiles_.mesh().run() == iss::MeshState::kHalted, (name + ": halt").c_str());
    verdict_.expect(!compares || tiles_.same_dmem(), (name + ": DMEM").c_str());
    return {rtl, tiles_.mesh().cycles()};
  }

  void sweep_programs() {
    const std::string names = ".equ ROW, " + std::to_string(VLEN / 8) + "\n.equ BLOCKS, " +
                              std::to_string(256 / (VLEN / 16)) + "\n";
    for (const std::string name : kPrograms) {
      const std::string path = std::string(PROGRAMS) + "/" + name + ".s";
      const std::vector<std::uint32_t> words = assemble(names + read_file(path), path).words;
      if (words.size() > kImemWords) continue;
      tiles_.load(words);
      show(name, run(name, true), kMostError);
    }
  }

  void random_programs(std::uint32_t count) {
    Cycles sum;
    double worst = 0;
    for (std::uint32_t seed = 1; seed <= count; ++seed) {
      for (std::uint32_t x = 0; x < kTiles; ++x) {
        RandomTileProgram maker(2 * seed + x, VLEN, kDmemBytes, WMEM_KIB * 8192 / VLEN);
        maker.talk(x, random_talks(seed, 2));
        tiles_.load(x, maker.make(kImemWords / 4));
      }
      const Cycles cycles = run("random program " + std::to_string(seed), false);
      sum.rtl += cycles.rtl;
      sum.model += cycles.model;
      worst = std::max(worst, std::abs(cycles.error()));
    }
    show("random", sum, kMostRandomError);
    std::printf("worst random program: %.1f %%\n", 100 * worst);
  }

  int report() const { return verdict_.report("timing of the simulator"); }

 private:
  void show(const std::string& name, const Cycles& cycles, double most) {
    std::printf("%s: %llu cycles, model %llu (%+.1f %%)\n", name.c_str(),
                static_cast<unsigned long long>(cycles.rtl),
                static_cast<unsigned long long>(cycles.model), 100 * cycles.error());
    verdict_.expect(std::abs(cycles.error()) <= most, (name + ": error of the model").c_str());
  }

  Verdict verdict_{"rtl.timing"};
  SweepTiles tiles_;
};

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  using namespace tilewright::rtl;
  Bench bench;
  bench.sweep_programs();
  bench.random_programs(static_cast<std::uint32_t>(size_argument(argc, argv, 50)));
  return bench.report();
}
