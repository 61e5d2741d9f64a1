// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_vrf against sixteen rows: any reads, any write of each bank's own registers. VLEN, VRWP and
// READS are the model's.
#include <array>

#include "Vdut.h"
#include "network_bench.h"

namespace tilewright::rtl {
namespace {

constexpr std::uint32_t kWords = VLEN / 32, kRegisters = 16;

int run(std::uint64_t cycles) {
  Vdut dut;
  Verdict verdict("rtl.vrf");
  Random random(33);
  std::array<std::array<std::uint32_t, kWords>, kRegisters> rows{};
  std::uint32_t written = 0;
  reset(dut);
  for (std::uint64_t i = 0; i < cycles; ++i) {
    std::array<std::uint32_t, READS> reads{};
    for (std::uint32_t p = 0; p < READS; ++p) reads[p] = random.below(kRegisters);
    std::uint64_t all = 0;
    for (std::uint32_t p = 0; p < READS; ++p) all |= std::uint64_t{reads[p]} << (4 * p);
    set_word(dut.read_reg_i, 0, static_cast<std::uint32_t>(all));
    std::uint32_t write = 0, registers = 0;
    for (std::uint32_t b = 0; b < VRWP; ++b) {
      write |= (random.percent(50) ? 1U : 0U) << b;
      registers |= (random.below(kRegisters / VRWP) * VRWP + b) << (4 * b);
      for (std::uint32_t w = 0; w < kWords; ++w)
        set_word(dut.write_data_i, b * kWords + w, random.word());
    }
    dut.write_i = static_cast<std::uint8_t>(write);
    set_word(dut.write_reg_i, 0, registers);
    dut.eval();
    for (std::uint32_t p = 0; p < READS; ++p) {
      for (std::uint32_t w = 0; w < kWords && (written >> reads[p] & 1) != 0; ++w)
        verdict.expect(word(dut.read_o, p * kWords + w) == rows[reads[p]][w], "read", i);
    }
    for (std::uint32_t b = 0; b < VRWP; ++b) {
      if ((write >> b & 1) == 0) continue;
      const std::uint32_t r = registers >> (4 * b) & 15;
      written |= 1U << r;
      for (std::uint32_t w = 0; w < kWords; ++w)
        rows[r][w] = word(dut.write_data_i, b * kWords + w);
    }
    clock(dut);
  }
  return verdict.report(std::to_string(cycles) + " cycles");
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  return tilewright::rtl::run(tilewright::rtl::size_argument(argc, argv, 50'000));
}
