// Networks of double precision and checks that the tests of agents/torch share.
#pragma once

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "agents/torch/sac.h"

namespace tilewright::rl::testing_cases {

inline torch::Generator generator(std::uint64_t seed) {
  return at::make_generator<at::CPUGeneratorImpl>(seed);
}

inline const auto kDouble = torch::TensorOptions().dtype(torch::kDouble);

inline Tensor normal(std::initializer_list<std::int64_t> shape, torch::Generator& random) {
  return torch::empty(shape, kDouble).normal_(0, 1, random);
}

inline ActionNoise double_noise(const Shape& shape, std::int64_t batch, torch::Generator& random) {
  ActionNoise noise = draw_noise(shape, batch, random);
  return {noise.normal.to(torch::kDouble), noise.gumbel.to(torch::kDouble)};
}

// Some entries of every parameter, by central differences.
template <typename Loss>
void expect_gradients(std::vector<Tensor> parameters, const Loss& loss) {
  for (Tensor& p : parameters) {
    if (p.grad().defined()) p.grad().zero_();
  }
  loss().backward();
  const torch::NoGradGuard no_grad;
  int checked = 0;
  for (Tensor& p : parameters) {
    ASSERT_TRUE(p.grad().defined());
    Tensor flat = p.view({-1});
    const Tensor gradient = p.grad().view({-1});
    for (std::int64_t i = 0; i < flat.numel(); i += std::max<std::int64_t>(1, flat.numel() / 5)) {
      constexpr double kStep = 1e-6;
      const double at = flat[i].template item<double>();
      flat[i] = at + kStep;
      const double above = loss().template item<double>();
      flat[i] = at - kStep;
      const double below = loss().template item<double>();
      flat[i] = at;
      const double expected = (above - below) / (2 * kStep);
      EXPECT_NEAR(gradient[i].template item<double>(), expected, 1e-6 + 1e-5 * std::fabs(expected));
      ++checked;
    }
  }
  EXPECT_GT(checked, 20);
}

}  // namespace tilewright::rl::testing_cases
