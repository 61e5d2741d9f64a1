// What an evaluated design has to show, as numbers that a regression learns, and where they lie in
// the notes of a replay and in the outputs of a world model. The one place of these layouts.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "agents/torch/normaliser.h"
#include "mdp/problem.h"

namespace tilewright::rl {

// Logarithms of tok/s, mW and mm2, and the least constraint margin within -1..1.
enum OutcomeField : std::size_t { kLogRate, kLogPower, kLogArea, kLeastMargin, kOutcomeFields };
using Outcome = std::array<float, kOutcomeFields>;
Outcome outcome_of(const Evaluation& e);

// The first three: what a correction expects, from a base that is either where the step starts or a
// model that was given.
inline constexpr std::size_t kFigures = 3;
using Figures = std::array<float, kFigures>;
Figures figures_of(const Outcome& outcome);
Figures log_figures(double tok_s, double power_mw, double area_mm2);
// The score of surrogate.md section 9 from logarithms of the three.
double score_of(std::span<const double> log_figures, const References& references);

// Notes of a transition: the base of a correction, the outcome where it arrives, and one weight for
// each member of an ensemble; all weights are zero for a transition that was imagined.
inline constexpr std::int64_t kOutcomes = static_cast<std::int64_t>(kOutcomeFields);
inline constexpr std::int64_t kEnsemble = 5;
inline constexpr std::int64_t kNotes = static_cast<std::int64_t>(kFigures) + kOutcomes + kEnsemble;
std::vector<float> design_notes(const Figures& base, const Outcome& after,
                                std::span<const float> weights);
Tensor bases(const Tensor& notes);           // [B, kFigures]
Tensor outcomes_after(const Tensor& notes);  // [B, kOutcomes]
Tensor figures_after(const Tensor& notes);   // [B, kFigures]
Tensor member_weights(const Tensor& notes);  // [B, kEnsemble]
Tensor observed_rows(const Tensor& notes);   // [R], rows that were not imagined

// Outputs of a world model of designs: the reward as the critics see it, then the outcome,
// normalised.
inline constexpr std::int64_t kWorldOutputs = 1 + kOutcomes;
Tensor world_targets(const Tensor& rewards, const Tensor& notes, const Normaliser& outcomes);

}  // namespace tilewright::rl
