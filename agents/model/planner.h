// Searches the learned model for the design that is most worth evaluating: expected improvement
// over the best design known, constraints included (Jones et al. 1998; Gardner et al. 2014), by
// evolving a pool of legal designs.
#pragma once

#include <array>
#include <optional>
#include <set>
#include <vector>

#include "agents/model/evaluation_model.h"

namespace tilewright::model {

struct PlannerSettings {
  std::int64_t pool = 200;      // designs of the first generation
  std::int64_t offspring = 80;  // of each later one
  int generations = 3;
  std::int64_t parents = 60;
  std::int64_t elites = 20;   // best designs of the log that pools start from
  int samples = 16;           // of the outputs, a design
  double least_step = 0.002;  // of a varied coordinate
};

using MeshPlace = std::array<double, 2>;  // of W and H

// Variations of designs: a few coordinates drawn anew or moved, all moved a little, or two designs
// crossed.
ActionVector varied(const std::vector<ActionVector>& parents, double least_step,
                    RandomStream& random);

class Planner {
 public:
  Planner(const Problem& problem, const PlannerSettings& settings, RandomStream random);

  // The chosen design; none of `known` (projected unit vectors). `proposals` join the first
  // generation. `starts` are good designs, best first.
  // `rounds` times as many generations as usual where a prior lets the model look far.
  Point plan(const EvaluationModel& model, double best_score,
             const std::vector<ActionVector>& starts, const std::vector<ActionVector>& proposals,
             const std::set<ActionVector>& known, int rounds = 1);
  // Only designs of this mesh (places in the unit box) from now on; of any for nullopt.
  void keep_to(const std::optional<MeshPlace>& mesh) { mesh_ = mesh; }
  ActionVector kept_to(ActionVector unit) const;  // with that mesh
  void persist(StateArchive& archive);

 private:
  struct Member {
    Point point;
    float worth = 0;
  };
  std::vector<Member> rated(const EvaluationModel& model, std::vector<Point> points,
                            float best_score, const std::vector<Outputs>& samples) const;

  DesignBox box_;
  PlannerSettings settings_;
  RandomStream random_;
  std::optional<MeshPlace> mesh_;
};

}  // namespace tilewright::model
