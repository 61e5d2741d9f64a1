// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Golden arithmetic of the tensor engine, written from the definition and not from the RTL:
// operands become host floating point (exactly), sums are __int128 counts of 2^-48, and one generic
// routine rounds to any format.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace tilewright::rtl {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

inline constexpr int kUnitExponent = -48;  // weight of the accumulator's last bit
inline constexpr int kAccumulatorBits = 96;

inline bool is_nan16(std::uint16_t h) {
  return (h & 0x7FFFU) > 0x7C00U;
}
inline bool is_inf16(std::uint16_t h) {
  return (h & 0x7FFFU) == 0x7C00U;
}

// Exact for every finite fp16; specials keep their kind.
inline double to_double(std::uint16_t h) {
  const int exponent = (h >> 10) & 31;
  const int fraction = h & 1023;
  double magnitude =
      exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
  if (exponent == 31) magnitude = fraction != 0 ? std::nan("") : HUGE_VAL;
  return (h & 0x8000U) != 0 ? -magnitude : magnitude;
}

// A finite binary format: significand bits with the hidden one, weight of the smallest subnormal,
// largest exponent.
struct Format {
  int precision;
  int min_exponent;  // weight of the last place of subnormals
  int max_exponent;  // of the leading bit of the largest finite number
  int fraction_bits;
  std::uint32_t infinity;
  std::uint32_t nan;
  std::uint32_t sign;
};
inline constexpr Format kFp16{11, -24, 15, 10, 0x7C00U, 0x7E00U, 0x8000U};
inline constexpr Format kFp32{24, -149, 127, 23, 0x7F800000U, 0x7FC00000U, 0x80000000U};

// magnitude * 2^-48 rounded to nearest even, encoded without its sign.
inline std::uint32_t round_to(const Format& format, UInt128 magnitude) {
  if (magnitude == 0) return 0;
  int lead = 127;
  while (((magnitude >> lead) & 1U) == 0) --lead;
  int last = lead - (format.precision - 1);  // bit that becomes the last place
  const int floor = format.min_exponent - kUnitExponent;
  if (last < floor) last = floor;
  UInt128 kept = last >= 0 ? magnitude >> last : magnitude << -last;
  if (last > 0) {
    const UInt128 lost = magnitude - (kept << last);
    const UInt128 half = UInt128{1} << (last - 1);
    if (lost > half || (lost == half && (kept & 1U) != 0)) ++kept;
  }
  if (kept >> format.precision != 0) {  // rounded up to the next power of two
    kept >>= 1;
    ++last;
  }
  const UInt128 hidden = UInt128{1} << (format.precision - 1);
  if (kept < hidden) return static_cast<std::uint32_t>(kept);  // subnormal
  const int exponent = last + kUnitExponent + format.precision - 1;
  if (exponent > format.max_exponent) return format.infinity;
  const auto field = static_cast<std::uint32_t>(exponent + format.max_exponent);
  return (field << format.fraction_bits) | static_cast<std::uint32_t>(kept - hidden);
}

// One lane's exact sum with its sticky specials.
class ExactSum {
 public:
  void clear() { *this = ExactSum{}; }

  void add_product(std::uint16_t a, std::uint16_t b) {
    const double product = to_double(a) * to_double(b);  // 22 significant bits: exact
    add(static_cast<long double>(product));
  }

  void add_fp32(std::uint32_t bits) { add(static_cast<long double>(std::bit_cast<float>(bits))); }

  // The term enters in units of 2^-48, cut towards zero; 2^47 and more counts as infinite, so does
  // a sum that leaves the accumulator.
  void add(long double term) {
    const long double limit = std::ldexp(1.0L, kAccumulatorBits - 1);
    const long double scaled = std::ldexp(term, -kUnitExponent);
    if (std::isnan(term)) {
      nan_ = true;
    } else if (std::fabs(scaled) >= limit) {
      (term < 0 ? negative_infinity_ : positive_infinity_) = true;
    } else {
      units_ += static_cast<Int128>(scaled);
      const Int128 bound = Int128{1} << (kAccumulatorBits - 1);
      if (units_ >= bound) {
        positive_infinity_ = true;
        units_ -= 2 * bound;
      } else if (units_ < -bound) {
        negative_infinity_ = true;
        units_ += 2 * bound;
      }
    }
  }

  // For tests of the conversion alone.
  void set(Int128 units, bool nan, bool negative_infinity, bool positive_infinity) {
    units_ = units;
    nan_ = nan;
    negative_infinity_ = negative_infinity;
    positive_infinity_ = positive_infinity;
  }

  Int128 units() const { return units_; }
  bool nan() const { return nan_; }
  bool negative_infinity() const { return negative_infinity_; }
  bool positive_infinity() const { return positive_infinity_; }

  std::uint32_t read(const Format& format, bool relu = false) const {
    if (nan_ || (negative_infinity_ && positive_infinity_)) return format.nan;
    if (positive_infinity_) return format.infinity;
    if (negative_infinity_) return relu ? 0 : format.sign | format.infinity;
    if (units_ >= 0) return round_to(format, static_cast<UInt128>(units_));
    return relu ? 0 : format.sign | round_to(format, static_cast<UInt128>(-units_));
  }

 private:
  Int128 units_ = 0;
  bool nan_ = false;
  bool negative_infinity_ = false;
  bool positive_infinity_ = false;
};

}  // namespace tilewright::rtl
