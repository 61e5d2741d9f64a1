// The constants that make L1 equal L0 at the printed designs (surrogate.md section 12), computed
// from our own exports of the two printed workloads. `tilewright calibrate` writes them to
// nodes/NAME/l1.toml.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "frontend/workload.h"
#include "nodes/calibration.h"

namespace tilewright {

// `workloads` by printed workload name ("llama-3.1-8b"). TOML text: [NODE.MODE] factor = value.
std::string l1_constants_toml(
    const Calibration& calibration,
    const std::map<std::string, std::shared_ptr<const Workload>>& workloads);

}  // namespace tilewright
