// Integers wrap, as the machine does, where C++ leaves what overflows undefined; reals are added
// and multiplied as they are.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <functional>
#include <type_traits>
#include <vector>

#include "frontend/interpret/matrix.h"

namespace tilewright::kernel {

template <typename T>
using Wrapping = std::conditional_t<std::is_integral_v<T>, std::uint64_t, T>;

// f is std::plus<>, std::minus<> or std::multiplies<>.
template <typename T, typename F>
T wrap(T a, T b, F f) {
  return static_cast<T>(f(static_cast<Wrapping<T>>(a), static_cast<Wrapping<T>>(b)));
}

// matrix() of integers whose products and sums wrap.
template <typename T>
Eigen::Map<RowMajor<Wrapping<T>>> wrapping_matrix(std::vector<T>& x, std::int64_t first,
                                                  std::int64_t rows, std::int64_t columns) {
  return {reinterpret_cast<Wrapping<T>*>(x.data()) + first, rows, columns};
}
template <typename T>
Eigen::Map<const RowMajor<Wrapping<T>>> wrapping_matrix(const std::vector<T>& x, std::int64_t first,
                                                        std::int64_t rows, std::int64_t columns) {
  return {reinterpret_cast<const Wrapping<T>*>(x.data()) + first, rows, columns};
}

}  // namespace tilewright::kernel
