#include "models/half.h"

#include <cmath>
#include <limits>

namespace tilewright::models {
namespace {

constexpr int kFractionBits = 10;
constexpr int kMinExponent = -14;  // of the smallest normal number
constexpr int kBias = 15;
constexpr std::uint16_t kInfinity = 0x7C00;

}  // namespace

std::uint16_t to_half(double value) {
  const auto sign = static_cast<std::uint16_t>(std::signbit(value) ? 0x8000 : 0);
  const double magnitude = std::fabs(value);
  if (std::isnan(value)) {
    return static_cast<std::uint16_t>(sign | 0x7E00);
  }
  if (magnitude >= 65520.0) {  // half way from 65504 to the next power of two
    return static_cast<std::uint16_t>(sign | kInfinity);
  }
  int exponent = magnitude == 0.0 ? kMinExponent : std::ilogb(magnitude);
  exponent = exponent < kMinExponent ? kMinExponent : exponent;
  // Units in the last place, a whole number: 1024 .. 2048 for a normal number, less for a
  // subnormal.
  const auto units =
      static_cast<int>(std::nearbyint(std::ldexp(magnitude, kFractionBits - exponent)));
  // Adding the fraction with its leading one to the exponent below carries by itself when it
  // reached 2048, and yields the zero exponent of a subnormal when it stayed below 1024.
  const int bits = ((exponent + kBias - 1) << kFractionBits) + units;
  return static_cast<std::uint16_t>(sign | bits);
}

double from_half(std::uint16_t bits) {
  const int exponent = (bits >> kFractionBits) & 0x1F;
  const int fraction = bits & 0x3FF;
  double magnitude = 0;
  if (exponent == 0x1F) {
    magnitude = fraction == 0 ? std::numeric_limits<double>::infinity()
                              : std::numeric_limits<double>::quiet_NaN();
  } else if (exponent == 0) {
    magnitude = std::ldexp(fraction, kMinExponent - kFractionBits);
  } else {
    magnitude = std::ldexp(fraction + 1024, exponent - kBias - kFractionBits);
  }
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

}  // namespace tilewright::models
