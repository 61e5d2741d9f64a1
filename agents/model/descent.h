// One descent of the model-based search: designs near a start, then batches that a planner picks in
// the model of what this descent has seen. Descents of one search learn apart, so that each settles
// in its own basin.
#pragma once

#include <set>
#include <vector>

#include "agents/model/planner.h"

namespace tilewright::model {

struct DescentSettings {
  ModelSettings model;
  PlannerSettings planner;
  std::int64_t first = 40;      // designs near the start, before the model
  double first_step = 0.25;     // how near
  double first_share = 0.3;     // of a design's coordinates that move
  std::int64_t batch = 5;       // planned from one conditioning
  std::int64_t tune_every = 4;  // batches
  // With a prior: planned from the start, and the first batches at length.
  std::int64_t far_batches = 4;
  int far_rounds = 30;
  std::int64_t hopes = 5;  // that are tried first
};

// A descent that keeps to one mesh and starts from what another has seen.
struct Confinement {
  MeshPlace mesh{};
  ActionVector start{};          // a good design (unit) of some mesh
  std::vector<Evaluation> seen;  // by the other
};

struct DescentStreams {
  RandomStream first, tune, plan;
};

class Descent {
 public:
  // `hopes` are designs (unit) worth a look, best first.
  Descent(const Problem& problem, const DescentSettings& settings, const Evaluation& start,
          DescentStreams streams, const std::shared_ptr<const Prior>& prior = nullptr,
          std::vector<ActionVector> hopes = {});

  Descent(const Problem& problem, const DescentSettings& settings, Confinement confinement,
          DescentStreams streams, const std::shared_ptr<const Prior>& prior = nullptr);

  // What to evaluate next. `known` are designs that need no second look; `proposals` join the
  // planner's first generation.
  std::vector<ActionVector> next(std::set<ActionVector> known,
                                 const std::vector<ActionVector>& proposals = {});
  void observe(const std::vector<Evaluation>& evaluations);
  void release() { planner_.keep_to(std::nullopt); }  // from its mesh
  ActionVector kept_to(const ActionVector& unit) const { return planner_.kept_to(unit); }
  void persist(StateArchive& archive);

  const std::vector<Evaluation>& log() const { return log_; }    // what it learns from
  std::int64_t own() const { return std::ssize(log_) - seen_; }  // evaluations, its start included
  const Evaluation& best() const { return best_; }               // of its own
  const EvaluationModel& model() const { return model_; }

 private:
  std::vector<ActionVector> first_designs();

  DescentSettings settings_;
  bool has_prior_;
  RandomStream random_;
  EvaluationModel model_;
  Planner planner_;
  ActionVector origin_{};  // that its first designs are near
  std::vector<Evaluation> log_;
  std::int64_t seen_ = 0;  // of the log: another's
  Evaluation best_;
  std::vector<ActionVector> hopes_;
  std::int64_t batches_ = 0;
};

}  // namespace tilewright::model
