// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_acc_cvt against the golden rounding: every fp16 and bf16 value and every tie between two of
// them with its neighbours, every leading bit with random and tie patterns, every special. The
// golden itself is held against the host's long double to float conversion.
#include <array>

#include "Vdut.h"
#include "golden_fp16.h"
#include "network_bench.h"

namespace {

using namespace tilewright::rtl;

class Bench {
 public:
  Bench() {
    model_.load_i = model_.abs_i = 1;
    model_.eval();
  }

  // Converts one accumulator to all formats, with and without relu.
  void check(const ExactSum& sum) {
    const auto units = static_cast<UInt128>(sum.units());
    for (std::size_t word = 0; word < 3; ++word)
      model_.acc_i[word] = static_cast<std::uint32_t>(units >> (32 * word));
    model_.flags_i = static_cast<std::uint8_t>((sum.nan() << 2) | (sum.negative_infinity() << 1) |
                                               static_cast<int>(sum.positive_infinity()));
    clock(model_);
    for (unsigned format = 0; format < 4; ++format) {
      model_.format_i = format & 3U;
      clock(model_);
      for (unsigned relu = 0; relu < 2; ++relu) {
        model_.relu_i = relu & 1U;
        model_.eval();
        const std::uint32_t expected = sum.read(static_cast<ReadAs>(format), relu != 0);
        verdict.expect(model_.result_o == expected, "result", conversions);
        ++conversions;
      }
    }
  }

  void check(Int128 units) {
    ExactSum sum;
    for (const Int128 signed_units : {units, -units}) {
      sum.set(signed_units, false, false, false);
      check(sum);
    }
  }

  Verdict verdict{"acc_cvt"};
  std::uint64_t conversions = 0;

 private:
  Vdut model_;
};

Int128 units_of(double value) {
  return static_cast<Int128>(std::ldexp(static_cast<long double>(value), 48));
}

// Every finite fp16, the ties above it, and one unit either side of each.
void check_fp16_grid(Bench& bench) {
  for (std::uint32_t h = 0; h < 0x7C00; ++h) {
    const Int128 here = units_of(to_double(static_cast<std::uint16_t>(h)));
    const Int128 next = h + 1 == 0x7C00 ? units_of(65536.0)
                                        : units_of(to_double(static_cast<std::uint16_t>(h + 1)));
    const Int128 tie = (here + next) / 2;
    for (int offset = -1; offset <= 1; ++offset) {
      bench.check(here + offset);
      bench.check(tie + offset);
    }
    ExactSum exact;
    exact.set(here, false, false, false);
    bench.verdict.expect(exact.read(kFp16) == h, "golden fp16 is not the identity on fp16", h);
  }
}

// Every bf16 from 2^-40, where its last place is a multiple of the unit, to the accumulator's end.
void check_bf16_grid(Bench& bench) {
  for (std::uint32_t b = (127 - 40) << 7; b < (127 + 47) << 7; ++b) {
    const Int128 here = units_of(bf16_to_double(static_cast<std::uint16_t>(b)));
    const Int128 tie = (here + units_of(bf16_to_double(static_cast<std::uint16_t>(b + 1)))) / 2;
    for (int offset = -1; offset <= 1; ++offset) {
      bench.check(here + offset);
      bench.check(tie + offset);
    }
    ExactSum exact;
    exact.set(here, false, false, false);
    bench.verdict.expect(exact.read(kBf16) == b, "golden bf16 is not the identity on bf16", b);
  }
}

// Both ends of int32 and small numbers, with fractions.
void check_int32(Bench& bench) {
  const Int128 one = Int128{1} << 48;
  for (const Int128 middle : {Int128{0}, Int128{1} << 31, Int128{1} << 32}) {
    for (int offset = -300; offset <= 300; ++offset)
      for (const Int128 fraction : {Int128{0}, Int128{1}, one / 2, one - 1})
        bench.check((middle + offset) * one + fraction);
  }
}

// Leading bit 0..94 with random, tie and all-ones tails.
void check_every_magnitude(Bench& bench, Random& random, std::uint64_t rounds) {
  for (std::uint64_t round = 0; round < rounds; ++round) {
    for (unsigned lead = 0; lead <= 94; ++lead) {
      const UInt128 one = 1;
      const UInt128 tail = ((UInt128{random.next()} << 64) | random.next()) & ((one << lead) - 1);
      const unsigned cut = lead == 0 ? 0 : random.below(lead + 1);
      const UInt128 low = (one << cut) - 1;
      const std::array<UInt128, 4> tails{
          tail, tail & ~low, (tail & ~low) | (cut > 0 ? one << (cut - 1) : 0), tail | low};
      for (const UInt128 t : tails) bench.check(static_cast<Int128>((one << lead) | t));
    }
  }
  ExactSum lowest;
  lowest.set(-(Int128{1} << 95), false, false, false);
  bench.check(lowest);
}

void check_specials(Bench& bench, Random& random) {
  for (unsigned flags = 0; flags < 8; ++flags) {
    for (int i = 0; i < 100; ++i) {
      ExactSum sum;
      const Int128 units = i == 0 ? 0 : static_cast<Int128>(random.next()) - (Int128{1} << 63);
      sum.set(units, (flags & 4U) != 0, (flags & 2U) != 0, (flags & 1U) != 0);
      bench.check(sum);
    }
  }
}

// The golden's fp32 rounding equals the host's where the host can express the operand (64-bit
// significand).
void check_golden(Verdict& verdict, Random& random) {
  for (std::uint64_t i = 0; i < 200000; ++i) {
    const std::uint64_t significand = random.next() >> random.below(64);
    const unsigned shift = random.below(32);
    ExactSum sum;
    sum.set(static_cast<Int128>(UInt128{significand} << shift), false, false, false);
    const auto host = static_cast<float>(
        std::ldexp(static_cast<long double>(significand), static_cast<int>(shift) - 48));
    verdict.expect(std::bit_cast<std::uint32_t>(host) == sum.read(kFp32),
                   "golden differs from host", i);
  }
}

}  // namespace

int main(int argc, char** argv) {
  Bench bench;
  Random random(1);
  check_golden(bench.verdict, random);
  check_fp16_grid(bench);
  check_bf16_grid(bench);
  check_int32(bench);
  check_every_magnitude(bench, random, size_argument(argc, argv, 1000));
  check_specials(bench, random);
  return bench.verdict.report(std::to_string(bench.conversions) +
                              " conversions, every fp16 and bf16 value and tie, bit-exact");
}
