// Parts of vectors seen as Eigen's row-major matrices.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

namespace tilewright::kernel {

template <typename T>
using RowMajor = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <typename T>
Eigen::Map<RowMajor<T>> matrix(std::vector<T>& x, std::int64_t first, std::int64_t rows,
                               std::int64_t columns) {
  return {x.data() + first, rows, columns};
}
template <typename T>
Eigen::Map<const RowMajor<T>> matrix(const std::vector<T>& x, std::int64_t first, std::int64_t rows,
                                     std::int64_t columns) {
  return {x.data() + first, rows, columns};
}

}  // namespace tilewright::kernel
