// The learned correction over designs (Eq. 61-67): when is a cheap evaluation enough.
#pragma once

#include "agents/torch/correction.h"
#include "agents/torch/design_outcome.h"
#include "agents/torch/replay.h"

namespace tilewright::rl {

class CheapEvaluation {
 public:
  // With `free_model` the base is the closed form L0 of the next design and deltas stay within .2;
  // without, it is what is known of the current design, and L0 is never called.
  CheapEvaluation(const Problem& problem, CorrectionSettings settings, bool free_model,
                  std::uint64_t seed, RandomStream masks);

  // Base of a step from `current` to the legal design at `next_unit`.
  Figures base(const Evaluation& current, const ActionVector& next_unit) const;
  // Which members learn from the next transition; as many as kEnsemble.
  std::vector<float> draw_weights() { return bootstrap_weights(settings_, masks_); }
  // From what the agent learned from; imagined transitions are left out.
  void update(const Batch& batch);

  struct Verdict {
    double score = 0, confidence = 0;
    bool enough = false;
  };
  // `state` [states] normalised, `step` [steps].
  Verdict judge(const Tensor& state, const Tensor& step, const Figures& base, double best_score);
  void persist(StateArchive& archive);
  double error() const { return correction_.error(); }

 private:
  const Problem& problem_;
  CorrectionSettings settings_;
  bool free_model_;
  torch::Generator generator_;
  RandomStream masks_;
  Correction correction_;
};

}  // namespace tilewright::rl
