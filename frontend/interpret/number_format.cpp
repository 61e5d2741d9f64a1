#include "frontend/interpret/number_format.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tilewright {
namespace {

constexpr FloatFormat kFloat16{5, 10, 15, 65504, true, false};
constexpr FloatFormat kBFloat16{8, 7, 127, 0x1.fep127, true, false};
constexpr FloatFormat kE4M3FN{4, 3, 7, 448, false, false};
constexpr FloatFormat kE4M3FNUZ{4, 3, 8, 240, false, true};
constexpr FloatFormat kE5M2{5, 2, 15, 57344, true, false};
constexpr FloatFormat kE5M2FNUZ{5, 2, 16, 57344, false, true};
constexpr FloatFormat kE2M1{2, 1, 1, 6, false, false};
constexpr FloatFormat kE8M0{8, 0, 127, 0x1p127, false, true};  // powers of two; no sign, no zero

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

int least_exponent(const FloatFormat& f) {
  return 1 - f.bias;
}

bool is_e8m0(const FloatFormat& f) {
  return f.mantissa_bits == 0;
}

double too_large(const FloatFormat& f, double x, bool saturate) {
  if (saturate || &f == &kE2M1) return std::copysign(f.largest, x);
  return f.infinities ? std::copysign(std::numeric_limits<double>::infinity(), x) : kNaN;
}

std::uint32_t sign_bit(const FloatFormat& f) {
  return 1U << static_cast<unsigned>(f.exponent_bits + f.mantissa_bits);
}

std::uint32_t not_a_number(const FloatFormat& f) {
  if (is_e8m0(f)) return 0xffU;
  if (f.unsigned_zero) return sign_bit(f);
  const std::uint32_t all = sign_bit(f) - 1;
  // With infinities the quiet NaN of IEEE 754, without them the one code that is left.
  return f.infinities ? all & ~((1U << static_cast<unsigned>(f.mantissa_bits - 1)) - 1) : all;
}

}  // namespace

const FloatFormat* narrow_format(DType type) {
  switch (type) {
    case DType::kFloat16:
      return &kFloat16;
    case DType::kBFloat16:
      return &kBFloat16;
    case DType::kFloat8E4M3FN:
      return &kE4M3FN;
    case DType::kFloat8E4M3FNUZ:
      return &kE4M3FNUZ;
    case DType::kFloat8E5M2:
      return &kE5M2;
    case DType::kFloat8E5M2FNUZ:
      return &kE5M2FNUZ;
    case DType::kFloat4E2M1:
      return &kE2M1;
    case DType::kFloat8E8M0:
      return &kE8M0;
    default:
      return nullptr;
  }
}

double round_to(const FloatFormat& f, double x, bool saturate) {
  if (std::isnan(x)) return &f == &kE2M1 ? -0.0 : x;  // which has no NaN
  if (std::isinf(x)) return saturate || !f.infinities ? too_large(f, x, saturate) : x;
  if (is_e8m0(f)) {
    x = std::fabs(x);
    if (x == 0) return 0x1p-127;
  }
  if (x == 0) return f.unsigned_zero ? 0.0 : x;
  const int least = is_e8m0(f) ? -f.bias : least_exponent(f);
  const int exponent = std::max(std::ilogb(x), least);
  const double quantum = std::ldexp(1.0, exponent - f.mantissa_bits);
  const double rounded = std::nearbyint(x / quantum) * quantum;
  if (std::fabs(rounded) > f.largest) return too_large(f, x, saturate);
  if (rounded == 0) return is_e8m0(f) ? 0x1p-127 : f.unsigned_zero ? 0.0 : rounded;
  return rounded;
}

std::uint32_t encode(const FloatFormat& f, double x) {
  if (std::isnan(x)) return not_a_number(f);
  if (is_e8m0(f)) return static_cast<std::uint32_t>(std::ilogb(x) + f.bias);
  const std::uint32_t sign = std::signbit(x) ? sign_bit(f) : 0;
  const double magnitude = std::fabs(x);
  if (magnitude == 0) return f.unsigned_zero ? 0 : sign;
  const auto mantissa = static_cast<unsigned>(f.mantissa_bits);
  const std::uint32_t top = (1U << static_cast<unsigned>(f.exponent_bits)) - 1;
  if (std::isinf(magnitude)) return sign | (top << mantissa);
  const int exponent = std::max(std::ilogb(magnitude), least_exponent(f));
  const auto scaled = static_cast<std::uint32_t>(std::ldexp(magnitude, f.mantissa_bits - exponent));
  // A subnormal has no leading one, which adds to the exponent field.
  const auto field = static_cast<std::uint32_t>(exponent + f.bias - 1);
  return sign | ((field << mantissa) + scaled);
}

double decode(const FloatFormat& f, std::uint32_t bits) {
  if (is_e8m0(f)) {
    return bits == 0xffU ? kNaN : std::ldexp(1.0, static_cast<int>(bits) - f.bias);
  }
  const std::uint32_t sign = bits & sign_bit(f), magnitude = bits & (sign_bit(f) - 1);
  if (f.unsigned_zero && sign != 0 && magnitude == 0) return kNaN;
  const auto mantissa = static_cast<unsigned>(f.mantissa_bits);
  const std::uint32_t top = (1U << static_cast<unsigned>(f.exponent_bits)) - 1;
  const std::uint32_t exponent = magnitude >> mantissa, low = magnitude & ((1U << mantissa) - 1);
  double value = 0;
  if (f.infinities && exponent == top) {
    value = low == 0 ? std::numeric_limits<double>::infinity() : kNaN;
  } else if (!f.infinities && !f.unsigned_zero && &f != &kE2M1 && magnitude == sign_bit(f) - 1) {
    value = kNaN;
  } else if (exponent == 0) {
    value = std::ldexp(low, least_exponent(f) - f.mantissa_bits);
  } else {
    value =
        std::ldexp((1U << mantissa) + low, static_cast<int>(exponent) - f.bias - f.mantissa_bits);
  }
  return sign != 0 ? -value : value;
}

}  // namespace tilewright
