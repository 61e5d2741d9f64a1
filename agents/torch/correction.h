// The learned correction (equations.md Eq. 61-67): an ensemble that says what the next design's
// rate, power and area are, starting from a base, and how sure it is. Where it is sure and the
// design is nothing to look for, the cheap answer is enough. Shapes: K members, B the batch.
#pragma once

#include <array>

#include "agents/torch/networks.h"
#include "support/random.h"

namespace tilewright::rl {

struct CorrectionSettings {
  std::int64_t members = 5;
  std::int64_t hidden = 64;
  std::int64_t outputs = 3;  // log rate, log power, log area
  double learning_rate = 1e-3;
  double limit = 0;               // of |delta| where the base is a model that was given; 0: none
  double keep = 0.7;              // probability that a member learns from a transition
  double tolerance = 0.05;        // Eq. 66
  double least_confidence = 0.8;  // Eq. 67
};

// Members states + steps -> hidden -> hidden -> outputs with GELU, all at once.
class EnsembleImpl : public torch::nn::Module {
 public:
  EnsembleImpl(const Shape& shape, const CorrectionSettings& settings);
  // Deltas [K, B, outputs] of [B, states] and [B, steps] (world_steps), within the limit.
  Tensor forward(const Tensor& states, const Tensor& steps);
  void draw(torch::Generator& generator);

 private:
  struct Layer {
    Tensor weight, bias;  // [K, inputs, outputs], [K, 1, outputs]
  };
  Layer layer(const std::string& name, std::int64_t inputs, std::int64_t outputs);

  CorrectionSettings settings_;
  std::array<Layer, 3> layers_;
};
TORCH_MODULE(Ensemble);

struct CorrectionBatch {
  Tensor states, steps;  // [B, states] normalised, [B, steps]
  Tensor base, target;   // [B, outputs]
  Tensor weights;        // [B, K]: 0 where a member does not learn from the transition
};
// Eq. 65 with lambda 1: mean squared error of base + delta over what each member learns from.
Tensor correction_loss(Ensemble& ensemble, const CorrectionBatch& batch);

struct Corrected {
  std::vector<double> mean;  // [outputs], base + mean delta
  double deviation = 0;      // the largest over the outputs, of the members
  double confidence = 0;     // Eq. 66: exp(-deviation / tolerance)
};

// Eq. 67, and that what promises to be better is always looked at.
bool cheap_is_enough(double confidence, double least_confidence, double expected_score,
                     double best_score);

// 0 or 1 for each member, at least one of them 1.
std::vector<float> bootstrap_weights(const CorrectionSettings& settings, RandomStream& random);

// An ensemble that is refined online.
class Correction {
 public:
  Correction(const Shape& shape, const CorrectionSettings& settings, torch::Generator& generator);
  void update(const CorrectionBatch& batch);
  // `state` [states] normalised, `step` [steps], `base` [outputs].
  Corrected expect(const Tensor& state, const Tensor& step, const Tensor& base);
  void persist(StateArchive& archive);
  double error() const { return error_; }  // of the last batch, before it was learned from

 private:
  CorrectionSettings settings_;
  Ensemble ensemble_;
  torch::optim::Adam optimiser_;
  double error_ = 0;
};

}  // namespace tilewright::rl
