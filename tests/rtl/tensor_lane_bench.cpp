// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_tensor_lane and tcc_tensor_xdec against the golden exact sum, 32 lanes at a time: for every
// type every activation times corner weights and every weight times corner activations; mixed
// terms, addends and clears over all banks, checked after every term; overflow of the accumulator;
// then random dot products, as many terms as the argument says.
#include <algorithm>
#include <array>
#include <vector>

#include "Vdut.h"
#include "golden_fp16.h"
#include "network_bench.h"

namespace {

using namespace tilewright::rtl;

constexpr std::size_t kLanes = 32;
constexpr std::size_t kBanks = 4;
constexpr std::uint64_t kWhole = 2000000;  // random terms of a run that leaves out no operand
constexpr std::array kTypes{Type::kFp16, Type::kBf16, Type::kInt8};
using Weights = std::array<std::uint16_t, kLanes>;

struct Addend {
  bool nan, inf, negative;
  std::uint32_t shift, significand;
};

class Bench {
 public:
  Bench() {
    model_.rd_en_i = 1;
    model_.eval();
  }

  void multiply(Type type, std::uint16_t x, const Weights& weights, unsigned bank, bool clear) {
    model_.mul_en_i = 1;
    model_.type_i = static_cast<std::uint8_t>(type) & 3U;
    model_.x_i = x;
    for (std::size_t i = 0; i < kLanes / 2; ++i)
      model_.w_i[i] = weights[2 * i] | (std::uint32_t{weights[2 * i + 1]} << 16);
    advance(bank, clear);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      ExactSum& sum = sums_[bank][lane];
      if (clear) sum.clear();
      sum.add_product(x, weights[lane], type);
    }
    terms += kLanes;
  }

  void add(const Addend& a, unsigned bank, bool clear) {
    model_.add_en_i = 1;
    model_.addend_i = (std::uint64_t{a.nan} << 33) | (std::uint64_t{a.inf} << 32) |
                      (std::uint64_t{a.negative} << 31) | (std::uint64_t{a.shift} << 24) |
                      a.significand;
    advance(bank, clear);
    long double value =
        std::ldexp(static_cast<long double>(a.significand), static_cast<int>(a.shift) - 48);
    if (a.inf) value = HUGE_VALL;
    if (a.nan) value = std::nanl("");
    for (ExactSum& sum : sums_[bank]) {
      if (clear) sum.clear();
      sum.add(a.negative ? -value : value);
    }
    terms += kLanes;
  }

  // Lets the last term reach its bank and compares all lanes of all banks used so far.
  void compare() {
    drain();
    expect_nothing_unasked();
    for (unsigned bank = 0; bank < kBanks; ++bank)
      if (used_[bank]) compare(bank);
  }
  // The same for the banks in question only.
  void compare_only(unsigned bank) {
    drain();
    compare(bank);
  }

  Verdict verdict{"tensor_lane"};
  std::uint64_t terms = 0;

 private:
  // One cycle: the new term into M, the one before it into its bank.
  void advance(unsigned bank, bool clear) {
    clock(model_);
    model_.mul_en_i = model_.add_en_i = 0;
    model_.acc_en_i = 1;
    model_.acc_bank_i = bank & 3U;
    model_.acc_clr_i = clear;
    used_[bank] = true;
  }

  void drain() {
    clock(model_);
    model_.acc_en_i = 0;
  }

  // A lane that nobody asks shows zeros.
  void expect_nothing_unasked() {
    model_.rd_en_i = 0;
    model_.eval();
    const auto zero = [](const auto& port) {
      return std::all_of(&port[0], &port[0] + sizeof port / sizeof port[0],
                         [](std::uint32_t word) { return word == 0; });
    };
    verdict.expect(zero(model_.acc_o) && zero(model_.flags_o), "shown unasked", terms);
    model_.rd_en_i = 1;
  }

  void compare(unsigned bank) {
    model_.rd_bank_i = bank & 3U;
    model_.eval();
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const ExactSum& sum = sums_[bank][lane];
      const auto units = static_cast<UInt128>(sum.units());
      for (std::size_t word = 0; word < 3; ++word)
        verdict.expect(
            model_.acc_o[3 * lane + word] == static_cast<std::uint32_t>(units >> (32 * word)),
            "sum", terms);
      std::uint32_t flags = 0;
      for (std::size_t bit = 3 * lane; bit < 3 * lane + 3; ++bit)
        flags |= ((model_.flags_o[bit / 32] >> (bit % 32)) & 1U) << (bit - 3 * lane);
      const std::uint32_t expected = (std::uint32_t{sum.nan()} << 2) |
                                     (std::uint32_t{sum.negative_infinity()} << 1) |
                                     std::uint32_t{sum.positive_infinity()};
      verdict.expect(flags == expected, "flags", terms);
    }
  }

  Vdut model_;
  std::array<std::array<ExactSum, kLanes>, kBanks> sums_;
  std::array<bool, kBanks> used_{};
};

// 32 of each type: signs, the smallest and largest of every kind, powers of two, and for bf16 the
// values whose products lie at either end of the accumulator.
Weights corners(Type type) {
  static constexpr std::array<std::uint16_t, kLanes / 2> kHalf{
      0x0000, 0x0001, 0x0200, 0x03FF, 0x0400, 0x0401, 0x07FF, 0x1400,
      0x3BFF, 0x3C00, 0x5555, 0x7BFE, 0x7BFF, 0x7C00, 0x7C01, 0x7E00};
  static constexpr std::array<std::uint16_t, kLanes / 2> kBrain{
      0x0000, 0x0001, 0x007F, 0x0080, 0x00FF, 0x2B80, 0x33FF, 0x3780,
      0x3F80, 0x4B00, 0x4B35, 0x5700, 0x6B7F, 0x7F7F, 0x7F80, 0x7F81};
  static constexpr std::array<std::uint16_t, kLanes> kBytes{
      0x0000, 0x0001, 0x0100, 0x0101, 0x007F, 0x7F00, 0x7F7F, 0x0080, 0x8000, 0x8080, 0x80FF,
      0xFF80, 0xFFFF, 0x00FF, 0xFF00, 0x01FF, 0xFF01, 0x7F80, 0x807F, 0x817F, 0x7F81, 0x8181,
      0x0081, 0x8100, 0x5555, 0xAAAA, 0x55AA, 0x0102, 0xFE02, 0x7C00, 0x3C00, 0x7BFF};
  Weights result = kBytes;
  if (type == Type::kInt8) return result;
  const auto& magnitudes = type == Type::kFp16 ? kHalf : kBrain;
  for (std::size_t i = 0; i < kLanes; ++i)
    result[i] = static_cast<std::uint16_t>(magnitudes[i / 2] | (i % 2 == 0 ? 0 : 0x8000U));
  return result;
}

// Each operand, or one in `stride`, times each corner.
void cross_corners(Bench& bench, std::uint32_t stride) {
  constexpr auto kStep = static_cast<std::uint32_t>(kLanes);
  for (const Type type : kTypes) {
    const Weights corner = corners(type);
    const auto check = [&](std::uint32_t x, const Weights& weights) {
      bench.multiply(type, static_cast<std::uint16_t>(x), weights, 0, true);
      bench.compare_only(0);
    };
    for (std::uint32_t x = 0; x < 0x10000; x += stride) check(x, corner);
    for (std::uint32_t first = 0; first < 0x10000; first += kStep * stride) {
      Weights weights;
      for (std::size_t i = 0; i < kLanes; ++i) weights[i] = static_cast<std::uint16_t>(first + i);
      for (const std::uint16_t x : corner) check(x, weights);
    }
  }
}

// Specials carry no significand: the decoder's promise to the lane.
Addend random_addend(Random& random) {
  Addend addend{false, false, random.below(2) == 0, random.below(72), 0};
  addend.nan = random.below(200) == 0;
  addend.inf = !addend.nan && random.below(200) == 0;
  if (!addend.nan && !addend.inf) addend.significand = random.word() >> (8 + random.below(24));
  return addend;
}

// Any bits of the type, specials made rare; of bf16's exponents mostly those whose products the
// accumulator holds.
std::uint16_t operand(Type type, std::uint32_t bits) {
  if (type == Type::kInt8) return static_cast<std::uint16_t>(bits);
  const std::uint32_t exponent = type == Type::kFp16 ? 0x7C00U : 0x7F80U;
  if (type == Type::kBf16 && (bits >> 30) != 0)
    bits = (bits & 0x807FU) | ((96 + ((bits >> 16) & 63U)) << 7);
  if ((bits & exponent) == exponent && ((bits >> 16) & 63U) != 0) bits ^= 0x4000U;
  return static_cast<std::uint16_t>(bits);
}

Weights random_weights(Type type, Random& random) {
  Weights weights;
  for (auto& weight : weights) weight = operand(type, random.word());
  return weights;
}

void mixed_terms(Bench& bench, Random& random, std::uint64_t steps) {
  for (std::uint64_t i = 0; i < steps; ++i) {
    const unsigned bank = i < kBanks ? static_cast<unsigned>(i) : random.below(kBanks);
    const bool clear = i < kBanks || random.below(32) == 0;
    const Type type = kTypes[random.below(kTypes.size())];
    if (random.below(4) != 0)
      bench.multiply(type, operand(type, random.word()), random_weights(type, random), bank, clear);
    else
      bench.add(random_addend(random), bank, clear);
    bench.compare();
  }
}

// Runs each bank over the top: the infinity flag of the addend's sign must appear and stay,
// whatever kind the addend is.
void overflow(Bench& bench) {
  static constexpr std::uint16_t kOne = 0x3C00, kLargeBf16 = 0x5700, kPair = 0x7F7F,
                                 kMinus = 0x8181;
  for (unsigned bank = 0; bank < kBanks; ++bank) {
    const bool negative = bank % 2 != 0;
    for (int i = 0; i < 4; ++i) {
      bench.add({false, false, negative, 71, 0xFFFFFF}, bank, i == 0);
      bench.compare();
    }
    Weights large{}, pair{}, one{};
    large.fill(static_cast<std::uint16_t>(kLargeBf16 | (negative ? 0x8000U : 0U)));
    pair.fill(negative ? kMinus : kPair);
    one.fill(kOne);
    bench.multiply(Type::kFp16, kOne, one, bank, false);
    bench.compare();
    // Just below the end, then one step of int8 at a time over it.
    bench.add({false, false, negative, 71, 0xFFFFFF}, bank, true);
    bench.add({false, false, negative, 63, 0x00FFFF}, bank, false);
    for (int i = 0; i < 3; ++i) {
      bench.add({false, false, negative, 47, 0x00FFFF}, bank, false);
      for (int j = 0; j < 3; ++j) bench.multiply(Type::kInt8, kPair, pair, bank, false);
      bench.compare();
    }
    for (int i = 0; i < 5; ++i) {
      bench.multiply(Type::kBf16, kLargeBf16, large, bank, i == 0);
      bench.compare();
    }
  }
}

void dot_products(Bench& bench, Random& random, std::uint64_t terms) {
  for (const std::uint64_t end = bench.terms + terms; bench.terms < end;) {
    const Type type = kTypes[random.below(kTypes.size())];
    const unsigned bank = random.below(kBanks);
    const std::uint32_t length = 1 + random.below(64);
    for (std::uint32_t k = 0; k < length; ++k)
      bench.multiply(type, operand(type, random.word()), random_weights(type, random), bank,
                     k == 0);
    bench.compare_only(bank);
  }
}

}  // namespace

int main(int argc, char** argv) {
  Bench bench;
  Random random(3);
  // The longest last: of what is wrong the others see most at once.
  mixed_terms(bench, random, 20000);
  overflow(bench);
  const std::uint64_t terms = size_argument(argc, argv, kWhole);
  dot_products(bench, random, terms);
  // Odd, so that every bit of an operand is seen in both values.
  cross_corners(bench, static_cast<std::uint32_t>(kWhole / std::max<std::uint64_t>(1, terms)) | 1U);
  return bench.verdict.report(std::to_string(bench.terms) +
                              " terms of fp16, bf16 and int8, each sum bit-exact");
}
