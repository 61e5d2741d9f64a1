// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_fp16_mac against the golden exact sum, checked after every term: corner operands crossed with
// each other, random operands over all classes, fp32 addends, clears, both banks, and overflow of
// the accumulator.
#include <array>
#include <vector>

#include "Vdut.h"
#include "golden_fp16.h"
#include "network_bench.h"

namespace {

using namespace tilewright::rtl;

// {nan, inf, sign, exponent - 1, significand}, the engine's decoded activation.
std::uint32_t decode_fp16(std::uint16_t h) {
  const std::uint32_t exponent = (h >> 10) & 31U, normal = exponent != 0;
  return (std::uint32_t{is_nan16(h)} << 18) | (std::uint32_t{is_inf16(h)} << 17) |
         ((h >> 15) << 16) | ((exponent - normal) << 11) | (normal << 10) | (h & 1023U);
}

struct Addend {
  bool nan, inf, negative;
  std::uint32_t shift, significand;
};

class Bench {
 public:
  Bench() { model_.eval(); }

  void multiply(std::uint16_t weight, std::uint16_t x, unsigned bank, bool clear) {
    model_.mul_en_i = 1;
    model_.w_i = weight;
    model_.xd_i = decode_fp16(x);
    accumulate(bank, clear);
    sums_[bank].add_product(x, weight);
    compare(bank);
  }

  void add(const Addend& a, unsigned bank, bool clear) {
    model_.add_en_i = 1;
    model_.addend_i = (std::uint64_t{a.nan} << 33) | (std::uint64_t{a.inf} << 32) |
                      (std::uint64_t{a.negative} << 31) | (std::uint64_t{a.shift} << 24) |
                      a.significand;
    accumulate(bank, clear);
    long double value =
        std::ldexp(static_cast<long double>(a.significand), static_cast<int>(a.shift) - 48);
    if (a.inf) value = HUGE_VALL;
    if (a.nan) value = std::nanl("");
    sums_[bank].add(a.negative ? -value : value);
    compare(bank);
  }

  Verdict verdict{"fp16_mac"};
  std::uint64_t terms = 0;

 private:
  // M stage, then A stage.
  void accumulate(unsigned bank, bool clear) {
    model_.acc_en_i = 0;
    clock(model_);
    model_.mul_en_i = model_.add_en_i = 0;
    model_.acc_en_i = 1;
    model_.acc_bank_i = bank & 1U;
    model_.acc_clr_i = clear;
    clock(model_);
    if (clear) sums_[bank].clear();
  }

  // The bank just written and the other one, which must not have moved.
  void compare(unsigned bank) {
    ++terms;
    for (const unsigned b : {bank, 1 - bank}) {
      if (!used_[b] && b != bank) continue;
      model_.rd_bank_i = b & 1U;
      model_.eval();
      const auto units = static_cast<UInt128>(sums_[b].units());
      for (std::size_t word = 0; word < 3; ++word)
        verdict.expect(model_.acc_o[word] == static_cast<std::uint32_t>(units >> (32 * word)),
                       "sum", terms);
      const int flags = (sums_[b].nan() << 2) | (sums_[b].negative_infinity() << 1) |
                        static_cast<int>(sums_[b].positive_infinity());
      verdict.expect(model_.flags_o == flags, "flags", terms);
    }
    used_[bank] = true;
  }

  Vdut model_;
  std::array<ExactSum, 2> sums_;
  std::array<bool, 2> used_{};
};

void cross_corners(Bench& bench) {
  std::vector<std::uint16_t> corners;
  static constexpr std::array<std::uint16_t, 20> kMagnitudes{
      0x0000, 0x0001, 0x0002, 0x0200, 0x03FE, 0x03FF, 0x0400, 0x0401, 0x07FF, 0x1400,
      0x3BFF, 0x3C00, 0x3C01, 0x5555, 0x7BFE, 0x7BFF, 0x7C00, 0x7C01, 0x7E00, 0x7FFF};
  for (const std::uint16_t magnitude : kMagnitudes) {
    corners.push_back(magnitude);
    corners.push_back(magnitude | 0x8000U);
  }
  for (const std::uint16_t a : corners)
    for (const std::uint16_t b : corners) bench.multiply(a, b, 0, true);
}

// Specials carry no significand: the decoder's promise to the lane.
Addend random_addend(Random& random) {
  Addend addend{false, false, random.below(2) == 0, random.below(72), 0};
  addend.nan = random.below(200) == 0;
  addend.inf = !addend.nan && random.below(200) == 0;
  if (!addend.nan && !addend.inf) addend.significand = random.word() >> (8 + random.below(24));
  return addend;
}

void random_terms(Bench& bench, Random& random, std::uint64_t count) {
  for (unsigned bank : {0U, 1U}) bench.multiply(0, 0, bank, true);
  for (std::uint64_t i = 0; i < count; ++i) {
    const unsigned bank = random.below(2);
    const bool clear = random.below(32) == 0;
    const auto specials = [&](std::uint32_t bits) {
      const bool special = (bits & 0x7C00U) == 0x7C00U;
      return static_cast<std::uint16_t>(special && random.below(16) != 0 ? bits ^ 0x4000U : bits);
    };
    if (random.below(4) != 0)
      bench.multiply(specials(random.word()), specials(random.word()), bank, clear);
    else
      bench.add(random_addend(random), bank, clear);
  }
}

// Runs each bank over the top: the infinity flag of the addend's sign must appear and stay.
void overflow(Bench& bench) {
  for (const bool negative : {false, true}) {
    const unsigned bank = negative;
    for (int i = 0; i < 4; ++i) bench.add({false, false, negative, 71, 0xFFFFFF}, bank, i == 0);
    bench.multiply(0x3C00, 0x3C00, bank, false);
    bench.multiply(0x3C00, 0x3C00, bank, true);
  }
}

}  // namespace

int main(int argc, char** argv) {
  Bench bench;
  Random random(3);
  cross_corners(bench);
  random_terms(bench, random, size_argument(argc, argv, 2000000));
  overflow(bench);
  return bench.verdict.report(std::to_string(bench.terms) + " terms, each sum bit-exact");
}
