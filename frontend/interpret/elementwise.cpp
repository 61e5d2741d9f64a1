// Two or more operands, element by element: arithmetic, comparison, logic.
#include <algorithm>
#include <cmath>

#include "frontend/interpret/broadcast.h"
#include "frontend/interpret/kernels.h"
#include "frontend/interpret/rounding.h"
#include "frontend/interpret/wrapping.h"

namespace tilewright::kernel {
namespace {

template <typename T>
T quotient(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    return a / b;
  } else {
    if (b == 0) return 0;
    if constexpr (std::is_signed_v<T>) {
      if (b == -1) return static_cast<T>(0 - static_cast<std::uint64_t>(a));
    }
    return a / b;  // ONNX: towards zero
  }
}

// The sign of the result is the divisor's (Python), or with `c_sign` the dividend's (C).
template <typename T>
T remainder(T a, T b, bool c_sign) {
  if constexpr (std::is_floating_point_v<T>) {
    const T rest = std::fmod(a, b);
    return !c_sign && rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
  } else {
    if (b == 0) return 0;
    if constexpr (std::is_signed_v<T>) {
      if (b == -1) return 0;
      const T rest = a % b;
      return !c_sign && rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
    } else {
      return a % b;
    }
  }
}

template <typename T>
T smaller(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(a) || std::isnan(b)) return std::numeric_limits<T>::quiet_NaN();
  }
  return std::min(a, b);
}

template <typename T>
T larger(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(a) || std::isnan(b)) return std::numeric_limits<T>::quiet_NaN();
  }
  return std::max(a, b);
}

template <typename T>
T integer_power(T base, T exponent) {
  if (exponent < 0) return base == 1 ? 1 : 0;
  std::uint64_t result = 1, square = static_cast<std::uint64_t>(base);
  for (auto left = static_cast<std::uint64_t>(exponent); left != 0; left >>= 1U) {
    if ((left & 1U) != 0) result *= square;
    square *= square;
  }
  return static_cast<T>(result);
}

// Bits that are shifted out of the type vanish; settle() cuts what goes beyond it.
std::uint64_t shifted(std::uint64_t a, std::uint64_t by, bool left) {
  if (by >= 64) return 0;
  return left ? a << by : a >> by;
}

template <typename F>
void integer_bits(NodeRun& op, F f) {
  op.integers(0, [&](auto zero) {
    using T = decltype(zero);
    broadcast_binary<T, T, T>(op, 0, 1, [&](T a, T b) {
      return static_cast<T>(f(static_cast<std::uint64_t>(a), static_cast<std::uint64_t>(b)));
    });
  });
}

template <typename F>
void logic(NodeRun& op, F f) {
  broadcast_binary<std::int64_t, std::int64_t, std::int64_t>(
      op, 0, 1,
      [&](std::int64_t a, std::int64_t b) { return std::int64_t{f(a != 0, b != 0) ? 1 : 0}; });
}

template <typename F>
void compare(NodeRun& op, F f) {
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    broadcast_binary<T, T, std::int64_t>(op, 0, 1,
                                         [&](T a, T b) { return std::int64_t{f(a, b) ? 1 : 0}; });
  });
}

template <typename F>
void arithmetic(NodeRun& op, F f) {
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    broadcast_binary<T, T, T>(op, 0, 1, f);
  });
}

// The first input spread to the output's shape, then the others folded in.
template <typename F>
void fold(NodeRun& op, F f) {
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    std::vector<T>& out = op.out<T>(0);
    const Shape& shape = op.output(0).shape;
    for (std::size_t i = 0; i < op.inputs(); ++i) {
      const std::vector<T>& x = op.in<T>(i);
      for_rows<2>(shape, {strides_of(shape), broadcast_strides(op.shape(i), shape)},
                  [&](const auto& start, const auto& step, std::int64_t length) {
                    for (std::int64_t j = 0; j < length; ++j) {
                      T& y = out[at(start[0] + j * step[0])];
                      const T& value = x[at(start[1] + j * step[1])];
                      y = i == 0 ? value : f(y, value);
                    }
                  });
    }
  });
}

}  // namespace

void add(NodeRun& op) {
  arithmetic(op, [](auto a, auto b) { return wrap(a, b, std::plus<>()); });
}
void sub(NodeRun& op) {
  arithmetic(op, [](auto a, auto b) { return wrap(a, b, std::minus<>()); });
}
void mul(NodeRun& op) {
  arithmetic(op, [](auto a, auto b) { return wrap(a, b, std::multiplies<>()); });
}
void div(NodeRun& op) {
  arithmetic(op, [](auto a, auto b) { return quotient(a, b); });
}
void mod(NodeRun& op) {
  const bool c_sign = op.attr_int("fmod", 0) != 0;
  arithmetic(op, [&](auto a, auto b) { return remainder(a, b, c_sign); });
}

void min(NodeRun& op) {
  fold(op, [](auto a, auto b) { return smaller(a, b); });
}
void max(NodeRun& op) {
  fold(op, [](auto a, auto b) { return larger(a, b); });
}
void sum(NodeRun& op) {
  fold(op, [](auto a, auto b) { return wrap(a, b, std::plus<>()); });
}
void mean(NodeRun& op) {
  sum(op);
  op.floats(0, [&](auto zero) {
    using T = decltype(zero);
    for (T& y : op.out<T>(0)) y /= static_cast<T>(op.inputs());
  });
}

// Base and exponent may have different types; the result has the base's.
void pow(NodeRun& op) {
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    op.numbers(1, [&](auto other) {
      using E = decltype(other);
      broadcast_binary<T, E, T>(op, 0, 1, [](T base, E exponent) {
        if constexpr (std::is_integral_v<T> && std::is_integral_v<E>) {
          return integer_power<T>(base, static_cast<T>(exponent));
        } else if constexpr (std::is_floating_point_v<T>) {
          return static_cast<T>(std::pow(base, static_cast<T>(exponent)));
        } else {
          return saturated<T>(std::pow(static_cast<double>(base), static_cast<double>(exponent)));
        }
      });
    });
  });
}

void bit_shift(NodeRun& op) {
  const std::string direction = op.attr_string("direction", "");
  if (direction != "LEFT" && direction != "RIGHT") op.refuse("direction '" + direction + "'");
  const bool left = direction == "LEFT";
  integer_bits(op, [&](std::uint64_t a, std::uint64_t by) { return shifted(a, by, left); });
}
void bitwise_and(NodeRun& op) {
  integer_bits(op, std::bit_and<>());
}
void bitwise_or(NodeRun& op) {
  integer_bits(op, std::bit_or<>());
}
void bitwise_xor(NodeRun& op) {
  integer_bits(op, std::bit_xor<>());
}

void equal(NodeRun& op) {
  compare(op, std::equal_to<>());
}
void less(NodeRun& op) {
  compare(op, std::less<>());
}
void less_or_equal(NodeRun& op) {
  compare(op, std::less_equal<>());
}
void greater(NodeRun& op) {
  compare(op, std::greater<>());
}
void greater_or_equal(NodeRun& op) {
  compare(op, std::greater_equal<>());
}
void logical_and(NodeRun& op) {
  logic(op, std::logical_and<>());
}
void logical_or(NodeRun& op) {
  logic(op, std::logical_or<>());
}
void logical_xor(NodeRun& op) {
  logic(op, std::not_equal_to<>());
}

void where(NodeRun& op) {
  op.numbers(1, [&](auto zero) {
    using T = decltype(zero);
    std::vector<T>& out = op.out<T>(0);
    const Shape& shape = op.output(0).shape;
    const auto& condition = op.in<std::int64_t>(0);
    const std::vector<T>&yes = op.in<T>(1), &no = op.in<T>(2);
    for_rows<4>(shape,
                {strides_of(shape), broadcast_strides(op.shape(0), shape),
                 broadcast_strides(op.shape(1), shape), broadcast_strides(op.shape(2), shape)},
                [&](const auto& start, const auto& step, std::int64_t length) {
                  for (std::int64_t j = 0; j < length; ++j) {
                    const bool chosen = condition[at(start[1] + j * step[1])] != 0;
                    out[at(start[0] + j * step[0])] =
                        chosen ? yes[at(start[2] + j * step[2])] : no[at(start[3] + j * step[3])];
                  }
                });
  });
}

}  // namespace tilewright::kernel
