#include "cli/target.h"

#include <fmt/format.h>

#include "cli/log.h"
#include "support/error.h"

namespace tilewright {

Target make_target(const TargetOptions& options, std::shared_ptr<const Calibration> calibration,
                   std::shared_ptr<const Workload> workload, const Overrides& overrides) {
  Target target;
  target.mode = parse_mode(options.mode.value());
  target.level = parse_level(options.level.value());
  target.node = find_node(*calibration, options.node.value());
  const std::string printed = workload ? "" : printed_workload(*calibration, target.mode);
  if (workload && overrides.weights)
    workload = std::make_shared<const Workload>(with_weights(*workload, *overrides.weights));
  target.surrogate = std::make_shared<const Surrogate>(*calibration, target.node, target.mode,
                                                       workload, overrides, printed);
  target.calibration = std::move(calibration);
  target.workload = std::move(workload);
  return target;
}

void log_target(const Target& target) {
  const References& refs = target.surrogate->references();
  const std::string node = target.surrogate->node().name();
  log_phase(fmt::format("target: {}, {}, {} of calibration {}, scored against {}", node,
                        mode_name(target.mode), target.level == Level::kL0 ? "L0" : "L1",
                        target.calibration->name, refs.source));
  log_detail(
      fmt::format("budgets: {:.6g} mW, {:.6g} mm2, at least {:.6g}/s; batch {:.6g}, context "
                  "{:.6g}, reticle field {:.6g} mm2",
                  refs.power_budget_mw, refs.area_budget_mm2, refs.min_tok_s,
                  target.surrogate->batch(), target.surrogate->context(), refs.reticle_mm2));
  if (target.node.node.interpolated) {
    log_warning("node " + node +
                " lies between two rows of the calibration: its constants are interpolated");
  }
}

void warn_about(const Ppa& ppa, const Target& target) {
  if (ppa.physical && ppa.physical->dies > 1) {
    log_warning(fmt::format(
        "the design of {:.4g} mm2 takes {:.0f} dies of {:.4g} mm2: one reticle field is {:.4g}",
        ppa.area_mm2, ppa.physical->dies, ppa.physical->die_mm2,
        target.surrogate->references().reticle_mm2));
  } else if (ppa.over_reticle) {
    log_warning(
        fmt::format("the die of {:.4g} mm2 is larger than one reticle field of {:.4g} mm2: "
                    "it can't be made in one exposure",
                    ppa.area_mm2, target.surrogate->references().reticle_mm2));
  }
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
  target.surrogate->add_bands(design.actions, target.level == Level::kL0 ? nullptr : &mapping, ppa);
  if (ppa.physical && ppa.feasible)
    ppa.physical->relaxations = target.surrogate->relaxations(design.actions, ppa);
  if (!ppa.feasible) ppa.advice = target.surrogate->advise(design.actions, ppa);
  return ppa;
}

}  // namespace tilewright
