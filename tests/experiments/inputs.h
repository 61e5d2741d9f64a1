// The inputs of every experiment, built once a process; and the same with a moved node table.
#pragma once

#include "experiments/experiment.h"
#include "nodes/calibration.h"

namespace tilewright {

// Both printed workloads, from the built-in models.
std::shared_ptr<const Workload> llama_workload();
std::shared_ptr<const Workload> smolvlm_workload();

ExperimentInputs make_inputs(const Calibration& calibration);
const ExperimentInputs& paper_inputs();

// Every column of the node table times `small` up to 7 nm and times `large` above, so that ratios
// between nodes move too. Meshes stay: they are the printed designs, not constants.
Calibration with_nodes_scaled(Calibration calibration, double small, double large);

}  // namespace tilewright
