// Running mean and deviation of observations (Welford 1962).
#pragma once

#include <span>
#include <vector>

#include "agents/torch/networks.h"

namespace tilewright::rl {

class Normaliser {
 public:
  // `least_scale`: a deviation below it counts as this much, which keeps early scales sane.
  Normaliser(std::int64_t features, double least_scale);
  // Gives back what it is given, for agents that read observations as they are.
  static Normaliser identity(std::int64_t features);

  void add(std::span<const float> observation);
  // (x - mean) / deviation within +-5; features that never moved become 0. [B, F] -> [B, F]
  Tensor apply(const Tensor& observations) const;
  // The inverse for features that were within +-5; one that never moved becomes its mean.
  Tensor restore(const Tensor& normalised) const;
  void persist(StateArchive& archive);
  // As if only `most` observations had been seen: new ones count for more.
  void forget(double most);
  const Tensor& shift() const { return shift_; }  // [F]
  const Tensor& scale() const { return scale_; }  // [F], 1 / deviation, or 0

 private:
  bool fixed_ = false;
  double count_ = 0, least_scale_;
  std::vector<double> mean_, squares_;
  Tensor shift_, scale_;
};

}  // namespace tilewright::rl
