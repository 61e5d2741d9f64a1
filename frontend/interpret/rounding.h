// Reals to a quantised type: what QuantizeLinear and the QLinear operators end with.
#pragma once

#include <cmath>
#include <limits>
#include <type_traits>
#include <vector>

#include "frontend/interpret/value.h"

namespace tilewright::kernel {

// As T: into integers it truncates and stays within them, and what is no number is 0, where C++
// leaves the result open.
template <typename T>
T saturated(double x) {
  if constexpr (std::is_integral_v<T>) {
    constexpr double kMost = static_cast<double>(std::numeric_limits<T>::max());
    constexpr double kLeast = static_cast<double>(std::numeric_limits<T>::min());
    if (std::isnan(x)) return 0;
    if (x >= kMost) return std::numeric_limits<T>::max();
    if (x <= kLeast) return std::numeric_limits<T>::min();
  }
  return static_cast<T>(x);
}

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
