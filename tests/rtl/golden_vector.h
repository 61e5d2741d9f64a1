// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Golden arithmetic of the vector unit, from the definitions: a sum or product of two fp16 is exact
// in double, so that the compiler's conversion is its one rounding; a fused sum is exact in 128-bit
// integers.
#pragma once

#include <algorithm>
#include <vector>

#include "golden_fp16.h"
#include "half.h"
#include "network_bench.h"

namespace tilewright::rtl {

inline constexpr std::uint16_t kNan16 = 0x7E00, kOne16 = 0x3C00, kNegativeZero16 = 0x8000;

inline std::uint16_t canonical16(std::uint16_t h) {
  return is_nan16(h) ? kNan16 : h;
}

inline std::uint16_t half(double x) {
  return canonical16(half_from_double(x));
}

// Every fp16 as a double.
inline const std::vector<double>& doubles() {
  static const std::vector<double> table = [] {
    std::vector<double> values;
    for (std::uint32_t h = 0; h < 0x10000; ++h)
      values.push_back(to_double(static_cast<std::uint16_t>(h)));
    return values;
  }();
  return table;
}

inline std::uint16_t golden_add(std::uint16_t a, std::uint16_t b) {
  return half(doubles()[a] + doubles()[b]);
}

inline std::uint16_t golden_mul(std::uint16_t a, std::uint16_t b) {
  return half(doubles()[a] * doubles()[b]);
}

// Finite fp16 in units of 2^-24.
inline std::int64_t units16(std::uint16_t h) {
  const int exponent = (h >> 10) & 31;
  const std::int64_t fraction = h & 1023;
  const std::int64_t magnitude = exponent == 0 ? fraction : (1024 + fraction) << (exponent - 1);
  return (h & 0x8000U) != 0 ? -magnitude : magnitude;
}

inline std::uint16_t golden_fma(std::uint16_t a, std::uint16_t b, std::uint16_t c) {
  const bool finite =
      (a & 0x7C00U) != 0x7C00U && (b & 0x7C00U) != 0x7C00U && (c & 0x7C00U) != 0x7C00U;
  if (!finite) return half(doubles()[a] * doubles()[b] + doubles()[c]);
  const Int128 sum = Int128{units16(a)} * units16(b) + (Int128{units16(c)} << 24);
  if (sum == 0) return (a >> 15) != (b >> 15) && (c >> 15) != 0 ? kNegativeZero16 : 0;
  const std::uint32_t magnitude = round_to(kFp16, static_cast<UInt128>(sum < 0 ? -sum : sum));
  return static_cast<std::uint16_t>(magnitude | (sum < 0 ? kFp16.sign : 0U));
}

// IEEE 754-2019 maximumNumber or minimumNumber.
inline std::uint16_t golden_extreme(std::uint16_t a, std::uint16_t b, bool maximum) {
  if (is_nan16(a)) return canonical16(b);
  if (is_nan16(b)) return a;
  const double x = doubles()[a], y = doubles()[b];
  if (x == y) return ((a & 0x8000U) != 0) == maximum ? b : a;  // they differ if they are zeros
  return (x > y) == maximum ? a : b;
}

// Values at the edges of the format: both signs of every combination.
inline std::vector<std::uint16_t> corners16(const std::vector<std::uint32_t>& exponents,
                                            const std::vector<std::uint32_t>& fractions) {
  std::vector<std::uint16_t> values;
  for (const std::uint32_t sign : {0U, 0x8000U})
    for (const std::uint32_t exponent : exponents)
      for (const std::uint32_t fraction : fractions)
        values.push_back(static_cast<std::uint16_t>(sign | (exponent << 10) | fraction));
  return values;
}

inline std::vector<std::uint16_t> few_corners16() {
  return corners16({0, 1, 14, 15, 25, 30, 31}, {0, 1, 2, 341, 512, 1022, 1023});
}

inline std::vector<std::uint16_t> many_corners16() {
  return corners16({0, 1, 2, 3, 4, 10, 11, 13, 14, 15, 16, 20, 24, 25, 26, 28, 29, 30, 31},
                   {0, 1, 2, 3, 341, 511, 512, 513, 682, 1021, 1022, 1023});
}

// tcc_vec_pkg::FMT_*.
enum FormatCode : std::uint8_t { kF16 = 0, kB16 = 1, kF32 = 2, kI8 = 3 };

// The nearest bf16, ties to even: its last place is that of a float, or of its subnormals.
inline std::uint16_t bf16(double x) {
  const std::uint32_t sign = std::signbit(x) ? 0x8000U : 0U;
  if (std::isnan(x)) return 0x7FC0;
  std::uint32_t magnitude = 0x7F80;
  if (!std::isinf(x)) {
    const int exponent = x == 0 ? -126 : std::max(std::ilogb(x), -126);
    const auto places =
        static_cast<std::uint32_t>(std::lrint(std::ldexp(std::fabs(x), 7 - exponent)));
    const std::uint32_t encoding = 128U * static_cast<std::uint32_t>(exponent + 126) + places;
    magnitude = std::min(magnitude, encoding);
  }
  return static_cast<std::uint16_t>(sign | magnitude);
}

inline std::uint32_t golden_convert(FormatCode from, FormatCode to, std::uint32_t value) {
  if (from == to) return from == kF32 ? value : value & 0xFFFFU;
  double x = static_cast<std::int8_t>(value);
  if (from == kF16) x = doubles()[value & 0xFFFFU];
  if (from == kB16) x = static_cast<double>(std::bit_cast<float>(value << 16));
  if (from == kF32) x = static_cast<double>(std::bit_cast<float>(value));
  switch (to) {
    case kF16:
      return half(x);
    case kB16:
      return bf16(x);
    case kF32:
      return std::isnan(x) ? kFp32.nan : std::bit_cast<std::uint32_t>(static_cast<float>(x));
    default: {
      const double integer = std::isnan(x) ? 0 : std::clamp(std::nearbyint(x), -128.0, 127.0);
      return static_cast<std::uint32_t>(static_cast<int>(integer)) & 0xFFFFU;
    }
  }
}

struct Triple {
  std::uint16_t a, b, c;
};

// What operation VOP_* of tcc_vec_pkg makes of one lane.
inline constexpr std::uint32_t kLaneOperations = 14;
inline std::uint16_t golden_lane(std::uint32_t op, Triple t) {
  const auto convert = [&](FormatCode from, FormatCode to) {
    return static_cast<std::uint16_t>(golden_convert(from, to, t.a));
  };
  switch (op) {
    case 0:
      return golden_add(t.a, t.b);
    case 1:
      return half(doubles()[t.a] - doubles()[t.b]);
    case 2:
      return golden_mul(t.a, t.b);
    case 3:
      return golden_fma(t.a, t.b, t.c);
    case 4:
    case 5:
      return golden_extreme(t.a, t.b, op == 4);
    case 6:
      return doubles()[t.a] < doubles()[t.b] ? 0xFFFF : 0;
    case 7:
      return (t.c & 0x8000U) != 0 ? t.a : t.b;
    case 8:
      return t.a;
    case 9:
      return convert(kF16, kB16);
    case 10:
      return convert(kB16, kF16);
    case 11:
      return convert(kF16, kI8);
    case 12:
      return convert(kI8, kF16);
    default:
      return static_cast<std::uint16_t>((t.b & 0xffU) << 8 | (t.a & 0xffU));
  }
}

// Operands of a fused multiply-add, biased to where it is hard.
inline Triple random_triple(Random& random) {
  const std::uint64_t bits = random.next();
  const auto half_word = [&](int shift) { return static_cast<std::uint16_t>(bits >> shift); };
  Triple t{half_word(0), half_word(16), half_word(32)};
  const auto pick = static_cast<std::uint32_t>(bits >> 48);
  const auto near = [&](double x) {  // a few last places round x
    return static_cast<std::uint16_t>(half(x) + (pick >> 3) % 7 - 3U);
  };
  switch (pick % 8) {
    case 0:
    case 1:  // cancellation of all but the last places
      t.c = near(-doubles()[t.a] * doubles()[t.b]);
      break;
    case 2:  // the product near half of c's last place: a tie or almost
      t.a = static_cast<std::uint16_t>(t.a & 0xFC0FU);
      t.b = static_cast<std::uint16_t>(t.b & 0xFC03U);
      t.c = static_cast<std::uint16_t>(near(doubles()[t.a] * doubles()[t.b] *
                                            std::ldexp(1.0, 9 + static_cast<int>(pick >> 14))) ^
                                       ((pick & 64U) << 9));
      break;
    case 3:  // c near half of the product's last place
      t.c = near(doubles()[t.a] * doubles()[t.b] *
                 std::ldexp(1.0, -10 - static_cast<int>(pick >> 14)));
      break;
    case 4:  // a subnormal factor, a small c
      t.a &= 0x83FFU;
      t.c &= 0x8FFFU;
      break;
    case 5:  // subnormal results
      t.b = static_cast<std::uint16_t>((t.b & 0x83FFU) | ((31U - ((t.a >> 10) & 31U)) & 31U) << 10);
      t.a &= 0xBFFFU;
      t.b &= 0xBFFFU;
      t.c &= 0x87FFU;
      break;
    default:
      break;
  }
  return t;
}

}  // namespace tilewright::rtl
