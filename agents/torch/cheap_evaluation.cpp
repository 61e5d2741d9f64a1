#include "agents/torch/cheap_evaluation.h"

#include <ATen/CPUGeneratorImpl.h>

#include <utility>

#include "agents/torch/design_task.h"
#include "agents/torch/tensor_archive.h"
#include "agents/torch/world_model.h"

namespace tilewright::rl {
namespace {

constexpr double kModelLimit = 0.2;  // Eq. 61

CorrectionSettings for_designs(CorrectionSettings settings, bool free_model) {
  settings.members = kEnsemble;
  settings.outputs = static_cast<std::int64_t>(kFigures);
  settings.limit = free_model ? kModelLimit : 0;
  return settings;
}

}  // namespace

CheapEvaluation::CheapEvaluation(const Problem& problem, CorrectionSettings settings,
                                 bool free_model, std::uint64_t seed, RandomStream masks)
    : problem_(problem),
      settings_(for_designs(settings, free_model)),
      free_model_(free_model),
      generator_(at::make_generator<at::CPUGeneratorImpl>(seed)),
      masks_(std::move(masks)),
      correction_(design_shape(), settings_, generator_) {}

Figures CheapEvaluation::base(const Evaluation& current, const ActionVector& next_unit) const {
  if (!free_model_) return figures_of(outcome_of(current));
  const Ppa ppa = problem_.surrogate().evaluate_l0(
      project(from_unit(next_unit, problem_.box()), problem_.box()));
  return log_figures(ppa.tok_s, ppa.power_mw, ppa.area_mm2);
}

void CheapEvaluation::update(const Batch& batch) {
  const Tensor rows = observed_rows(batch.notes);
  if (rows.size(0) == 0) return;
  const auto of = [&](const Tensor& t) { return t.index_select(0, rows); };
  const Tensor notes = of(batch.notes);
  correction_.update({of(batch.states), world_steps(design_shape(), of(batch.actions)),
                      bases(notes), figures_after(notes), member_weights(notes)});
}

CheapEvaluation::Verdict CheapEvaluation::judge(const Tensor& state, const Tensor& step,
                                                const Figures& base, double best_score) {
  const Corrected c =
      correction_.expect(state, step, torch::tensor(at::ArrayRef<float>(base.data(), kFigures)));
  Verdict verdict{score_of(c.mean, problem_.surrogate().references()), c.confidence, false};
  verdict.enough =
      cheap_is_enough(c.confidence, settings_.least_confidence, verdict.score, best_score);
  return verdict;
}

void CheapEvaluation::persist(StateArchive& archive) {
  rl::persist(archive, generator_);
  archive(masks_);
  correction_.persist(archive);
}

}  // namespace tilewright::rl
