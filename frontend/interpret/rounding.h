// Reals to a quantised type: what QuantizeLinear and the QLinear operators end with.
#pragma once

#include <vector>

#include "frontend/interpret/value.h"

namespace tilewright::kernel {

class Rounding {
 public:
  explicit Rounding(DType type);  // Error TW-RUN-001 unless integer, float8 or float4
  // round-half-even(x) + zero, saturated; for float8 and float4 the nearest value of x + zero,
  // saturated when `saturate`.
  double quantised(double x, double zero, bool saturate = true) const;

 private:
  DType type_;
  double least_ = 0, most_ = 0;
};

// Writes reals that are values of the tensor's type.
void store(const std::vector<double>& from, Value& to);

}  // namespace tilewright::kernel
