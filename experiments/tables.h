// The experiments, one file each; registry.cpp lists them.
#pragma once

#include "experiments/experiment.h"

namespace tilewright {

std::vector<ExperimentTable> table10(const ExperimentInputs& inputs);
std::vector<ExperimentTable> table11(const ExperimentInputs& inputs);
std::vector<ExperimentTable> table12(const ExperimentInputs& inputs);
std::vector<ExperimentTable> table17(const ExperimentInputs& inputs);
std::vector<ExperimentTable> table18(const ExperimentInputs& inputs);
std::vector<ExperimentTable> table19(const ExperimentInputs& inputs);
std::vector<ExperimentTable> table21(const ExperimentInputs& inputs);
std::vector<ExperimentTable> placement_ablation(const ExperimentInputs& inputs);
std::vector<ExperimentTable> physical_tables(const ExperimentInputs& inputs);
std::vector<ExperimentTable> physical_search(const ExperimentInputs& inputs);
std::vector<ExperimentTable> silicon(const ExperimentInputs& inputs);
std::vector<ExperimentTable> weight_sensitivity(const ExperimentInputs& inputs);
std::vector<ExperimentTable> block_search_tables(const ExperimentInputs& inputs);
std::vector<ExperimentTable> node_transfer(const ExperimentInputs& inputs);
std::vector<ExperimentTable> fidelity(const ExperimentInputs& inputs);

}  // namespace tilewright
