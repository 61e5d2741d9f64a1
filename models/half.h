// IEEE 754 binary16, rounded to nearest even straight from double (no double rounding).
#pragma once

#include <cstdint>

namespace tilewright::models {

// Values beyond 65504 after rounding become infinities; subnormals are kept; NaN becomes a quiet
// NaN.
std::uint16_t to_half(double value);
double from_half(std::uint16_t bits);

}  // namespace tilewright::models
