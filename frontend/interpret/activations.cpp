// One operand, element by element: functions, activations, roundings, casts, draws.
#include <algorithm>
#include <bit>
#include <cmath>
#include <random>

#include "frontend/interpret/broadcast.h"
#include "frontend/interpret/functions.h"
#include "frontend/interpret/kernels.h"
#include "frontend/interpret/rounding.h"
#include "frontend/interpret/wrapping.h"
#include "frontend/onnx_proto.h"
#include "support/random.h"

namespace tilewright::kernel {
namespace {

template <typename F>
void each_number(NodeRun& op, F f) {
  op.numbers(0, [&](auto zero) { each<decltype(zero)>(op, f); });
}

template <typename F>
void tested(NodeRun& op, F f) {
  op.floats(0, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T>& x = op.in<T>(0);
    auto& out = op.out<std::int64_t>(0);
    for (std::size_t i = 0; i < x.size(); ++i) out[i] = f(x[i]) ? 1 : 0;
  });
}

// Draws that are the same whenever the node has the same name and attribute `seed`.
template <typename F>
void draw(NodeRun& op, F distribution) {
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

void neg(NodeRun& op) {
  each_number(op, [](auto x) {
    using T = decltype(x);
    if constexpr (std::is_floating_point_v<T>) {
      return -x;
    } else {
      return static_cast<T>(0 - static_cast<std::uint64_t>(x));
    }
  });
}
void abs(NodeRun& op) {
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
void sign(NodeRun& op) {
  each_number(op, [](auto x) {
    using T = decltype(x);
    if constexpr (std::is_floating_point_v<T>) {
      if (std::isnan(x)) return x;
    }
    return x > 0 ? T{1} : x == 0 ? T{0} : static_cast<T>(-1);
  });
}
void relu(NodeRun& op) {
  each_number(op, [](auto x) { return x < 0 ? decltype(x){0} : x; });
}
void bitwise_not(NodeRun& op) {
  op.integers(0, [&](auto zero) {
    using T = decltype(zero);
    each<T>(op, [](T x) { return static_cast<T>(~static_cast<std::uint64_t>(x)); });
  });
}
void logical_not(NodeRun& op) {
  each<std::int64_t>(op, [](std::int64_t x) { return std::int64_t{x == 0 ? 1 : 0}; });
}

void floor(NodeRun& op) {
  each_float(op, [](auto x) { return std::floor(x); });
}
void ceil(NodeRun& op) {
  each_float(op, [](auto x) { return std::ceil(x); });
}
void round(NodeRun& op) {
  each_float(op, [](auto x) { return std::nearbyint(x); });  // halves to even
}
void sqrt(NodeRun& op) {
  each_float(op, [](auto x) { return std::sqrt(x); });
}
void reciprocal(NodeRun& op) {
  each_float(op, [](auto x) { return 1 / x; });
}
void exp(NodeRun& op) {
  each_float(op, [](auto x) { return std::exp(x); });
}
void log(NodeRun& op) {
  each_float(op, [](auto x) { return std::log(x); });
}
void sin(NodeRun& op) {
  each_float(op, [](auto x) { return std::sin(x); });
}
void cos(NodeRun& op) {
  each_float(op, [](auto x) { return std::cos(x); });
}
void tan(NodeRun& op) {
  each_float(op, [](auto x) { return std::tan(x); });
}
void asin(NodeRun& op) {
  each_float(op, [](auto x) { return std::asin(x); });
}
void acos(NodeRun& op) {
  each_float(op, [](auto x) { return std::acos(x); });
}
void atan(NodeRun& op) {
  each_float(op, [](auto x) { return std::atan(x); });
}
void sinh(NodeRun& op) {
  each_float(op, [](auto x) { return std::sinh(x); });
}
void cosh(NodeRun& op) {
  each_float(op, [](auto x) { return std::cosh(x); });
}
void tanh(NodeRun& op) {
  each_float(op, [](auto x) { return std::tanh(x); });
}
void asinh(NodeRun& op) {
  each_float(op, [](auto x) { return std::asinh(x); });
}
void acosh(NodeRun& op) {
  each_float(op, [](auto x) { return std::acosh(x); });
}
void atanh(NodeRun& op) {
  each_float(op, [](auto x) { return std::atanh(x); });
}
void erf(NodeRun& op) {
  each_float(op, [](auto x) { return std::erf(x); });
}
void is_nan(NodeRun& op) {
  tested(op, [](auto x) { return std::isnan(x); });
}
void is_inf(NodeRun& op) {
  const bool positive = op.attr_int("detect_positive", 1) != 0;
  const bool negative = op.attr_int("detect_negative", 1) != 0;
  tested(op, [&](auto x) { return std::isinf(x) && (x > 0 ? positive : negative); });
}

void sigmoid(NodeRun& op) {
  each_float(op, [](auto x) { return sigmoid_of(x); });
}
void leaky_relu(NodeRun& op) {
  const double alpha = op.attr_float("alpha", 0.01);
  each_float(op, [&](auto x) { return x < 0 ? static_cast<decltype(x)>(alpha) * x : x; });
}
void prelu(NodeRun& op) {
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    broadcast_binary<T, T, T>(
        op, 0, 1, [](T x, T slope) { return x < 0 ? wrap(slope, x, std::multiplies<>()) : x; });
  });
}
void thresholded_relu(NodeRun& op) {
  const double alpha = op.attr_float("alpha", 1);
  each_float(op, [&](auto x) { return x > static_cast<decltype(x)>(alpha) ? x : 0; });
}
void elu(NodeRun& op) {
  const double alpha = op.attr_float("alpha", 1);
  each_float(op, [&](auto x) {
    using T = decltype(x);
    return x < 0 ? static_cast<T>(alpha) * std::expm1(x) : x;
  });
}
void celu(NodeRun& op) {
  const double alpha = op.attr_float("alpha", 1);
  each_float(op, [&](auto x) {
    using T = decltype(x);
    const auto a = static_cast<T>(alpha);
    return std::max(T{0}, x) + std::min(T{0}, a * std::expm1(x / a));
  });
}
void selu(NodeRun& op) {
  const double alpha = op.attr_float("alpha", 1.67326319217681884765625);
  const double gamma = op.attr_float("gamma", 1.05070102214813232421875);
  each_float(op, [&](auto x) {
    using T = decltype(x);
    return static_cast<T>(gamma) * (x > 0 ? x : static_cast<T>(alpha) * std::expm1(x));
  });
}
void hard_sigmoid(NodeRun& op) {
  const double alpha = op.attr_float("alpha", 0.2), beta = op.attr_float("beta", 0.5);
  each_float(op, [&](auto x) { return hard_sigmoid_of(x, alpha, beta); });
}
void hard_swish(NodeRun& op) {
  each_float(op, [](auto x) { return x * hard_sigmoid_of(x, 1.0 / 6, 0.5); });
}
void swish(NodeRun& op) {
  const double alpha = op.attr_float("alpha", 1);
  each_float(op, [&](auto x) { return x * sigmoid_of(static_cast<decltype(x)>(alpha) * x); });
}
void softplus(NodeRun& op) {
  each_float(op, [](auto x) { return softplus_of(x); });
}
void softsign(NodeRun& op) {
  each_float(op, [](auto x) { return x / (1 + std::fabs(x)); });
}
void mish(NodeRun& op) {
  each_float(op, [](auto x) { return x * std::tanh(softplus_of(x)); });
}
void gelu(NodeRun& op) {
  if (op.attr_string("approximate", "none") == "tanh") {
    each_float(op, [](auto x) { return tanh_gelu(x); });
  } else {
    each_float(op, [](auto x) { return erf_gelu(x); });
  }
}
void shrink(NodeRun& op) {
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
void clip(NodeRun& op) {
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

void cast(NodeRun& op) {
  const bool saturate = op.attr_int("saturate", 1) != 0;
  op.put(0, converted(op.in(0), op.output(0).type, op.precision(), saturate));
}
void cast_like(NodeRun& op) {
  cast(op);
}
// The same bits as another type.
void bit_cast(NodeRun& op) {
  const DType type = proto::data_type(op.attr_int("to", 0));
  op.put(0, value_of_bytes(type, op.shape(0), bytes_of_value(op.in(0)), op.precision()));
}

void random_normal(NodeRun& op) {
  const double mean = op.attr_float("mean", 0), scale = op.attr_float("scale", 1);
  draw(op, [&](RandomStream& stream, std::size_t) { return mean + scale * stream.normal(); });
}
void random_uniform(NodeRun& op) {
  const double low = op.attr_float("low", 0), high = op.attr_float("high", 1);
  draw(op,
       [&](RandomStream& stream, std::size_t) { return low + (high - low) * stream.uniform(); });
}
void bernoulli(NodeRun& op) {
  const std::vector<double> chance = op.reals(0);
  draw(op, [&](RandomStream& stream, std::size_t i) {
    return stream.uniform() < chance[i] ? 1.0 : 0.0;
  });
}

}  // namespace tilewright::kernel
