// What searches choose under each setting of the weights, for one workload at one node.
#pragma once

#include <memory>

#include "experiments/experiment.h"
#include "experiments/weights/settings.h"
#include "mdp/archive.h"

namespace tilewright {

// How a design was chosen: by the mode's one search and its archive, by that of one search for the
// whole front (nsga2), or by a search of its own under the weights.
enum class Chosen { kFromArchive, kFromFront, kAnew };
inline constexpr Chosen kWays[] = {Chosen::kFromArchive, Chosen::kFromFront, Chosen::kAnew};
const char* way_name(Chosen way);

struct WeightChoice {
  Evaluation design;
  double score = 0;       // under the setting's weights; infinite when nothing was feasible
  double best_known = 0;  // the lowest score under them of all that the study evaluated
};

struct WeightCase {
  std::string workload, node;
  double f_max_mhz = 0;
  References references;
  std::vector<WeightSetting> settings;  // the first is the mode's
  // [way][setting][seed]
  std::vector<std::vector<WeightChoice>> choices[std::size(kWays)];
  ParetoArchive visited;  // of all searches, and refined about the mode's weights
  std::int64_t evaluations_anew = 0, evaluations_once = 0;  // of a seed
};

// The choice of the run whose score is the median.
const WeightChoice& median_choice(const WeightCase& c, Chosen way, std::size_t setting);

// With a search of inputs.episodes evaluations for each setting and seed.
WeightCase weigh(const ExperimentInputs& inputs, const Study& study, const PaperPoint& point);

}  // namespace tilewright
