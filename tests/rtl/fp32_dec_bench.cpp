// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_fp32_dec: shifted significand and flags equal the golden's view of the same fp32, for every
// sign and exponent with corner and random fractions.
#include <array>

#include "Vdut.h"
#include "golden_fp16.h"
#include "network_bench.h"

using namespace tilewright::rtl;

int main(int argc, char** argv) {
  Vdut model;
  Verdict verdict("fp32_dec");
  Random random(2);
  std::uint64_t checks = 0;
  const std::uint64_t rounds = size_argument(argc, argv, 2000);
  static constexpr std::array<std::uint32_t, 5> kCorners{0, 1, 0x400000, 0x7FFFFE, 0x7FFFFF};
  for (std::uint32_t upper = 0; upper < 512; ++upper) {
    for (std::uint64_t round = 0; round < rounds; ++round) {
      const std::uint32_t fraction =
          round < kCorners.size() ? kCorners[round] : random.word() & 0x7FFFFFU;
      model.fp32_i = (upper << 23) | fraction;
      model.eval();
      ExactSum golden;
      golden.add_fp32(model.fp32_i);
      const bool nan = (model.addend_o >> 33) & 1U, inf = (model.addend_o >> 32) & 1U;
      const bool negative = (model.addend_o >> 31) & 1U;
      const Int128 magnitude = static_cast<Int128>(model.addend_o & 0xFFFFFFU)
                               << ((model.addend_o >> 24) & 127U);
      verdict.expect((negative ? -magnitude : magnitude) == golden.units(), "value", model.fp32_i);
      verdict.expect(nan == golden.nan(), "nan", model.fp32_i);
      verdict.expect((inf && negative) == golden.negative_infinity(), "-inf", model.fp32_i);
      verdict.expect((inf && !negative) == golden.positive_infinity(), "+inf", model.fp32_i);
      ++checks;
    }
  }
  return verdict.report(std::to_string(checks) + " values, every sign and exponent");
}
