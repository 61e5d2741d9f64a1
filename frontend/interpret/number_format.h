// Floating-point formats narrower than float32: rounding, and the bits that files hold.
#pragma once

#include <cstdint>

#include "frontend/graph.h"

namespace tilewright {

// A format with a sign (but for E8M0), `exponent_bits` and `mantissa_bits`. ONNX: "Float stored in
// 8 bits", "Float stored in 4 bits".
struct FloatFormat {
  int exponent_bits, mantissa_bits, bias;
  double largest;      // finite
  bool infinities;     // has them; otherwise what is too large is NaN
  bool unsigned_zero;  // "fnuz": one zero, and NaN where -0 would be
};

// nullptr for types that are no narrow floating-point format.
const FloatFormat* narrow_format(DType type);

// To the nearest value of the format, ties to even. Beyond the largest: the largest when
// `saturate`, otherwise infinity or NaN. Without subnormals' exceptions: they are values too.
double round_to(const FloatFormat& format, double x, bool saturate);

// The bits of a value of the format (round_to'd before), and back.
std::uint32_t encode(const FloatFormat& format, double x);
double decode(const FloatFormat& format, std::uint32_t bits);

}  // namespace tilewright
