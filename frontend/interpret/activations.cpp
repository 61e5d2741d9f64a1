// One operand, element by element: functions, activations, roundings, casts, draws.
#include <algorithm>
#include <bit>
#include <cmath>
#include <random>

#include "frontend/interpret/broadcast.h"
#include "frontend/interpret/functions.h"
#include "frontend/interpret/kernels.h"
#include "frontend/interpret/rounding.h"
#include "frontend/onnx_proto.h"
#include "support/random.h"

namespace tilewright::kernel {
namespace {

template <typename F>
void each_number(OpRun& op, F f) {
  op.numbers(0, [&](auto zero) { each<decltype(zero)>(op, f); });
}

template <typename F>
void tested(OpRun& op, F f) {
  op.floats(0, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T>& x = op.in<T>(0);
    auto& out = op.out<std::int64_t>(0);
    for (std::size_t i = 0; i < x.size(); ++i) out[i] = f(x[i]) ? 1 : 0;
  });
}

// Draws that are the same whenever the node has the same name and attribute `seed`.
template <typename F>
void draw(OpRun& op, F distribution) {
  RandomStream stream(std::bit_cast<std::uint64_t>(op.attr_float("seed", 0)),
                      "interpreter/" + op.node().name);
  Value& out = op.out(0);
  std::visit(
      [&](auto& to) {
        using T = typename std::decay_t<decltype(to)>::value_type;
        for (std::size_t i = 0; i < to.size(); ++i) to[i] = saturated<T>(distribution(stream, i));
      },
      out.elements);
}

}  // namespace

void neg(OpRun& op) {
  each_number(op, [](auto x) {
    using T = decltype(x);
    if constexpr (std::is_floating_point_v<T>) {
      return -x;
    } else {
      return static_cast<T>(0 - static_cast<std::uint64_t>(x));
    }
  });
}
void abs(OpRun& op) {
  each_number(op, [](auto x) {
    using T = decltype(x);
    if constexpr (std::is_floating_point_v<T>) {
      return std::fabs(x);
    } else if constexpr (std::is_signed_v<T>) {
      return x < 0 ? static_cast<T>(0 - static_cast<std::uint64_t>(x)) : x;
    } else {
      return x;
    }
  });
}
void sign(OpRun& op) {
  each_number(op, [](auto x) {
    using T = decltype(x);
    if constexpr (std::is_floating_point_v<T>) {
      if (std::isnan(x)) return x;
    }
    return x > 0 ? T{1} : x == 0 ? T{0} : static_cast<T>(-1);
  });
}
void relu(OpRun& op) {
  each_number(op, [](auto x) { return x < 0 ? decltype(x){0} : x; });
}
void bitwise_not(OpRun& op) {
  op.integers(0, [&](auto zero) {
    using T = decltype(zero);
    each<T>(op, [](T x) { return static_cast<T>(~static_cast<std::uint64_t>(x)); });
  });
}
void logical_not(OpRun& op) {
  each<std::int64_t>(op, [](std::int64_t x) { return std::int64_t{x == 0 ? 1 : 0}; });
}

void floor(OpRun& op) {
  each_float(op, [](auto x) { return std::floor(x); });
}
void ceil(OpRun& op) {
  each_float(op, [](auto x) { return std::ceil(x); });
}
void round(OpRun& op) {
  each_float(op, [](auto x) { return std::nearbyint(x); });  // halves to even
}
void sqrt(OpRun& op) {
  each_float(op, [](auto x) { return std::sqrt(x); });
}
void reciprocal(OpRun& op) {
  each_float(op, [](auto x) { return 1 / x; });
}
void exp(OpRun& op) {
  each_float(op, [](auto x) { return std::exp(x); });
}
void log(OpRun& op) {
  each_float(op, [](auto x) { return std::log(x); });
}
void sin(OpRun& op) {
  each_float(op, [](auto x) { return std::sin(x); });
}
void cos(OpRun& op) {
  each_float(op, [](auto x) { return std::cos(x); });
}
void tan(OpRun& op) {
  each_float(op, [](auto x) { return std::tan(x); });
}
void asin(OpRun& op) {
  each_float(op, [](auto x) { return std::asin(x); });
}
void acos(OpRun& op) {
  each_float(op, [](auto x) { return std::acos(x); });
}
void atan(OpRun& op) {
  each_float(op, [](auto x) { return std::atan(x); });
}
void sinh(OpRun& op) {
  each_float(op, [](auto x) { return std::sinh(x); });
}
void cosh(OpRun& op) {
  each_float(op, [](auto x) { return std::cosh(x); });
}
void tanh(OpRun& op) {
  each_float(op, [](auto x) { return std::tanh(x); });
}
void asinh(OpRun& op) {
  each_float(op, [](auto x) { return std::asinh(x); });
}
void acosh(OpRun& op) {
  each_float(op, [](auto x) { return std::acosh(x); });
}
void atanh(OpRun& op) {
  each_float(op, [](auto x) { return std::atanh(x); });
}
void erf(OpRun& op) {
  each_float(op, [](auto x) { return std::erf(x); });
}
void is_nan(OpRun& op) {
  tested(op, [](auto x) { return std::isnan(x); });
}
void is_inf(OpRun& op) {
  const bool positive = op.attr_int("detect_positive", 1) != 0;
  const bool negative = op.attr_int("detect_negative", 1) != 0;
  tested(op, [&](auto x) { return std::isinf(x) && (x > 0 ? positive : negative); });
}

void sigmoid(OpRun& op) {
  each_float(op, [](auto x) { return sigmoid_of(x); });
}
void leaky_relu(OpRun& op) {
  const double alpha = op.attr_float("alpha", 0.01);
  each_float(op, [&](auto x) { return x < 0 ? static_cast<decltype(x)>(alpha) * x : x; });
}
void prelu(OpRun& op) {
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    broadcast_binary<T, T, T>(op, 0, 1,
                              [](T x, T slope) { return x < 0 ? static_cast<T>(slope * x) : x; });
  });
}
void thresholded_relu(OpRun& op) {
  const double alpha = op.attr_float("alpha", 1);
  each_float(op, [&](auto x) { return x > static_cast<decltype(x)>(alpha) ? x : 0; });
}
void elu(OpRun& op) {
  const double alpha = op.attr_float("alpha", 1);
  each_float(op, [&](auto x) {
    using T = decltype(x);
    return x < 0 ? static_cast<T>(alpha) * std::expm1(x) : x;
  });
}
void celu(OpRun& op) {
  const double alpha = op.attr_float("alpha", 1);
  each_float(op, [&](auto x) {
    using T = decltype(x);
    const auto a = static_cast<T>(alpha);
    return std::max(T{0}, x) + std::min(T{0}, a * std::expm1(x / a));
  });
}
void selu(OpRun& op) {
  const double alpha = op.attr_float("alpha", 1.67326319217681884765625);
  const double gamma = op.attr_float("gamma", 1.05070102214813232421875);
  each_float(op, [&](auto x) {
    using T = decltype(x);
    return static_cast<T>(gamma) * (x > 0 ? x : static_cast<T>(alpha) * std::expm1(x));
  });
}
void hard_sigmoid(OpRun& op) {
  const double alpha = op.attr_float("alpha", 0.2), beta = op.attr_float("beta", 0.5);
  each_float(op, [&](auto x) { return hard_sigmoid_of(x, alpha, beta); });
}
void hard_swish(OpRun& op) {
  each_float(op, [](auto x) { return x * hard_sigmoid_of(x, 1.0 / 6, 0.5); });
}
void swish(OpRun& op) {
  const double alpha = op.attr_float("alpha", 1);
  each_float(op, [&](auto x) { return x * sigmoid_of(static_cast<decltype(x)>(alpha) * x); });
}
void softplus(OpRun& op) {
  each_float(op, [](auto x) { return softplus_of(x); });
}
void softsign(OpRun& op) {
  each_float(op, [](auto x) { return x / (1 + std::fabs(x)); });
}
void mish(OpRun& op) {
  each_float(op, [](auto x) { return x * std::tanh(softplus_of(x)); });
}
void gelu(OpRun& op) {
  if (op.attr_string("approximate", "none") == "tanh") {
    each_float(op, [](auto x) { return tanh_gelu(x); });
  } else {
    each_float(op, [](auto x) { return erf_gelu(x); });
  }
}
void shrink(OpRun& op) {
  const double lambda = op.attr_float("lambd", 0.5), bias = op.attr_float("bias", 0);
  each_number(op, [&](auto x) {
    using T = decltype(x);
    const double wide = static_cast<double>(x);
    return wide < -lambda  ? saturated<T>(wide + bias)
           : wide > lambda ? saturated<T>(wide - bias)
                           : T{0};
  });
}

// Bounds as inputs, or before opset 11 as attributes.
void clip(OpRun& op) {
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    const auto bound = [&](std::size_t i, const char* name, T otherwise) {
      if (op.has(i) && !op.in<T>(i).empty()) return op.in<T>(i)[0];
      return op.has_attr(name) ? saturated<T>(op.attr_float(name, 0)) : otherwise;
    };
    constexpr T kLowest = std::numeric_limits<T>::lowest(), kMost = std::numeric_limits<T>::max();
    constexpr bool kReal = std::is_floating_point_v<T>;
    const T least = bound(1, "min", kReal ? -std::numeric_limits<T>::infinity() : kLowest);
    const T most = bound(2, "max", kReal ? std::numeric_limits<T>::infinity() : kMost);
    each<T>(op, [&](T x) {
      if constexpr (kReal) {
        if (std::isnan(x)) return x;
      }
      return std::min(std::max(x, least), most);
    });
  });
}

void cast(OpRun& op) {
  const bool saturate = op.attr_int("saturate", 1) != 0;
  op.put(0, converted(op.in(0), op.output(0).type, op.precision(), saturate));
}
void cast_like(OpRun& op) {
  cast(op);
}
// The same bits as another type.
void bit_cast(OpRun& op) {
  const DType type = proto::data_type(op.attr_int("to", 0));
  op.put(0, value_of_bytes(type, op.shape(0), bytes_of_value(op.in(0)), op.precision()));
}

void random_normal(OpRun& op) {
  const double mean = op.attr_float("mean", 0), scale = op.attr_float("scale", 1);
  draw(op, [&](RandomStream& stream, std::size_t) { return mean + scale * stream.normal(); });
}
void random_uniform(OpRun& op) {
  const double low = op.attr_float("low", 0), high = op.attr_float("high", 1);
  draw(op,
       [&](RandomStream& stream, std::size_t) { return low + (high - low) * stream.uniform(); });
}
void bernoulli(OpRun& op) {
  const std::vector<double> chance = op.reals(0);
  draw(op, [&](RandomStream& stream, std::size_t i) {
    return stream.uniform() < chance[i] ? 1.0 : 0.0;
  });
}

}  // namespace tilewright::kernel
