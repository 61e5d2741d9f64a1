// Numbers with sampling in proportion to them: a complete binary tree of sums. Setting one and
// drawing one take log2(size) steps.
#pragma once

#include <cstdint>
#include <vector>

namespace tilewright {

class SumTree {
 public:
  explicit SumTree(std::int64_t size);  // all zero; size > 0

  void set(std::int64_t index, double value);  // value >= 0
  double at(std::int64_t index) const { return sums_[leaf(index)]; }
  double total() const { return sums_[1]; }
  // The index in whose share `mass` falls: the first with a sum of the values up to and including
  // it above `mass`, which lies in [0, total()). Never one whose value is zero.
  std::int64_t find(double mass) const;

 private:
  std::size_t leaf(std::int64_t index) const { return leaves_ + static_cast<std::size_t>(index); }

  std::size_t leaves_;  // a power of two
  std::vector<double> sums_;
};

}  // namespace tilewright
