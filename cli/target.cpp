#include "cli/target.h"

#include "support/error.h"

namespace tilewright {

Target make_target(const TargetOptions& options, std::shared_ptr<const Calibration> calibration,
                   std::shared_ptr<const Workload> workload, const Overrides& overrides) {
  Target target;
  target.mode = parse_mode(options.mode.value());
  target.level = parse_level(options.level.value());
  target.node = find_node(*calibration, options.node.value());
  const std::string printed = workload ? "" : printed_workload(*calibration, target.mode);
  target.surrogate = std::make_shared<const Surrogate>(*calibration, target.node, target.mode,
                                                       workload, overrides, printed);
  target.calibration = std::move(calibration);
  target.workload = std::move(workload);
  return target;
}

std::string printed_workload(const Calibration& calibration, Mode mode) {
  for (const PrintedWorkload& workload : calibration.workloads) {
    if (workload.mode == mode) return workload.name;
  }
  throw Error("TW-CLI-007",
              std::string("the calibration prints no workload in mode ") + mode_name(mode),
              calibration.name, "give a MODEL");
}

Ppa judge(const Target& target, const Design& design, Mapping& mapping) {
  MapRequest request = target.surrogate->map_request(design.actions);
  if (!design.tiles.empty()) request.fixed_tiles = &design.tiles;
  Ppa ppa = target.surrogate->evaluate_l1(request, &mapping);
  if (target.level == Level::kL0) ppa = target.surrogate->evaluate_l0(design.actions);
  if (!ppa.feasible) ppa.advice = target.surrogate->advise(design.actions, ppa);
  return ppa;
}

}  // namespace tilewright
