// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_ni_lanes against the row buffers as one ring of words: a slice begins at a segment of a
// buffer, and a lane that is low takes its word a segment later. VLEN, LANES, BANKS: the model's.
#include <array>

#include "Vdut.h"
#include "network_bench.h"

namespace tilewright::rtl {
namespace {

constexpr std::uint32_t kRowWords = VLEN / 32, kSegments = kRowWords / LANES;
constexpr std::uint32_t kWords = BANKS * kRowWords;

int run(std::uint64_t checks) {
  Vdut dut;
  Verdict verdict("rtl.ni_lanes");
  Random random(24);
  for (std::uint64_t i = 0; i < checks; ++i) {
    for (std::uint32_t w = 0; w < kWords; ++w) set_word(dut.bank_i, w, random.word());
    const std::uint32_t use = random.below(BANKS), segment = random.below(kSegments);
    dut.use_i = static_cast<std::uint8_t>(use);
    dut.segment_i = static_cast<std::uint8_t>(segment);
    set_word(dut.low_i, 0, random.word() & ((std::uint64_t{1} << LANES) - 1));
    dut.eval();
    for (std::uint32_t l = 0; l < LANES; ++l) {
      const std::uint32_t later = (word(dut.low_i, 0) >> l & 1) * LANES;
      const std::uint32_t from = (use * kRowWords + segment * LANES + l + later) % kWords;
      verdict.expect(word(dut.lanes_o, l) == word(dut.bank_i, from), "lane", i);
    }
  }
  return verdict.report(std::to_string(checks) + " slices");
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  return tilewright::rtl::run(tilewright::rtl::size_argument(argc, argv, 50'000));
}
