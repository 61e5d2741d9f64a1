#include "experiments/weights/settings.h"

#include <algorithm>
#include <cmath>

namespace tilewright {
namespace {

constexpr int kSteps = 4;

bool equal(const PpaWeights& a, const PpaWeights& b) {
  constexpr double kRounding = 1e-12;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::fabs(a[i] - b[i]) > kRounding) return false;
  }
  return true;
}

}  // namespace

std::vector<WeightSetting> weight_settings(const PpaWeights& mode) {
  std::vector<WeightSetting> settings;
  const auto add = [&](const char* name, const PpaWeights& weights) {
    const bool known = std::any_of(settings.begin(), settings.end(), [&](const WeightSetting& s) {
      return equal(s.weights, weights);
    });
    if (!known) settings.push_back({name, weights});
  };
  add("mode", mode);
  add("paper default", {0.4, 0.4, 0.2});
  add("high performance", {0.5, 0.3, 0.2});
  add("low power", {0.2, 0.7, 0.1});
  for (int rate = kSteps; rate >= 0; --rate) {
    for (int power = kSteps - rate; power >= 0; --power) {
      const double area = kSteps - rate - power;
      add("grid", {rate / double{kSteps}, power / double{kSteps}, area / kSteps});
    }
  }
  return settings;
}

PpaWeights with_scaled(PpaWeights weights, std::size_t k, double factor) {
  weights[k] *= factor;
  return normalised(weights);
}

std::vector<PpaWeights> weights_around(const PpaWeights& weights) {
  std::vector<PpaWeights> all{weights};
  for (std::size_t k = 0; k < weights.size(); ++k) {
    all.push_back(with_scaled(weights, k, 1 / kScale));
    all.push_back(with_scaled(weights, k, kScale));
  }
  return all;
}

}  // namespace tilewright
