// A plain optimiser for tests: samples a Gaussian in the unit box, refits it to the best samples
// around the old mean (so that it can also grow), full covariance.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

#include "arch/actions.h"
#include "support/random.h"

namespace tilewright::testing_cases {

struct CrossEntropyOptions {
  std::size_t population = 400, elites = 100, rounds = 250;
  double deviation = 0.25, learning = 0.3;
};

struct Optimum {
  ActionVector unit{};
  double value = INFINITY;
};

class CrossEntropy {
 public:
  // Objective: values of many points at once, lower is better.
  using Objective = std::function<void(const std::vector<ActionVector>&, std::vector<double>&)>;

  CrossEntropy(const ActionVector& start, const CrossEntropyOptions& options)
      : options_(options), mean_(start) {
    for (std::size_t i = 0; i < kActionCount; ++i) {
      covariance_[i][i] = options.deviation * options.deviation;
    }
  }

  Optimum minimise(const Objective& objective, RandomStream& random) {
    Optimum best;
    std::vector<ActionVector> points(options_.population);
    std::vector<double> values(options_.population);
    std::vector<std::size_t> order(options_.population);
    for (std::size_t round = 0; round < options_.rounds; ++round) {
      factorise();
      for (ActionVector& p : points) draw(p, random);
      objective(points, values);
      std::iota(order.begin(), order.end(), std::size_t{0});
      std::sort(order.begin(), order.end(),
                [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
      if (values[order[0]] < best.value) best = {points[order[0]], values[order[0]]};
      refit(points, order);
    }
    return best;
  }

 private:
  using Matrix = std::array<ActionVector, kActionCount>;

  void factorise() {  // Cholesky
    for (std::size_t i = 0; i < kActionCount; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        double sum = covariance_[i][j];
        for (std::size_t k = 0; k < j; ++k) sum -= factor_[i][k] * factor_[j][k];
        factor_[i][j] = i == j ? std::sqrt(std::max(sum, 1e-12)) : sum / factor_[j][j];
      }
    }
  }

  void draw(ActionVector& p, RandomStream& random) const {
    ActionVector z{};
    for (double& v : z) v = random.normal();
    for (std::size_t i = 0; i < kActionCount; ++i) {
      double x = mean_[i];
      for (std::size_t j = 0; j <= i; ++j) x += factor_[i][j] * z[j];
      p[i] = std::clamp(x, 0.0, 1.0);
    }
  }

  void refit(const std::vector<ActionVector>& points, const std::vector<std::size_t>& order) {
    Matrix spread{};
    ActionVector mean{};
    const auto count = static_cast<double>(options_.elites);
    for (std::size_t e = 0; e < options_.elites; ++e) {
      const ActionVector& p = points[order[e]];
      for (std::size_t i = 0; i < kActionCount; ++i) {
        mean[i] += p[i] / count;
        for (std::size_t j = 0; j <= i; ++j) {
          spread[i][j] += (p[i] - mean_[i]) * (p[j] - mean_[j]) / count;
        }
      }
    }
    mean_ = mean;
    for (std::size_t i = 0; i < kActionCount; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        covariance_[i][j] += options_.learning * (spread[i][j] - covariance_[i][j]);
      }
    }
  }

  CrossEntropyOptions options_;
  ActionVector mean_;
  Matrix covariance_{}, factor_{};
};

}  // namespace tilewright::testing_cases
