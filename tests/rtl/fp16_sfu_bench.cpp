// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_fp16_sfu over every argument of every function, against the host's long double: the two
// reciprocals correctly rounded, the exponential at most 1 ulp from that; all three monotone. Then
// random functions and arguments cycle by cycle.
#include <deque>

#include "Vdut.h"
#include "sfu_table.h"

namespace tilewright::rtl {
namespace {

constexpr std::size_t kLatency = 3;

// The correctly rounded result. No result but an exact one is so near the middle between two
// numbers that long double could mistake its side.
std::uint16_t golden_sfu(Sfu function, std::uint16_t h) {
  const double x = doubles()[h];
  const bool negative = (h & 0x8000U) != 0;
  const auto sign = static_cast<std::uint16_t>(function == kExp2 ? 0U : h & 0x8000U);
  if (std::isnan(x) || (function == kRsqrt && x < 0)) return kNan16;
  if (function != kExp2 && x == 0) return static_cast<std::uint16_t>(sign | kFp16.infinity);
  if (std::isinf(x))
    return function == kExp2 && !negative ? static_cast<std::uint16_t>(kFp16.infinity) : sign;
  const long double y = std::fabs(golden_sfu_exact(function, h));
  const int exponent = std::max(std::ilogb(y), -14);
  const long long places = std::llrint(std::ldexp(y, 10 - exponent));
  const long long encoding = 1024LL * (exponent + 14) + places;
  return static_cast<std::uint16_t>(sign | std::min<long long>(encoding, kFp16.infinity));
}

// Distance in last places: encodings of one sign are numbered as their values are.
int places(std::uint16_t a, std::uint16_t b) {
  return std::abs(int{a} - int{b});
}

// The exact error in units of the last place of the correctly rounded result.
double error(Sfu function, std::uint16_t h, std::uint16_t result) {
  const std::uint16_t rounded = golden_sfu(function, h);
  const int exponent = std::max((rounded >> 10) & 31, 1);
  return static_cast<double>(
      std::fabs(static_cast<long double>(doubles()[result]) - golden_sfu_exact(function, h)) *
      std::ldexp(1.0L, 25 - exponent));
}

class Bench {
 public:
  Bench() { dut_.eval(); }

  // The result of the operands given kLatency - 1 steps before.
  std::uint16_t step(Sfu function, std::uint16_t h) {
    dut_.function_i = function;
    dut_.a_i = h;
    clock(dut_);
    return static_cast<std::uint16_t>(dut_.result_o);
  }

  std::uint16_t result(Sfu function, std::uint16_t h) {
    for (std::size_t i = 1; i < kLatency; ++i) step(function, h);
    return step(function, h);
  }

 private:
  Vdut dut_;
};

bool is_special(std::uint16_t h) {
  return is_nan16(h) || is_inf16(h);
}

int run(std::uint64_t mixed) {
  constexpr std::array<const char*, 3> kNames{"exp2", "rcp", "rsqrt"};
  Verdict verdict("rtl.fp16_sfu");
  Bench bench;
  std::array<std::vector<std::uint16_t>, 3> results;
  std::string figures;
  for (const Sfu function : {kExp2, kRcp, kRsqrt}) {
    std::uint32_t correct = 0, curved = 0, curved_correct = 0;
    double largest = 0;
    for (std::uint32_t argument = 0; argument < 0x10000; ++argument) {
      const auto h = static_cast<std::uint16_t>(argument);
      const std::uint16_t result = bench.result(function, h), rounded = golden_sfu(function, h);
      results[function].push_back(result);
      correct += result == rounded ? 1 : 0;
      if (is_special(rounded) || is_special(h)) {
        verdict.expect(result == rounded, kNames[function], h);
        continue;
      }
      verdict.expect(places(result, rounded) <= (function == kExp2 ? 1 : 0), kNames[function], h);
      largest = std::max(largest, error(function, h, result));
      // Where an exponential is neither 0 nor 1 in all places.
      if (rounded == 0 || rounded == kOne16) continue;
      ++curved;
      curved_correct += result == rounded ? 1 : 0;
    }
    // Up over the positive numbers, up or down as the function is; the negative ones mirrored.
    const int direction = function == kExp2 ? 1 : -1;
    for (std::uint32_t h = 0; h < 0x7C00; ++h) {
      const int up = int{results[function][h + 1]} - int{results[function][h]};
      verdict.expect(direction * up >= 0, "not monotone", h);
      const int down = int{results[function][0x8001 + h]} - int{results[function][0x8000 + h]};
      verdict.expect(function == kRsqrt || down <= 0, "not monotone", h + 0x8000);
    }
    std::array<char, 160> text{};
    std::snprintf(text.data(), text.size(),
                  "%s%s %.4f ulp at most, %.2f %% correctly rounded (%.2f %% but for 0 and 1)",
                  figures.empty() ? "" : "; ", kNames[function], largest, correct / 655.36,
                  100.0 * curved_correct / curved);
    figures += text.data();
  }
  Random random(1);
  std::deque<std::uint16_t> expected;
  for (std::uint64_t i = 0; i < mixed; ++i) {
    const auto function = static_cast<Sfu>(random.below(3));
    const auto h = static_cast<std::uint16_t>(random.word());
    expected.push_back(results[function][h]);
    const std::uint16_t result = bench.step(function, h);
    if (expected.size() < kLatency) continue;
    verdict.expect(result == expected.front(), "in a stream", i);
    expected.pop_front();
  }
  return verdict.report(figures + "; " + std::to_string(mixed) + " in a stream");
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  return tilewright::rtl::run(tilewright::rtl::size_argument(argc, argv, 100'000));
}
