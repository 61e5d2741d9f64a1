#include "verify/iss/exact_sum.h"

#include <bit>
#include <limits>

namespace tilewright::iss {
namespace {

__extension__ typedef unsigned __int128 UInt128;

constexpr int kBits = 96, kFractionBits = 48;
constexpr Int128 kBound = Int128{1} << (kBits - 1);

// A number of a binary format: significand * 2^exponent, exponent counted from the weight of the
// smallest subnormal.
struct Parts {
  std::uint32_t significand;
  int exponent;
  bool negative, special, nan;
};

Parts parts_of(std::uint32_t bits, int exponent_bits, int fraction_bits) {
  const std::uint32_t all_ones = (1U << exponent_bits) - 1;
  const std::uint32_t field = (bits >> fraction_bits) & all_ones;
  const std::uint32_t fraction = bits & ((1U << fraction_bits) - 1);
  const bool negative = (bits >> (exponent_bits + fraction_bits) & 1U) != 0;
  if (field == all_ones) return {0, 0, negative, true, fraction != 0};
  if (field == 0) return {fraction, 0, negative, false, false};
  return {fraction | 1U << fraction_bits, static_cast<int>(field) - 1, negative, false, false};
}

// Weight of the last place of subnormals.
constexpr int kFp16Floor = -24, kBf16Floor = -133, kFp32Floor = -149;

// units * 2^-48 to a format without its sign: nearest, ties to even.
std::uint32_t rounded(UInt128 units, int precision, int floor, std::uint32_t infinity) {
  if (units == 0) return 0;
  const auto high = static_cast<std::uint64_t>(units >> 64),
             low = static_cast<std::uint64_t>(units);
  const int lead = high != 0 ? 127 - std::countl_zero(high) : 63 - std::countl_zero(low);
  int last = lead - (precision - 1);  // the bit that becomes the last place
  if (last < floor + kFractionBits) last = floor + kFractionBits;
  // A format whose subnormals lie below 2^-48 has every small sum exactly.
  if (last < 0) last = lead < precision ? lead - (precision - 1) : 0;
  UInt128 kept = last >= 0 ? units >> last : units << -last;
  if (last > 0) {
    const UInt128 lost = units & ((UInt128{1} << last) - 1), half = UInt128{1} << (last - 1);
    if (lost > half || (lost == half && (kept & 1U) != 0)) ++kept;
  }
  // Hidden bit and exponent add up, and so does a carry out of the significand.
  const int exponent = last - kFractionBits - floor;
  const auto significand = static_cast<std::uint32_t>(kept);
  const std::uint32_t bits =
      significand + (static_cast<std::uint32_t>(exponent) << (precision - 1));
  return bits < infinity ? bits : infinity;
}

struct Encoding {
  int precision, floor;
  std::uint32_t infinity, nan, sign;
};
constexpr Encoding kFp16{11, kFp16Floor, 0x7c00, 0x7e00, 0x8000};
constexpr Encoding kBf16{8, kBf16Floor, 0x7f80, 0x7fc0, 0x8000};
constexpr Encoding kFp32{24, kFp32Floor, 0x7f80'0000, 0x7fc0'0000, 0x8000'0000};

std::int32_t pair_product(std::uint16_t x, std::uint16_t w) {
  const auto part = [](std::uint16_t v, int shift) {
    return std::int32_t{static_cast<std::int8_t>(v >> shift)};
  };
  return part(x, 0) * part(w, 0) + part(x, 8) * part(w, 8);
}

}  // namespace

void ExactSum::add_units(Int128 term) {
  units_ += term;
  if (units_ >= kBound) {
    plus_ = true;
    units_ -= 2 * kBound;
  } else if (units_ < -kBound) {
    minus_ = true;
    units_ += 2 * kBound;
  }
}

void ExactSum::add_magnitude(std::uint64_t magnitude, int shift, bool negative) {
  if (shift <= -64 || magnitude == 0) return;
  if (shift < 0) magnitude >>= -shift;
  if (shift > 0 && (shift >= kBits || (Int128{1} << (kBits - 1 - shift)) <= Int128{magnitude}))
    return add_infinity(negative);
  const Int128 units = Int128{magnitude} << (shift > 0 ? shift : 0);
  add_units(negative ? -units : units);
}

void ExactSum::add_product(Element type, std::uint16_t x, std::uint16_t w) {
  if (type == Element::kInt8) return add_units(Int128{pair_product(x, w)} << kFractionBits);
  const bool half = type == Element::kFp16;
  const Parts a = half ? parts_of(x, 5, 10) : parts_of(x, 8, 7);
  const Parts b = half ? parts_of(w, 5, 10) : parts_of(w, 8, 7);
  const bool negative = a.negative != b.negative;
  if (a.special || b.special) {
    const bool zero_times_infinity =
        (!a.special && a.significand == 0) || (!b.special && b.significand == 0);
    if (a.nan || b.nan || zero_times_infinity) {
      nan_ = true;
    } else {
      add_infinity(negative);
    }
    return;
  }
  const int floor = half ? kFp16Floor : kBf16Floor;
  add_magnitude(std::uint64_t{a.significand} * b.significand,
                a.exponent + b.exponent + 2 * floor + kFractionBits, negative);
}

void ExactSum::add_fp32(std::uint32_t bits) {
  const Parts a = parts_of(bits, 8, 23);
  if (a.nan) {
    nan_ = true;
  } else if (a.special) {
    add_infinity(a.negative);
  } else {
    add_magnitude(a.significand, a.exponent + kFp32Floor + kFractionBits, a.negative);
  }
}

std::uint32_t ExactSum::read_int32(bool relu) const {
  constexpr std::int32_t kMost = std::numeric_limits<std::int32_t>::max(),
                         kLeast = std::numeric_limits<std::int32_t>::min();
  const Int128 floor = units_ >> kFractionBits;
  if (nan_ || plus_) return static_cast<std::uint32_t>(kMost);
  if (relu && (minus_ || floor < 0)) return 0;
  if (minus_ || floor < kLeast) return static_cast<std::uint32_t>(kLeast);
  return static_cast<std::uint32_t>(floor > kMost ? kMost : floor);
}

std::uint32_t ExactSum::read(Format format, bool relu) const {
  const bool negative = units_ < 0;
  if (format == Format::kInt32) return read_int32(relu);
  const Encoding& e = format == Format::kFp16 ? kFp16 : format == Format::kBf16 ? kBf16 : kFp32;
  if (nan_ || (plus_ && minus_)) return e.nan;
  if (plus_) return e.infinity;
  if (minus_) return relu ? 0 : e.sign | e.infinity;
  if (negative && relu) return 0;
  const auto magnitude = static_cast<UInt128>(negative ? -units_ : units_);
  return (negative ? e.sign : 0) | rounded(magnitude, e.precision, e.floor, e.infinity);
}

}  // namespace tilewright::iss
