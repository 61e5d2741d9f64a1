// Sums, extremes and their kin over axes; softmax; scans and sorting along one axis. Floating-point
// sums are taken in float64.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "frontend/interpret/broadcast.h"
#include "frontend/interpret/kernels.h"
#include "frontend/interpret/rounding.h"
#include "frontend/op_helpers.h"

namespace tilewright::kernel {
namespace {

// What an element type is summed in.
template <typename T>
using Sum = std::conditional_t<std::is_floating_point_v<T>, double, T>;

struct Reduction {
  bool skipped = false;   // no axes, and the attribute says that this reduces nothing
  Shape kept;             // the input's shape with extent 1 along what is reduced
  std::int64_t each = 1;  // elements that become one
};

Reduction read_reduction(const NodeRun& op) {
  Reduction r;
  const std::vector<std::int64_t> given = op.has(1) ? op.ints(1) : op.attr_ints("axes");
  r.skipped = given.empty() && op.attr_int("noop_with_empty_axes", 0) != 0;
  r.kept = op.shape(0);
  if (r.skipped) return r;
  for (const std::int64_t axis : op::axes_or_all(given, r.kept.size())) {
    std::int64_t& extent = r.kept[at(op.axis(axis, op.rank(0)))];
    r.each *= extent == 0 ? 0 : extent;
    extent = 1;
  }
  return r;
}

// Folds all elements of input 0 into accumulators of the kept shape: take(accumulator, element).
template <typename T, typename A, typename F>
std::vector<A> accumulate(const NodeRun& op, const Shape& kept, A start, F take) {
  const Shape& shape = op.shape(0);
  std::vector<A> sums(at(product(kept)), start);
  const std::vector<T>& x = op.in<T>(0);
  for_rows<2>(shape, {strides_of(shape), broadcast_strides(kept, shape)},
              [&](const auto& from, const auto& step, std::int64_t length) {
                for (std::int64_t j = 0; j < length; ++j) {
                  take(sums[at(from[1] + j * step[1])], x[at(from[0] + j * step[0])]);
                }
              });
  return sums;
}

template <typename T, typename A, typename F>
void finish(NodeRun& op, const std::vector<A>& sums, F value) {
  std::vector<T>& out = op.out<T>(0);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto v = value(sums.at(i));
    if constexpr (std::is_floating_point_v<std::decay_t<decltype(v)>>) {
      out[i] = saturated<T>(static_cast<double>(v));
    } else {
      out[i] = static_cast<T>(v);
    }
  }
}

// The least integer stays what it is.
template <typename S>
S magnitude(S x) {
  if constexpr (std::is_floating_point_v<S>) {
    return std::fabs(x);
  } else {
    return x < 0 ? static_cast<S>(0 - static_cast<std::uint64_t>(x)) : x;
  }
}

template <typename T>
Sum<T> plus(Sum<T> a, Sum<T> b) {
  if constexpr (std::is_floating_point_v<T>) {
    return a + b;
  } else {
    return static_cast<T>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
  }
}
template <typename T>
Sum<T> times(Sum<T> a, Sum<T> b) {
  if constexpr (std::is_floating_point_v<T>) {
    return a * b;
  } else {
    return static_cast<T>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
  }
}

// Sums of f(element), and g of each sum.
template <typename F, typename G>
void reduce_sum_of(NodeRun& op, F f, G g) {
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    using S = Sum<T>;
    const Reduction r = read_reduction(op);
    const auto sums = accumulate<T, S>(
        op, r.kept, S{0}, [&](S& sum, T x) { sum = plus<T>(sum, f(static_cast<S>(x))); });
    finish<T>(op, sums, [&](S sum) { return g(sum, r.each); });
  });
}

template <typename S>
S square(S x) {
  return times<S>(x, x);
}
template <typename S>
S same(S sum, std::int64_t) {
  return sum;
}

// NaN wins, as in numpy.
template <typename T>
bool beats(T x, T best, bool largest) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(best)) return false;
    if (std::isnan(x)) return true;
  }
  return largest ? x > best : x < best;
}

// The identity of max or min for the declared type.
template <typename T>
T extreme(DType type, bool lowest) {
  if constexpr (std::is_floating_point_v<T>) {
    return lowest ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::infinity();
  } else {
    if (type == DType::kBool) return lowest ? 0 : 1;
    const bool has_sign = type == DType::kInt8 || type == DType::kInt16 || type == DType::kInt32 ||
                          type == DType::kInt64 || type == DType::kInt4 || type == DType::kInt2;
    const auto bits = static_cast<unsigned>(dtype_bytes(type, 4) * 2);
    const std::uint64_t all = ~0ULL >> (64 - bits);
    if (!has_sign) return static_cast<T>(lowest ? 0 : all);
    return static_cast<T>(lowest ? ~(all >> 1U) : all >> 1U);
  }
}

void reduce_extreme(NodeRun& op, bool largest) {
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    const Reduction r = read_reduction(op);
    const auto best = accumulate<T, T>(op, r.kept, extreme<T>(op.in(0).type, largest),
                                       [&](T& b, T x) { b = beats(x, b, largest) ? x : b; });
    finish<T>(op, best, [](T x) { return x; });
  });
}

void arg_extreme(NodeRun& op, bool largest) {
  const std::int64_t axis = op.axis(op.attr_int("axis", 0), op.rank(0));
  const bool last = op.attr_int("select_last_index", 0) != 0;
  const AxisView v = view_axis(op.shape(0), axis);
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T>& x = op.in<T>(0);
    auto& out = op.out<std::int64_t>(0);
    for (std::int64_t o = 0; o < v.outer; ++o) {
      for (std::int64_t i = 0; i < v.inner && v.extent > 0; ++i) {
        std::int64_t best = 0;
        for (std::int64_t j = 1; j < v.extent; ++j) {
          const T a = x[at((o * v.extent + j) * v.inner + i)];
          const T b = x[at((o * v.extent + best) * v.inner + i)];
          if (beats(a, b, largest) || (last && a == b)) best = j;
        }
        out[at(o * v.inner + i)] = best;
      }
    }
  });
}

// f(element offset, stride, count) for every line along the axis of softmax and its kin: before
// opset 13 all axes from `axis` on together.
template <typename F>
void lines(NodeRun& op, F f) {
  const bool flat = op.opset() < 13;
  const std::int64_t axis = op.axis(op.attr_int("axis", flat ? 1 : -1), op.rank(0));
  AxisView v = view_axis(op.shape(0), axis);
  if (flat) v = {v.outer, v.extent * v.inner, 1};
  for (std::int64_t o = 0; o < v.outer; ++o) {
    for (std::int64_t i = 0; i < v.inner; ++i) f(o * v.extent * v.inner + i, v.inner, v.extent);
  }
}

template <typename F>
void softmax_lines(NodeRun& op, F write) {
  op.floats(0, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T>& x = op.in<T>(0);
    std::vector<T>& out = op.out<T>(0);
    lines(op, [&](std::int64_t first, std::int64_t step, std::int64_t count) {
      T most = -std::numeric_limits<T>::infinity();
      for (std::int64_t j = 0; j < count; ++j) most = std::max(most, x[at(first + j * step)]);
      double sum = 0;
      for (std::int64_t j = 0; j < count; ++j) {
        sum += std::exp(static_cast<double>(x[at(first + j * step)] - most));
      }
      for (std::int64_t j = 0; j < count; ++j) {
        const std::int64_t k = first + j * step;
        out[at(k)] = static_cast<T>(write(static_cast<double>(x[at(k)] - most), sum));
      }
    });
  });
}

// Running f along an axis.
template <typename F>
void scan(NodeRun& op, F f, int identity) {
  const std::int64_t axis = op.axis(op.int_or(1, 0), op.rank(0));
  const bool exclusive = op.attr_int("exclusive", 0) != 0, back = op.attr_int("reverse", 0) != 0;
  const AxisView v = view_axis(op.shape(0), axis);
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T>& x = op.in<T>(0);
    std::vector<T>& out = op.out<T>(0);
    for (std::int64_t o = 0; o < v.outer; ++o) {
      for (std::int64_t i = 0; i < v.inner; ++i) {
        auto running = static_cast<Sum<T>>(identity);
        for (std::int64_t j = 0; j < v.extent; ++j) {
          const std::int64_t place = back ? v.extent - 1 - j : j;
          const std::size_t k = at((o * v.extent + place) * v.inner + i);
          const Sum<T> with = f(zero, running, static_cast<Sum<T>>(x[k]));
          out[k] = static_cast<T>(exclusive ? running : with);
          running = with;
        }
      }
    }
  });
}

}  // namespace

void reduce_sum(NodeRun& op) {
  reduce_sum_of(
      op, [](auto x) { return x; }, [](auto s, auto n) { return same(s, n); });
}
void reduce_mean(NodeRun& op) {
  reduce_sum_of(
      op, [](auto x) { return x; },
      [](auto s, std::int64_t n) {
        if constexpr (std::is_floating_point_v<decltype(s)>) {
          return s / static_cast<double>(n);
        } else {
          return n == 0 ? s : static_cast<decltype(s)>(s / static_cast<decltype(s)>(n));
        }
      });
}
void reduce_l1(NodeRun& op) {
  reduce_sum_of(
      op, [](auto x) { return magnitude(x); }, [](auto s, auto n) { return same(s, n); });
}
void reduce_l2(NodeRun& op) {
  reduce_sum_of(
      op, [](auto x) { return square(x); },
      [](auto s, auto) { return std::sqrt(static_cast<double>(s)); });
}
void reduce_sum_square(NodeRun& op) {
  reduce_sum_of(
      op, [](auto x) { return square(x); }, [](auto s, auto n) { return same(s, n); });
}
void reduce_log_sum(NodeRun& op) {
  reduce_sum_of(
      op, [](auto x) { return x; }, [](auto s, auto) { return std::log(static_cast<double>(s)); });
}
void reduce_prod(NodeRun& op) {
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    using S = Sum<T>;
    const Reduction r = read_reduction(op);
    const auto all = accumulate<T, S>(
        op, r.kept, S{1}, [](S& product, T x) { product = times<T>(product, static_cast<S>(x)); });
    finish<T>(op, all, [](S product) { return product; });
  });
}
void reduce_max(NodeRun& op) {
  reduce_extreme(op, true);
}
void reduce_min(NodeRun& op) {
  reduce_extreme(op, false);
}

// Relative to the largest, so that nothing overflows.
void reduce_log_sum_exp(NodeRun& op) {
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    constexpr double kNone = -std::numeric_limits<double>::infinity();
    struct Running {
      double most = kNone, sum = 0;
    };
    const Reduction r = read_reduction(op);
    const auto sums = accumulate<T, Running>(op, r.kept, {}, [](Running& s, T element) {
      const auto x = static_cast<double>(element);
      if (x == kNone) return;
      if (x > s.most) {
        s.sum = s.sum * std::exp(s.most - x) + 1;
        s.most = x;
      } else {
        s.sum += std::exp(x - s.most);
      }
    });
    finish<T>(op, sums,
              [](const Running& s) { return s.sum == 0 ? kNone : s.most + std::log(s.sum); });
  });
}

void arg_max(NodeRun& op) {
  arg_extreme(op, true);
}
void arg_min(NodeRun& op) {
  arg_extreme(op, false);
}

void softmax(NodeRun& op) {
  softmax_lines(op, [](double x, double sum) { return std::exp(x) / sum; });
}
void log_softmax(NodeRun& op) {
  softmax_lines(op, [](double x, double sum) { return x - std::log(sum); });
}
void hardmax(NodeRun& op) {
  op.floats(0, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T>& x = op.in<T>(0);
    std::vector<T>& out = op.out<T>(0);
    lines(op, [&](std::int64_t first, std::int64_t step, std::int64_t count) {
      std::int64_t best = 0;
      for (std::int64_t j = 1; j < count; ++j) {
        if (beats(x[at(first + j * step)], x[at(first + best * step)], true)) best = j;
      }
      if (count > 0) out[at(first + best * step)] = 1;
    });
  });
}

void cum_sum(NodeRun& op) {
  scan(
      op, [](auto zero, auto a, auto b) { return plus<decltype(zero)>(a, b); }, 0);
}
void cum_prod(NodeRun& op) {
  scan(
      op, [](auto zero, auto a, auto b) { return times<decltype(zero)>(a, b); }, 1);
}

void top_k(NodeRun& op) {
  const std::int64_t axis = op.axis(op.attr_int("axis", -1), op.rank(0));
  const bool largest = op.attr_int("largest", 1) != 0;
  const AxisView v = view_axis(op.shape(0), axis);
  const std::int64_t k = op.output(0).shape[at(axis)];
  if (k > v.extent) op.mismatch("k is " + std::to_string(k) + " of " + std::to_string(v.extent));
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T>& x = op.in<T>(0);
    std::vector<T>& values = op.out<T>(0);
    auto* const indices = op.has_output(1) ? &op.out<std::int64_t>(1) : nullptr;
    std::vector<std::int64_t> order(at(v.extent));
    for (std::int64_t o = 0; o < v.outer; ++o) {
      for (std::int64_t i = 0; i < v.inner; ++i) {
        const auto value = [&](std::int64_t j) { return x[at((o * v.extent + j) * v.inner + i)]; };
        std::iota(order.begin(), order.end(), 0);
        std::partial_sort(order.begin(), order.begin() + k, order.end(),
                          [&](std::int64_t a, std::int64_t b) {
                            const T va = value(a), vb = value(b);
                            if (beats(va, vb, largest)) return true;
                            return !beats(vb, va, largest) && a < b;
                          });
        for (std::int64_t j = 0; j < k; ++j) {
          const std::size_t to = at((o * k + j) * v.inner + i);
          values[to] = value(order[at(j)]);
          if (indices != nullptr) (*indices)[to] = order[at(j)];
        }
      }
    }
  });
}

}  // namespace tilewright::kernel
