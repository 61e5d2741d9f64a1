// The tables of the experiment `weights`.
#pragma once

#include <vector>

#include "experiments/weights/study.h"

namespace tilewright {

// A row a case, setting and way to choose, with a picture of how the choice moves.
ExperimentTable weights_designs(const std::vector<WeightCase>& cases);
// How far the settings move the choice, and which limits hold it.
ExperimentTable weights_movement(const std::vector<WeightCase>& cases);
// What selecting from an archive leaves on the table against searching anew.
ExperimentTable weights_reselection(const std::vector<WeightCase>& cases);
// Elasticities of the choice about the mode's weights, and the slope of its score beside Eq. 48.
ExperimentTable weights_elasticity(const std::vector<WeightCase>& cases);

}  // namespace tilewright
