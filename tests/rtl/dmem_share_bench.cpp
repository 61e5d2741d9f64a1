// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_dmem_share: any requests of both sides; the core's words in rows and out of them. VLEN and
// DMEM_KIB are the model's.
#include "Vdut.h"
#include "network_bench.h"

namespace tilewright::rtl {
namespace {

constexpr std::uint32_t kWords = VLEN / 32, kRows = DMEM_KIB * 8192 / VLEN;

// Bits `4 k + 3` to `4 k` of a mask of bytes, however wide.
std::uint32_t bytes_of_word(const auto& mask, std::uint32_t k) {
  return word(mask, k / 8) >> (4 * (k % 8)) & 15;
}

int run(std::uint64_t cycles) {
  Vdut dut;
  Verdict verdict("rtl.dmem_share");
  Random random(26);
  dut.clk_i = 0;
  std::uint32_t lane = 0;  // of the core's last request
  bool asked = false;
  for (std::uint64_t i = 0; i < cycles; ++i) {
    for (std::uint32_t w = 0; w < kWords; ++w) {
      set_word(dut.rdata_i, w, random.word());
      set_word(dut.n_wdata_i, w, random.word());
    }
    for (std::uint32_t w = 0; w < (kWords + 7) / 8; ++w) set_word(dut.n_we_i, w, random.word());
    const bool core = random.percent(50), network = random.percent(50);
    const std::uint32_t address = random.below(kRows * kWords), row = random.below(kRows);
    dut.c_req_i = core ? 1 : 0;
    dut.n_req_i = network ? 1 : 0;
    set_word(dut.c_addr_i, 0, address);
    set_word(dut.n_addr_i, 0, row);
    dut.c_we_i = static_cast<std::uint8_t>(random.below(16));
    dut.c_wdata_i = random.word();
    dut.eval();
    verdict.expect((dut.req_o != 0) == (core || network), "request", i);
    verdict.expect((dut.n_gnt_o != 0) == (network && !core), "grant", i);
    if (core || network) verdict.expect(dut.addr_o == (core ? address / kWords : row), "row", i);
    for (std::uint32_t w = 0; (core || network) && w < kWords; ++w) {
      const std::uint32_t here = w == address % kWords ? dut.c_we_i : 0;
      const std::uint32_t wanted = core ? here : bytes_of_word(dut.n_we_i, w);
      verdict.expect(bytes_of_word(dut.we_o, w) == wanted, "bytes", i);
      verdict.expect(word(dut.wdata_o, w) == (core ? dut.c_wdata_i : word(dut.n_wdata_i, w)),
                     "data", i);
    }
    if (asked) verdict.expect(dut.c_rdata_o == word(dut.rdata_i, lane), "the word read", i);
    if (core) lane = address % kWords;
    asked = asked || core;
    clock(dut);
  }
  return verdict.report(std::to_string(cycles) + " cycles");
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  return tilewright::rtl::run(tilewright::rtl::size_argument(argc, argv, 100'000));
}
