#include "agents/sum_tree.h"

#include <bit>

namespace tilewright {

SumTree::SumTree(std::int64_t size)
    : leaves_(std::bit_ceil(static_cast<std::size_t>(size))), sums_(2 * leaves_, 0.0) {}

void SumTree::set(std::int64_t index, double value) {
  std::size_t node = leaf(index);
  sums_[node] = value;
  // Added anew on the way up, so that rounding never piles up.
  for (node /= 2; node > 0; node /= 2) sums_[node] = sums_[2 * node] + sums_[2 * node + 1];
}

std::int64_t SumTree::find(double mass) const {
  std::size_t node = 1;
  while (node < leaves_) {
    const double left = sums_[2 * node];
    node *= 2;
    // Rounding may leave a mass at the far end of a branch; an empty one is never entered.
    if (mass >= left && sums_[node + 1] > 0) {
      mass -= left;
      ++node;
    }
  }
  return static_cast<std::int64_t>(node - leaves_);
}

}  // namespace tilewright
