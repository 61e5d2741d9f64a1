// Functions of one number that several operators have.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tilewright::kernel {

template <typename T>
T sigmoid_of(T x) {
  return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x));
}

template <typename T>
T softplus_of(T x) {
  return std::max(x, T{0}) + std::log1p(std::exp(-std::fabs(x)));
}

template <typename T>
T hard_sigmoid_of(T x, double alpha, double beta) {
  return std::clamp(static_cast<T>(alpha) * x + static_cast<T>(beta), T{0}, T{1});
}

template <typename T>
T erf_gelu(T x) {
  return x / 2 * (1 + std::erf(x / std::numbers::sqrt2_v<T>));
}

template <typename T>
T tanh_gelu(T x) {
  const T root = std::sqrt(T{2} / std::numbers::pi_v<T>);
  return x / 2 * (1 + std::tanh(root * (x + static_cast<T>(0.044715) * x * x * x)));
}

}  // namespace tilewright::kernel
