// Running mean and deviation of observations (Welford 1962).
#pragma once

#include "agents/torch/networks.h"

namespace tilewright::rl {

class Normaliser {
 public:
  void add(const PolicyState& state);
  // (x - mean) / deviation within +-5; features that never moved become 0.
  Tensor apply(const Tensor& states) const;       // [B, 52] -> [B, 52]
  const Tensor& scale() const { return scale_; }  // [52]

 private:
  double count_ = 0;
  std::array<double, kPolicyStateSize> mean_{}, squares_{};
  Tensor shift_ = torch::zeros({kStates}), scale_ = torch::zeros({kStates});
};

}  // namespace tilewright::rl
