// The weights of the score that the experiment `weights` tries.
#pragma once

#include <string>
#include <vector>

#include "surrogate/surrogate.h"

namespace tilewright {

struct WeightSetting {
  std::string name;  // of those that have one, else "grid"
  PpaWeights weights{};
};

// `mode`, the paper's default of Eq. 42-44 and the settings of its two modes, then the simplex of
// rate, power and area in steps of a quarter, corners included; equal ones once.
std::vector<WeightSetting> weight_settings(const PpaWeights& mode);

// The weights with W of term k times `factor`, normalised.
PpaWeights with_scaled(PpaWeights weights, std::size_t k, double factor);

// The weights, then each of the three over and times kScale.
inline constexpr double kScale = 1.5;
std::vector<PpaWeights> weights_around(const PpaWeights& weights);

}  // namespace tilewright
