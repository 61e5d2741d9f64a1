#include "agents/torch/correction.h"

#include <algorithm>
#include <cmath>

#include "agents/torch/tensor_archive.h"

namespace tilewright::rl {

EnsembleImpl::EnsembleImpl(const Shape& shape, const CorrectionSettings& settings)
    : settings_(settings),
      layers_{layer("first", shape.states + shape.steps(), settings.hidden),
              layer("second", settings.hidden, settings.hidden),
              layer("third", settings.hidden, settings.outputs)} {}

EnsembleImpl::Layer EnsembleImpl::layer(const std::string& name, std::int64_t inputs,
                                        std::int64_t outputs) {
  return {register_parameter(name + "_weight", torch::zeros({settings_.members, inputs, outputs})),
          register_parameter(name + "_bias", torch::zeros({settings_.members, 1, outputs}))};
}

void EnsembleImpl::draw(torch::Generator& generator) {
  const torch::NoGradGuard no_grad;
  for (Layer& l : layers_) {
    const double bound = 1 / std::sqrt(static_cast<double>(l.weight.size(1)));
    l.weight.uniform_(-bound, bound, generator);
    l.bias.zero_();
  }
}

Tensor EnsembleImpl::forward(const Tensor& states, const Tensor& steps) {
  Tensor x = torch::cat({states, steps}, 1).unsqueeze(0).expand({settings_.members, -1, -1});
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    x = torch::baddbmm(layers_[i].bias, x, layers_[i].weight);
    if (i + 1 < layers_.size()) x = torch::gelu(x);
  }
  return settings_.limit > 0 ? settings_.limit * torch::tanh(x) : x;
}

Tensor correction_loss(Ensemble& ensemble, const CorrectionBatch& batch) {
  const Tensor expected = batch.base + ensemble->forward(batch.states, batch.steps);
  const Tensor error = (expected - batch.target).square().mean(2);  // [K, B]
  const Tensor weights = batch.weights.t();
  return (weights * error).sum() / weights.sum().clamp_min(1);
}

bool cheap_is_enough(double confidence, double least_confidence, double expected_score,
                     double best_score) {
  return confidence >= least_confidence && expected_score >= best_score;
}

std::vector<float> bootstrap_weights(const CorrectionSettings& settings, RandomStream& random) {
  std::vector<float> weights(static_cast<std::size_t>(settings.members));
  for (float& w : weights) w = random.uniform() < settings.keep ? 1.0F : 0.0F;
  if (std::count(weights.begin(), weights.end(), 1.0F) == 0) {
    weights[random.below(weights.size())] = 1;
  }
  return weights;
}

Correction::Correction(const Shape& shape, const CorrectionSettings& settings,
                       torch::Generator& generator)
    : settings_(settings),
      ensemble_(shape, settings),
      optimiser_(ensemble_->parameters(), torch::optim::AdamOptions(settings.learning_rate)) {
  ensemble_->draw(generator);
}

void Correction::update(const CorrectionBatch& batch) {
  const Tensor loss = correction_loss(ensemble_, batch);
  optimiser_.zero_grad();
  loss.backward();
  optimiser_.step();
  error_ = loss.item<double>();
}

Corrected Correction::expect(const Tensor& state, const Tensor& step, const Tensor& base) {
  const torch::NoGradGuard no_grad;
  const Tensor deltas = ensemble_->forward(state.unsqueeze(0), step.unsqueeze(0)).squeeze(1);
  const Tensor mean = (base + deltas.mean(0)).to(torch::kDouble).contiguous();
  Corrected result;
  result.mean.assign(mean.data_ptr<double>(), mean.data_ptr<double>() + mean.numel());
  result.deviation = deltas.std(0).max().item<double>();
  result.confidence = std::exp(-result.deviation / settings_.tolerance);
  return result;
}

void Correction::persist(StateArchive& archive) {
  rl::persist(archive, *ensemble_);
  rl::persist(archive, optimiser_);
  archive(error_);
}

}  // namespace tilewright::rl
