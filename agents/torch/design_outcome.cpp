#include "agents/torch/design_outcome.h"

#include <algorithm>
#include <cmath>

#include "mdp/normalise.h"

namespace tilewright::rl {

Figures log_figures(double tok_s, double power_mw, double area_mm2) {
  static constexpr double kLeast = 1e-9;  // a design that does nothing has a logarithm too
  const auto log = [](double x) { return static_cast<float>(std::log(std::max(x, kLeast))); };
  return {log(tok_s), log(power_mw), log(area_mm2)};
}

Outcome outcome_of(const Evaluation& e) {
  const Figures logs = log_figures(e.tok_s, e.power_mw, e.area_mm2);
  const double least = *std::min_element(e.margins.begin(), e.margins.end());
  return {logs[kLogRate], logs[kLogPower], logs[kLogArea],
          static_cast<float>(std::clamp(least, -1.0, 1.0))};
}

Figures figures_of(const Outcome& outcome) {
  return {outcome[kLogRate], outcome[kLogPower], outcome[kLogArea]};
}

double score_of(std::span<const double> log_figures, const References& references) {
  const References& r = references;
  return r.weights[0] * bounded_ratio(r.tok_s, std::exp(log_figures[kLogRate])) +
         r.weights[1] * bounded_ratio(std::exp(log_figures[kLogPower]), r.power_mw) +
         r.weights[2] * bounded_ratio(std::exp(log_figures[kLogArea]), r.area_mm2);
}

std::vector<float> design_notes(const Figures& base, const Outcome& after,
                                std::span<const float> weights) {
  std::vector<float> notes(base.begin(), base.end());
  notes.insert(notes.end(), after.begin(), after.end());
  notes.insert(notes.end(), weights.begin(), weights.end());
  return notes;
}

Tensor bases(const Tensor& notes) {
  return notes.narrow(1, 0, kFigures);
}

Tensor outcomes_after(const Tensor& notes) {
  return notes.narrow(1, kFigures, kOutcomes);
}

Tensor figures_after(const Tensor& notes) {
  return notes.narrow(1, kFigures, kFigures);
}

Tensor member_weights(const Tensor& notes) {
  return notes.narrow(1, kFigures + kOutcomes, kEnsemble);
}

Tensor observed_rows(const Tensor& notes) {
  return (member_weights(notes).sum(1) > 0).nonzero().squeeze(1);
}

Tensor world_targets(const Tensor& rewards, const Tensor& notes, const Normaliser& outcomes) {
  return torch::cat({rewards.unsqueeze(1), outcomes.apply(outcomes_after(notes))}, 1);
}

}  // namespace tilewright::rl
