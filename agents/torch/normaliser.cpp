#include "agents/torch/normaliser.h"

#include <cmath>

namespace tilewright::rl {

void Normaliser::add(const PolicyState& state) {
  constexpr double kLeastDeviation = 1e-4;
  constexpr double kOwnDeviation = 0.05;  // half a step of the unit box: keeps early scales sane
  count_ += 1;
  float* shift = shift_.data_ptr<float>();
  float* scale = scale_.data_ptr<float>();
  for (std::size_t i = 0; i < state.size(); ++i) {
    const double x = state[i];
    const double before = x - mean_[i];
    mean_[i] += before / count_;
    squares_[i] += before * (x - mean_[i]);
    const double deviation = std::sqrt(squares_[i] / count_);
    shift[i] = static_cast<float>(mean_[i]);
    scale[i] = deviation < kLeastDeviation
                   ? 0.0F
                   : static_cast<float>(1 / std::max(deviation, kOwnDeviation));
  }
}

Tensor Normaliser::apply(const Tensor& states) const {
  return ((states - shift_) * scale_).clamp(-5, 5);
}

}  // namespace tilewright::rl
