// How the weights of the score move the design that a search chooses.
#include <set>

#include "experiments/tables.h"
#include "experiments/weights/tables.h"

namespace tilewright {

std::vector<ExperimentTable> weight_sensitivity(const ExperimentInputs& inputs) {
  std::vector<WeightCase> cases;
  for (const Study* study : {&inputs.llama, &inputs.smolvlm}) {
    // The smallest, the middle and the largest node.
    const std::size_t last = study->points.size() - 1;
    for (const std::size_t n : std::set<std::size_t>{0, last / 2, last})
      cases.push_back(weigh(inputs, *study, study->points[n]));
  }
  return {weights_designs(cases), weights_movement(cases), weights_reselection(cases),
          weights_elasticity(cases)};
}

}  // namespace tilewright
