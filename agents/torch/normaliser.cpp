#include "agents/torch/normaliser.h"

#include <algorithm>
#include <cmath>

#include "agents/torch/tensor_archive.h"

namespace tilewright::rl {

Normaliser::Normaliser(std::int64_t features, double least_scale)
    : least_scale_(least_scale),
      mean_(static_cast<std::size_t>(features)),
      squares_(static_cast<std::size_t>(features)),
      shift_(torch::zeros({features})),
      scale_(torch::zeros({features})) {}

Normaliser Normaliser::identity(std::int64_t features) {
  Normaliser same(features, 1);
  same.fixed_ = true;
  same.scale_.fill_(1);
  return same;
}

void Normaliser::add(std::span<const float> observation) {
  constexpr double kLeastDeviation = 1e-4;
  if (fixed_) return;
  count_ += 1;
  float* shift = shift_.data_ptr<float>();
  float* scale = scale_.data_ptr<float>();
  for (std::size_t i = 0; i < observation.size(); ++i) {
    const double x = static_cast<double>(observation[i]);
    const double before = x - mean_[i];
    mean_[i] += before / count_;
    squares_[i] += before * (x - mean_[i]);
    const double deviation = std::sqrt(squares_[i] / count_);
    shift[i] = static_cast<float>(mean_[i]);
    scale[i] = deviation < kLeastDeviation
                   ? 0.0F
                   : static_cast<float>(1 / std::max(deviation, least_scale_));
  }
}

Tensor Normaliser::apply(const Tensor& observations) const {
  if (fixed_) return observations;
  return ((observations - shift_) * scale_).clamp(-5, 5);
}

Tensor Normaliser::restore(const Tensor& normalised) const {
  if (fixed_) return normalised;
  return torch::where(scale_ > 0, normalised / scale_.clamp_min(1e-12), torch::zeros({})) + shift_;
}

void Normaliser::persist(StateArchive& archive) {
  const auto features = mean_.size();
  archive(fixed_, count_, mean_, squares_);
  archive.require(mean_.size() == features && squares_.size() == features);
  rl::persist(archive, {shift_, scale_});
}

void Normaliser::forget(double most) {
  if (count_ <= most) return;
  for (double& square : squares_) square *= most / count_;
  count_ = most;
}

}  // namespace tilewright::rl
