// The experiments, one file each; registry.cpp lists them.
#pragma once

#include "experiments/experiment.h"

namespace tilewright {

std::vector<ExperimentTable> table01(const ExperimentInputs& inputs);
std::vector<ExperimentTable> table02(const ExperimentInputs& inputs);
std::vector<ExperimentTable> table03(const ExperimentInputs& inputs);
std::vector<ExperimentTable> table04(const ExperimentInputs& inputs);
std::vector<ExperimentTable> table05(const ExperimentInputs& inputs);
std::vector<ExperimentTable> table06(const ExperimentInputs& inputs);
std::vector<ExperimentTable> table07(const ExperimentInputs& inputs);
std::vector<ExperimentTable> table08(const ExperimentInputs& inputs);
std::vector<ExperimentTable> table09(const ExperimentInputs& inputs);
std::vector<ExperimentTable> table10(const ExperimentInputs& inputs);
std::vector<ExperimentTable> table11(const ExperimentInputs& inputs);
std::vector<ExperimentTable> table12(const ExperimentInputs& inputs);
std::vector<ExperimentTable> table13(const ExperimentInputs& inputs);
std::vector<ExperimentTable> table14(const ExperimentInputs& inputs);
std::vector<ExperimentTable> table15(const ExperimentInputs& inputs);
std::vector<ExperimentTable> table16(const ExperimentInputs& inputs);
std::vector<ExperimentTable> table17(const ExperimentInputs& inputs);
std::vector<ExperimentTable> table18(const ExperimentInputs& inputs);
std::vector<ExperimentTable> table19(const ExperimentInputs& inputs);
std::vector<ExperimentTable> table20(const ExperimentInputs& inputs);
std::vector<ExperimentTable> table21(const ExperimentInputs& inputs);
std::vector<ExperimentTable> figure02(const ExperimentInputs& inputs);
std::vector<ExperimentTable> figure03(const ExperimentInputs& inputs);
std::vector<ExperimentTable> figure04(const ExperimentInputs& inputs);
std::vector<ExperimentTable> figure05(const ExperimentInputs& inputs);
std::vector<ExperimentTable> figure06(const ExperimentInputs& inputs);
std::vector<ExperimentTable> figure07(const ExperimentInputs& inputs);
std::vector<ExperimentTable> figure08(const ExperimentInputs& inputs);
std::vector<ExperimentTable> figure09(const ExperimentInputs& inputs);
std::vector<ExperimentTable> figure10(const ExperimentInputs& inputs);
std::vector<ExperimentTable> figure11(const ExperimentInputs& inputs);
std::vector<ExperimentTable> figure12(const ExperimentInputs& inputs);
std::vector<ExperimentTable> reproduction(const ExperimentInputs& inputs);
std::vector<ExperimentTable> searched(const ExperimentInputs& inputs);
std::vector<ExperimentTable> inconsistencies(const ExperimentInputs& inputs);
std::vector<ExperimentTable> placement_ablation(const ExperimentInputs& inputs);
std::vector<ExperimentTable> physical_tables(const ExperimentInputs& inputs);
std::vector<ExperimentTable> physical_search(const ExperimentInputs& inputs);
std::vector<ExperimentTable> silicon(const ExperimentInputs& inputs);
std::vector<ExperimentTable> topology_tables(const ExperimentInputs& inputs);
std::vector<ExperimentTable> weight_sensitivity(const ExperimentInputs& inputs);
std::vector<ExperimentTable> block_search_tables(const ExperimentInputs& inputs);
std::vector<ExperimentTable> other_workloads(const ExperimentInputs& inputs);
std::vector<ExperimentTable> node_transfer(const ExperimentInputs& inputs);
std::vector<ExperimentTable> fidelity(const ExperimentInputs& inputs);

}  // namespace tilewright
