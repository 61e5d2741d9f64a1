// Calibration, node and workload joined to a surrogate; and a design judged by it.
#pragma once

#include <memory>
#include <string>

#include "arch/design.h"
#include "cli/options.h"
#include "mapping/mapping.h"
#include "surrogate/surrogate.h"

namespace tilewright {

struct Target {
  std::shared_ptr<const Calibration> calibration;
  NodeEntry node;
  Mode mode = Mode::kHighPerformance;
  Level level = Level::kL1;
  std::shared_ptr<const Workload> workload;
  std::shared_ptr<const Surrogate> surrogate;
};

// Every field of `options` must be set. `workload` may be null for L0 of the mode's printed
// workload.
Target make_target(const TargetOptions& options, std::shared_ptr<const Calibration> calibration,
                   std::shared_ptr<const Workload> workload, const Overrides& overrides);

// The workload that the paper prints in this mode. Throws Error TW-CLI-007 when there is none.
std::string printed_workload(const Calibration& calibration, Mode mode);

// The one road by which a finished design is scored: `compile` writes what this says and `evaluate`
// says it again. `mapping` receives the mapping on the design's own tiles.
Ppa judge(const Target& target, const Design& design, Mapping& mapping);

// Logs what a design is judged against; warns of an interpolated node.
void log_target(const Target& target);
// Logs what is feasible here and yet may not be wanted.
void warn_about(const Ppa& ppa, const Target& target);

}  // namespace tilewright
