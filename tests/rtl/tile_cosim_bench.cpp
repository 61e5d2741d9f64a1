// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_tile beside the instruction-set simulator on random programs: every instruction that retires,
// then DMEM, in which the programs leave their accumulators. The model's parameters are FETCH,
// XRWP, VLEN, IMEM_KIB, DMEM_KIB and WMEM_KIB; its images are written into its memories.
#include <algorithm>
#include <cstring>
#include <vector>

#include "Vdut.h"
#include "Vdut___024root.h"
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

class Bench {
 public:
  Bench() : tile_(mesh_.add(shape(), wmem())) {
    // The memories' images are read at the first evaluation.
    write_image("imem.hex", {std::vector<std::uint32_t>(FETCH)});
    write_image("wmem.hex", rows_of(wmem_));
    dut_.ready_i = 15;
    reset(dut_);
  }

  void run(std::uint64_t seed) {
    load(program_of(seed), seed);
    dut_.start_i = 1;
    tick();
    dut_.start_i = 0;
    retirements_.begin();
    std::uint64_t quiet = 0;
    while (dut_.done_o == 0 && quiet < kPatience && verdict_.ok()) {
      quiet = observe() > 0 ? 0 : quiet + 1;
      tick();
    }
    verdict_.expect(dut_.done_o != 0, "no end", seed);
    verdict_.expect(retirements_.none_left(), "an instruction did not retire", seed);
    tile_.core().step();
    verdict_.expect(tile_.core().state() == iss::CoreState::kHalted, "halt", seed);
    verdict_.expect((dut_.error_o != 0) == (tile_.core().halt_code() != 0), "error_o", seed);
    compare_dmem(seed);
  }

  std::uint64_t retired() const { return retired_; }
  bool ok() const { return verdict_.ok(); }
  int report() const {
    return verdict_.report(std::to_string(retired_) + " instructions in " +
                           std::to_string(cycles_) + " cycles");
  }

 private:
  static constexpr std::uint64_t kPatience = 20000;

  // About as many words as the seed says, fewer where they would not fit.
  static std::vector<std::uint32_t> program_of(std::uint64_t seed) {
    auto words = std::min(100 + static_cast<std::uint32_t>(seed * 37 % 900), kImemWords);
    while (true) {
      auto program = RandomTileProgram(seed, VLEN, kDmemBytes, kWmemRows).make(words);
      if (program.size() <= kImemWords) return program;
      words -= words / 8;
    }
  }

  static iss::TileShape shape() { return {VLEN, {IMEM_KIB * 1024, kDmemBytes}, 1, 1}; }
  // Elements of any type: of fp16, few are special.
  std::vector<std::uint8_t>& wmem() {
    Random random(99);
    wmem_.resize(std::size_t{WMEM_KIB} * 1024);
    for (auto& byte : wmem_) byte = static_cast<std::uint8_t>(random.next());
    return wmem_;
  }
  static std::vector<std::vector<std::uint32_t>> rows_of(const std::vector<std::uint8_t>& bytes) {
    std::vector<std::vector<std::uint32_t>> rows(bytes.size() / (VLEN / 8));
    for (std::size_t r = 0; r < rows.size(); ++r) {
      rows[r].resize(kRowWords);
      std::memcpy(rows[r].data(), &bytes[r * (VLEN / 8)], VLEN / 8);
    }
    return rows;
  }

  auto& dmem_row(std::size_t row) {
    return dut_.rootp->tcc_tile__DOT__u_compute__DOT__u_dmem__DOT__mem[row];
  }

  void load(const std::vector<std::uint32_t>& program, std::uint64_t seed) {
    auto& rom = dut_.rootp->tcc_tile__DOT__u_imem__DOT__gen_rom__DOT__rom;
    for (std::size_t i = 0; i < kImemWords; ++i)
      set_word(rom[i / FETCH], i % FETCH, i < program.size() ? program[i] : 0);
    iss::Core& core = tile_.core();
    core.load(program);
    Random random(seed);
    for (auto& byte : core.dmem()) byte = static_cast<std::uint8_t>(random.next());
    for (std::size_t i = 0; i < kDmemBytes / 4; ++i)
      set_word(dmem_row(i / kRowWords), i % kRowWords, word_at(core.dmem(), i));
  }

  static std::uint32_t word_at(std::span<const std::uint8_t> bytes, std::size_t index) {
    std::uint32_t value = 0;
    std::memcpy(&value, &bytes[4 * index], 4);
    return value;
  }

  void compare_dmem(std::uint64_t seed) {
    for (std::size_t i = 0; i < kDmemBytes / 4; ++i) {
      verdict_.expect(
          word(dmem_row(i / kRowWords), i % kRowWords) == word_at(tile_.core().dmem(), i), "DMEM",
          seed);
    }
  }

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
    const std::uint32_t settled = retirements_.settle();
    retired_ += settled;
    return settled;
  }

  void tick() {
    clock(dut_);
    ++cycles_;
  }

  Verdict verdict_{"rtl.tile_cosim"};
  std::vector<std::uint8_t> wmem_;
  iss::Mesh mesh_{1, 1};
  iss::Tile& tile_;
  Vdut dut_;
  Retirements retirements_{tile_.core(), verdict_, [this] { mesh_.deliver(); }};
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
