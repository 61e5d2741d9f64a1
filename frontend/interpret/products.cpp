// Matrix products. Floating-point ones by Eigen in the type they are held in, integers in 64 bits.
#include <Eigen/Core>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>

#include "frontend/einsum.h"
#include "frontend/interpret/broadcast.h"
#include "frontend/interpret/kernels.h"
#include "frontend/interpret/matrix.h"
#include "frontend/interpret/rounding.h"
#include "frontend/interpret/wrapping.h"

namespace tilewright::kernel {
namespace {

Shape batch_of(const Shape& shape) {
  return Shape(shape.begin(), shape.end() - 2);
}

// numpy's product of a [.., M, K] and b [.., K, N]: vectors become a row, or a column.
template <typename T>
void batched_product(const std::vector<T>& a, Shape a_shape, const std::vector<T>& b, Shape b_shape,
                     std::vector<T>& y) {
  if (a_shape.size() == 1) a_shape.insert(a_shape.begin(), 1);
  if (b_shape.size() == 1) b_shape.push_back(1);
  const std::int64_t m = a_shape[a_shape.size() - 2], k = a_shape.back(), n = b_shape.back();
  const Shape a_batch = batch_of(a_shape), b_batch = batch_of(b_shape);
  Shape batch(std::max(a_batch.size(), b_batch.size()), 1);
  for (const Shape* const s : {&a_batch, &b_batch}) {
    for (std::size_t i = 0; i < s->size(); ++i) {
      std::int64_t& extent = batch[batch.size() - s->size() + i];
      extent = (*s)[i] == 1 ? extent : (*s)[i];
    }
  }
  std::int64_t done = 0;
  for_rows<2>(batch, {broadcast_strides(a_batch, batch), broadcast_strides(b_batch, batch)},
              [&](const auto& start, const auto& step, std::int64_t length) {
                for (std::int64_t j = 0; j < length; ++j, ++done) {
                  const std::int64_t at_a = start[0] + j * step[0], at_b = start[1] + j * step[1];
                  wrapping_matrix(y, done * m * n, m, n).noalias() =
                      wrapping_matrix(a, at_a * m * k, m, k) *
                      wrapping_matrix(b, at_b * k * n, k, n);
                }
              });
}

// The last two axes exchanged.
template <typename T>
std::vector<T> transposed(const std::vector<T>& x, Shape& shape) {
  if (shape.size() < 2) return x;
  std::int64_t& rows = shape[shape.size() - 2];
  std::vector<T> out(x.size());
  const std::int64_t size = rows * shape.back();
  for (std::int64_t first = 0; size > 0 && first < static_cast<std::int64_t>(x.size());
       first += size) {
    matrix(out, first, shape.back(), rows) = matrix(x, first, rows, shape.back()).transpose();
  }
  std::swap(rows, shape.back());
  return out;
}

template <typename T>
void scale_all(std::vector<T>& y, double factor) {
  if (factor == 1) return;
  for (T& value : y) value = saturated<T>(static_cast<double>(value) * factor);
}

// Inputs of a product with `flags` that say which are transposed.
template <typename T>
void product_of_transposed(NodeRun& op, bool trans_a, bool trans_b) {
  Shape a_shape = op.shape(0), b_shape = op.shape(1);
  const std::vector<T> a = trans_a ? transposed(op.in<T>(0), a_shape) : op.in<T>(0);
  const std::vector<T> b = trans_b ? transposed(op.in<T>(1), b_shape) : op.in<T>(1);
  batched_product(a, a_shape, b, b_shape, op.out<T>(0));
}

// Integers less their zero points: one for all, or one a row of A or a column of B (one of each
// matrix of a stack where it has the tensor's rank).
std::vector<std::int64_t> less_zero(const NodeRun& op, std::size_t input, std::size_t zero,
                                    bool rows) {
  std::vector<std::int64_t> x = op.ints(input);
  if (!op.has(zero)) return x;
  const std::vector<std::int64_t> zeros = op.ints(zero);
  Shape shape = op.shape(zero);
  if (shape.size() == 1 && shape[0] > 1 && rows) shape.push_back(1);
  const Shape& whole = op.shape(input);
  for_rows<2>(whole, {strides_of(whole), broadcast_strides(shape, whole)},
              [&](const auto& start, const auto& step, std::int64_t length) {
                for (std::int64_t j = 0; j < length; ++j) {
                  std::int64_t& value = x[at(start[0] + j * step[0])];
                  value = wrap(value, zeros[at(start[1] + j * step[1])], std::minus<>());
                }
              });
  return x;
}

}  // namespace

void matmul(NodeRun& op) {
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    batched_product(op.in<T>(0), op.shape(0), op.in<T>(1), op.shape(1), op.out<T>(0));
  });
}

void gemm(NodeRun& op) {
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    product_of_transposed<T>(op, op.attr_int("transA", 0) != 0, op.attr_int("transB", 0) != 0);
    std::vector<T>& y = op.out<T>(0);
    scale_all(y, op.attr_float("alpha", 1));
    if (!op.has(2)) return;
    std::vector<T> c = op.in<T>(2);
    scale_all(c, op.attr_float("beta", 1));
    const Shape shape = op.output(0).shape;
    for_rows<2>(shape, {strides_of(shape), broadcast_strides(op.shape(2), shape)},
                [&](const auto& start, const auto& step, std::int64_t length) {
                  for (std::int64_t j = 0; j < length; ++j) {
                    T& value = y[at(start[0] + j * step[0])];
                    value = wrap(value, c[at(start[1] + j * step[1])], std::plus<>());
                  }
                });
  });
}

// com.microsoft.FusedMatMul: alpha times the product of what may be transposed.
void fused_matmul(NodeRun& op) {
  op.floats(0, [&](auto zero) {
    using T = decltype(zero);
    product_of_transposed<T>(op, op.attr_int("transA", 0) != 0, op.attr_int("transB", 0) != 0);
    scale_all(op.out<T>(0), op.attr_float("alpha", 1));
  });
}

void matmul_integer(NodeRun& op) {
  batched_product(less_zero(op, 0, 2, true), op.shape(0), less_zero(op, 1, 3, false), op.shape(1),
                  op.out<std::int64_t>(0));
}

// a, a_scale, a_zero, b, b_scale, b_zero, y_scale, y_zero
void qlinear_matmul(NodeRun& op) {
  Value& y = op.out(0);
  const Shape& shape = y.shape;
  const std::vector<double> a_scale = op.reals(1), b_scale = op.reals(4), y_scale = op.reals(6);
  std::vector<double> sums(at(product(shape)));
  if (is_floating(op.in(0).type)) {
    batched_product(op.reals(0), op.shape(0), op.reals(3), op.shape(3), sums);
  } else {
    std::vector<std::int64_t> exact(sums.size());
    batched_product(less_zero(op, 0, 2, true), op.shape(0), less_zero(op, 3, 5, false), op.shape(3),
                    exact);
    std::copy(exact.begin(), exact.end(), sums.begin());
  }
  const std::int64_t columns = shape.empty() ? 1 : shape.back(),
                     rows = shape.size() > 1 ? shape[shape.size() - 2] : 1;
  const auto pick = [](const std::vector<double>& list, std::int64_t i) {
    return list.at(list.size() == 1 ? 0 : at(i));
  };
  const Rounding to(y.type);
  const std::vector<double> zero = op.has(7) ? op.reals(7) : std::vector<double>{0};
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const auto j = static_cast<std::int64_t>(i);
    const std::int64_t row = j / columns % rows, column = j % columns;
    const double scale = pick(a_scale, row) * pick(b_scale, column) / pick(y_scale, row);
    sums[i] = to.quantised(sums[i] * scale, pick(zero, row));
  }
  store(sums, y);
}

void einsum(NodeRun& op) {
  const Equation eq = parse_einsum(op);
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    std::vector<T>& out = op.out<T>(0);
    // The index space: the result's indices, then those that are summed.
    const EinsumLoops loops = einsum_loops(op, eq);
    std::vector<std::int64_t> index(loops.extent.size());
    const std::int64_t space = product(loops.extent);
    const std::int64_t most = 1LL << 34;
    if (space > most) op.refuse("an index space of more than 2^34 points");
    op.spend(static_cast<double>(space) * static_cast<double>(op.inputs()));
    std::vector<std::int64_t> place(op.inputs() + 1);
    for (std::int64_t n = 0; n < space; ++n) {
      T term{1};
      for (std::size_t i = 0; i < op.inputs(); ++i)
        term = wrap(term, op.in<T>(i)[at(place[i])], std::multiplies<>());
      T& sum = out[at(place.back())];
      sum = wrap(sum, term, std::plus<>());
      for (std::size_t a = index.size(); a-- > 0;) {
        for (std::size_t i = 0; i < place.size(); ++i) place[i] += loops.strides[i][a];
        if (++index[a] < loops.extent[a]) break;
        for (std::size_t i = 0; i < place.size(); ++i) {
          place[i] -= loops.strides[i][a] * loops.extent[a];
        }
        index[a] = 0;
      }
    }
  });
}

void determinant(NodeRun& op) {
  const std::int64_t n = op.dim(0, -1);
  op.floats(0, [&](auto zero) {
    using T = decltype(zero);
    std::vector<T>& out = op.out<T>(0);
    for (std::size_t i = 0; i < out.size(); ++i) {
      const Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic> m =
          matrix(op.in<T>(0), static_cast<std::int64_t>(i) * n * n, n, n);
      out[i] = m.determinant();
    }
  });
}

}  // namespace tilewright::kernel
