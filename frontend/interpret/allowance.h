// What runs may still take.
#pragma once

#include <cstdint>
#include <limits>

#include "frontend/graph.h"

namespace tilewright {

// Bytes of values, and element operations as the operators count them. Without limits of note where
// it is not said.
struct Allowance {
  std::int64_t bytes = 8LL << 30;
  double work = std::numeric_limits<double>::infinity();
  // Error TW-RUN-011, for `node`, when there is no more; an amount that is no number is too much.
  void spend(double amount, const Node& node);
};

}  // namespace tilewright
