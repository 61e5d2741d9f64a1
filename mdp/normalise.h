// g of surrogate.md section 9.
#pragma once

namespace tilewright {

// g(a / b) = 2 (a/b) / (1 + a/b): 1 at equality, in [0, 2], monotone; 2 where b is not positive.
inline double bounded_ratio(double a, double b) {
  return b > 0 ? 2 * a / (a + b) : 2;
}

}  // namespace tilewright
