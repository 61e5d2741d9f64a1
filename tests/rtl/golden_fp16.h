// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Golden arithmetic of the tensor engine (fp16, bf16, int8), written from the definition and not
// from the RTL: operands become host floating point (exactly), sums are __int128 counts of 2^-48,
// and one generic routine rounds to any format.
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
  double magnitude = exponent == 0
                         ? fraction * 0x1p-24
                         : (1024 + fraction) * 0x1p-25 * static_cast<double>(1U << exponent);
  if (exponent == 31) magnitude = fraction != 0 ? std::nan("") : HUGE_VAL;
  return (h & 0x8000U) != 0 ? -magnitude : magnitude;
}

// A bf16 is the upper half of the fp32 of the same value.
inline double bf16_to_double(std::uint16_t b) {
  return static_cast<double>(std::bit_cast<float>(std::uint32_t{b} << 16));
}

// What a 16-bit slot of an activation or weight row holds, and what a read-out writes; numbered as
// in the commands.
enum class Type : unsigned { kFp16, kBf16, kInt8 };
enum class ReadAs : unsigned { kFp16, kFp32, kInt32, kBf16 };
inline bool is_wide(ReadAs format) {
  return format == ReadAs::kFp32 || format == ReadAs::kInt32;
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
inline constexpr Format kBf16{8, -133, 127, 7, 0x7F80U, 0x7FC0U, 0x8000U};
inline constexpr Format kFp32{24, -149, 127, 23, 0x7F800000U, 0x7FC00000U, 0x80000000U};

// magnitude * 2^-48 rounded to nearest even, encoded without its sign.
inline std::uint32_t round_to(const Format& format, UInt128 magnitude) {
  if (magnitude == 0) return 0;
  const auto high = static_cast<std::uint64_t>(magnitude >> 64);
  const int lead = high != 0 ? 127 - std::countl_zero(high)
                             : 63 - std::countl_zero(static_cast<std::uint64_t>(magnitude));
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

  // Every product is exact in double: at most 22 significant bits, and bf16's lie above 2^-267.
  // int8: the slot's two products are one term.
  void add_product(std::uint16_t a, std::uint16_t b, Type type = Type::kFp16) {
    switch (type) {
      case Type::kFp16:
        add(static_cast<long double>(to_double(a) * to_double(b)));
        break;
      case Type::kBf16:
        add(static_cast<long double>(bf16_to_double(a) * bf16_to_double(b)));
        break;
      case Type::kInt8: {
        const auto at = [](std::uint16_t pair, unsigned i) {
          return static_cast<int>(static_cast<std::int8_t>((pair >> (8 * i)) & 0xFFU));
        };
        add(static_cast<long double>(at(a, 0) * at(b, 0) + at(a, 1) * at(b, 1)));
        break;
      }
    }
  }

  void add_fp32(std::uint32_t bits) { add(static_cast<long double>(std::bit_cast<float>(bits))); }

  // The term enters in units of 2^-48, cut towards zero; 2^47 and more counts as infinite, so does
  // a sum that leaves the accumulator.
  void add(long double term) {
    static constexpr long double limit = 0x1p95L;
    const long double scaled = term * 0x1p48L;
    if (std::isnan(term)) {
      nan_ = true;
    } else if (std::fabs(scaled) >= limit) {
      (term < 0 ? negative_infinity_ : positive_infinity_) = true;
    } else {
      // In two exact parts of one sign: the host's own conversion to 128 bits is slow.
      const auto high = static_cast<std::int64_t>(scaled * 0x1p-48L);
      const long double low = scaled - static_cast<long double>(high) * 0x1p48L;
      units_ += (Int128{high} << 48) + static_cast<std::int64_t>(low);
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

  std::uint32_t read(ReadAs format, bool relu = false) const {
    switch (format) {
      case ReadAs::kFp16:
        return read(kFp16, relu);
      case ReadAs::kBf16:
        return read(kBf16, relu);
      case ReadAs::kFp32:
        return read(kFp32, relu);
      default:
        return read_int32(relu);
    }
  }

  // The largest integer that is not above the sum, saturated; NaN is the largest number.
  std::uint32_t read_int32(bool relu) const {
    static constexpr std::uint32_t kLargest = 0x7FFFFFFFU, kLowest = 0x80000000U;
    if (nan_ || positive_infinity_) return kLargest;
    if (relu && (negative_infinity_ || units_ < 0)) return 0;
    if (negative_infinity_) return kLowest;
    const Int128 one = Int128{1} << -kUnitExponent;
    Int128 floor = units_ / one;
    if (units_ % one < 0) --floor;
    if (floor > Int128{0x7FFFFFFF}) return kLargest;
    if (floor < -Int128{0x80000000}) return kLowest;
    return static_cast<std::uint32_t>(floor);
  }

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
