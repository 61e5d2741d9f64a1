// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Two tiles (tcc_tile) beside the instruction-set simulator on random programs that exchange
// messages, the links between them closed in none to half of the cycles: every instruction that
// retires, then DMEM, in which the programs leave their accumulators. The model's parameters are
// FETCH, XRWP, VDPNUM, VLEN, DFLIT, IMEM_KIB, DMEM_KIB and WMEM_KIB; its images are written into
// its memories.
#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <vector>

#include "Vdut.h"
#include "Vdut___024root.h"
#include "cycle_mesh.h"
#include "image.h"
#include "random_tile_program.h"
#include "retirement.h"
#include "verify/iss/mesh.h"

namespace tilewright::rtl {
namespace {

constexpr std::uint32_t kChannels = XRWP + VDPNUM, kRowWords = VLEN / 32;
constexpr std::uint32_t kDmemBytes = DMEM_KIB * 1024;
constexpr std::uint32_t kImemWords = IMEM_KIB * 256 / FETCH * FETCH;  // that can be fetched
constexpr std::uint32_t kWmemRows = WMEM_KIB * 8192 / VLEN;

// One of them and its simulator.
class Side {
  auto& dmem_row(std::size_t row) {
    return dut_.rootp->tcc_tile__DOT__u_compute__DOT__u_dmem__DOT__mem[row];
  }

 public:
  Side(iss::Mesh& mesh, std::uint32_t x, std::span<const std::uint8_t> wmem, Verdict& verdict)
      : tile_(mesh.add(shape(), wmem)),
        verdict_(verdict),
        retirements_(tile_.core(), verdict, [&mesh](const auto&, const auto&) { mesh.deliver(); }) {
    dut_.x_i = static_cast<std::uint8_t>(x);
    dut_.ready_i = 15;
    reset(dut_);
  }

  void load(const std::vector<std::uint32_t>& program, std::uint64_t seed) {
    auto& rom = dut_.rootp->tcc_tile__DOT__u_imem__DOT__gen_rom__DOT__rom;
    for (std::uint32_t i = 0; i < kImemWords; ++i)
      set_word(rom[i / FETCH], i % FETCH, i < program.size() ? program[i] : 0);
    iss::Core& core = tile_.core();
    core.load(program);
    Random random(seed);
    for (auto& byte : core.dmem()) byte = static_cast<std::uint8_t>(random.next());
    for (std::size_t i = 0; i < kDmemBytes / 4; ++i)
      set_word(dmem_row(i / kRowWords), i % kRowWords, golden_word(i));
    retirements_.begin();
  }

  // What retires in this cycle; how many instructions the simulator did.
  std::uint32_t observe() {
    const auto& root = *dut_.rootp;
    for (std::uint32_t k = 0; k < kChannels; ++k) {
      if (((root.tcc_tile__DOT__ret_valid >> k) & 1U) == 0) continue;
      Retirement r{word(root.tcc_tile__DOT__ret_pc, k), word(root.tcc_tile__DOT__ret_word, k),
                   word(root.tcc_tile__DOT__ret_value, k)};
      if (k == XRWP) {
        r.address = root.tcc_tile__DOT__ret_address;
        r.mask = root.tcc_tile__DOT__ret_mask;
      }
      retirements_.see(word(root.tcc_tile__DOT__ret_order, k), r);
    }
    return retirements_.settle();
  }

  void compare_end(std::uint64_t seed) {
    verdict_.expect(dut_.done_o != 0, "no end", seed);
    verdict_.expect(retirements_.none_left(), "an instruction did not retire", seed);
    iss::Core& core = tile_.core();
    core.step();
    verdict_.expect(core.state() == iss::CoreState::kHalted, "halt", seed);
    verdict_.expect((dut_.error_o != 0) == (core.halt_code() != 0), "error_o", seed);
    for (std::size_t i = 0; i < kDmemBytes / 4; ++i)
      verdict_.expect(word(dmem_row(i / kRowWords), i % kRowWords) == golden_word(i), "DMEM", seed);
  }

  Vdut& dut() { return dut_; }

 private:
  static iss::TileShape shape() { return {VLEN, {IMEM_KIB * 1024, kDmemBytes}, 2, 1}; }
  std::uint32_t golden_word(std::size_t index) {
    std::uint32_t value = 0;
    std::memcpy(&value, &tile_.core().dmem()[4 * index], 4);
    return value;
  }

  iss::Tile& tile_;
  Verdict& verdict_;
  Retirements retirements_;
  Vdut dut_;
};

class Bench {
 public:
  Bench() : mesh_(2, 1) {
    // Elements of any type: of fp16, few are special.
    Random random(99);
    for (auto& byte : wmem_) byte = static_cast<std::uint8_t>(random.next());
    // The memories' images are read at the first evaluation.
    write_image("imem.hex", {std::vector<std::uint32_t>(FETCH)});
    write_image("wmem.hex", wmem_rows());
    for (std::uint32_t x = 0; x < 2; ++x)
      sides_[x] = std::make_unique<Side>(mesh_, x, wmem_, verdict_);
  }

  void run(std::uint64_t seed) {
    Random random(seed);
    const std::uint32_t stalls = static_cast<std::uint32_t>(seed) % kMostStalls;
    const std::vector<Talk> talks = random_talks(seed, random.below(5));
    for (std::uint32_t x = 0; x < 2; ++x) {
      const std::uint64_t own = 2 * seed + x;
      sides_[x]->load(program_of(own, x, talks), own);
    }
    start(1);
    tick(random, stalls);
    start(0);
    std::uint64_t quiet = 0;
    while (!done() && quiet < kPatience && verdict_.ok()) {
      const std::uint32_t settled = sides_[0]->observe() + sides_[1]->observe();
      retired_ += settled;
      quiet = settled > 0 ? 0 : quiet + 1;
      tick(random, stalls);
    }
    for (int pass = 0; pass < 2; ++pass) {  // what waited for the other
      for (auto& side : sides_) retired_ += side->observe();
    }
    for (auto& side : sides_) side->compare_end(seed);
  }

  std::uint64_t retired() const { return retired_; }
  bool ok() const { return verdict_.ok(); }
  int report() const {
    return verdict_.report(std::to_string(retired_) + " instructions in " +
                           std::to_string(cycles_) + " cycles of two tiles");
  }

 private:
  static constexpr std::uint64_t kPatience = 20000;
  static constexpr std::uint32_t kMostStalls = 51, kEast = 1, kWest = 3;

  // About as many words as the seed says, fewer where they would not fit.
  static std::vector<std::uint32_t> program_of(std::uint64_t seed, std::uint32_t x,
                                               const std::vector<Talk>& talks) {
    auto words = std::min(100 + static_cast<std::uint32_t>(seed * 37 % 900), kImemWords);
    while (true) {
      RandomTileProgram maker(seed, VLEN, kDmemBytes, kWmemRows);
      maker.talk(x, talks);
      auto program = maker.make(words);
      if (program.size() <= kImemWords) return program;
      words -= words / 8;
    }
  }

  std::vector<std::vector<std::uint32_t>> wmem_rows() const {
    std::vector<std::vector<std::uint32_t>> rows(wmem_.size() / (VLEN / 8));
    for (std::size_t r = 0; r < rows.size(); ++r) {
      rows[r].resize(kRowWords);
      std::memcpy(rows[r].data(), &wmem_[r * (VLEN / 8)], VLEN / 8);
    }
    return rows;
  }

  void start(std::uint8_t level) {
    for (auto& side : sides_) side->dut().start_i = level;
  }
  bool done() { return sides_[0]->dut().done_o != 0 && sides_[1]->dut().done_o != 0; }

  void tick(Random& random, std::uint32_t stalls) {
    link_tiles(sides_[0]->dut(), kEast, sides_[1]->dut(), kWest, DFLIT / 32,
               !random.percent(stalls));
    link_tiles(sides_[1]->dut(), kWest, sides_[0]->dut(), kEast, DFLIT / 32,
               !random.percent(stalls));
    for (auto& side : sides_) clock(side->dut());
    ++cycles_;
  }
  Verdict verdict_{"rtl.tile_cosim"};
  std::vector<std::uint8_t> wmem_ = std::vector<std::uint8_t>(std::size_t{WMEM_KIB} * 1024);
  iss::Mesh mesh_;
  std::array<std::unique_ptr<Side>, 2> sides_;
  std::uint64_t retired_ = 0, cycles_ = 0;
};

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  using namespace tilewright::rtl;
  const std::uint64_t instructions = size_argument(argc, argv, 30000);
  Bench bench;
  for (std::uint64_t seed = 1; bench.retired() < instructions && bench.ok(); ++seed)
    bench.run(seed);
  return bench.report();
}
