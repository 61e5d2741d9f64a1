// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_vbank: any results, a row and a special function's result for any registers; one at most of
// the lanes' is for this bank. VDPNUM, VRWP, BANK and VLEN are the model's.
#include <array>
#include <optional>

#include "Vdut.h"
#include "network_bench.h"

namespace tilewright::rtl {
namespace {

constexpr std::uint32_t kWords = VLEN / 32, kRegisters = 16;

bool here(std::uint32_t vd) {
  return vd % VRWP == BANK;
}

int run(std::uint64_t checks) {
  Vdut dut;
  Verdict verdict("rtl.vbank");
  Random random(32);
  std::uint64_t writes = 0;
  for (std::uint64_t i = 0; i < checks; ++i) {
    std::optional<std::uint32_t> lane;
    std::array<std::uint32_t, VDPNUM> vds{};
    std::uint32_t all = 0;
    for (std::uint32_t n = 0; n < VDPNUM; ++n) {
      vds[n] = random.below(kRegisters);
      all |= vds[n] << (4 * n);
      const bool valid = random.percent(60) && !(lane && here(vds[n]));
      if (valid && here(vds[n])) lane = n;
      if (n == 0) dut.alu_valid_i = 0;
      dut.alu_valid_i = static_cast<std::uint8_t>(dut.alu_valid_i | (valid ? 1U << n : 0U));
      for (std::uint32_t w = 0; w < kWords; ++w)
        set_word(dut.alu_result_i, n * kWords + w, random.word());
    }
    set_word(dut.alu_vd_i, 0, all);
    for (std::uint32_t w = 0; w < kWords; ++w) {
      set_word(dut.load_row_i, w, random.word());
      set_word(dut.sfu_result_i, w, random.word());
    }
    const bool load = random.percent(60), sfu = random.percent(60);
    const std::uint32_t load_vd = random.below(kRegisters), sfu_vd = random.below(kRegisters);
    dut.load_valid_i = load ? 1 : 0;
    dut.sfu_valid_i = sfu ? 1 : 0;
    dut.load_vd_i = static_cast<std::uint8_t>(load_vd);
    dut.sfu_vd_i = static_cast<std::uint8_t>(sfu_vd);
    dut.eval();
    const bool by_load = !lane && load && here(load_vd),
               by_sfu = !lane && !by_load && sfu && here(sfu_vd);
    verdict.expect((dut.load_taken_o != 0) == by_load, "a row is taken", i);
    verdict.expect((dut.sfu_taken_o != 0) == by_sfu, "a special function's is taken", i);
    const bool write = lane || by_load || by_sfu;
    verdict.expect((dut.write_o != 0) == write, "write", i);
    if (!write) continue;
    ++writes;
    const std::uint32_t vd = lane ? vds[*lane] : by_load ? load_vd : sfu_vd;
    verdict.expect(dut.vd_o == vd, "register", i);
    for (std::uint32_t w = 0; w < kWords; ++w) {
      const std::uint32_t wanted = lane      ? word(dut.alu_result_i, *lane * kWords + w)
                                   : by_load ? word(dut.load_row_i, w)
                                             : word(dut.sfu_result_i, w);
      verdict.expect(word(dut.data_o, w) == wanted, "data", i);
    }
  }
  return verdict.report(std::to_string(checks) + " cycles, " + std::to_string(writes) + " writes");
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  return tilewright::rtl::run(tilewright::rtl::size_argument(argc, argv, 100'000));
}
