#include "experiments/study.h"

#include "support/error.h"

namespace tilewright {

Study evaluate_printed_designs(const Calibration& calibration,
                               const std::shared_ptr<const Workload>& workload, Mode mode) {
  Study study{workload->name, mode, {}};
  for (const NodeEntry& entry : calibration.nodes) {
    PaperPoint point;
    point.node = entry.node.name();
    point.surrogate = std::make_shared<const Surrogate>(calibration, entry, mode, workload);
    const auto printed = point.surrogate->printed_design();
    if (!printed) continue;  // a node that the paper leaves out
    point.design = *printed;
    point.l0 = point.surrogate->evaluate_l0(point.design);
    point.l1 = point.surrogate->evaluate_l1(point.design);
    study.points.push_back(std::move(point));
  }
  if (study.points.empty()) {
    throw Error(
        "TW-EXP-003", "the paper prints no " + std::string(mode_name(mode)) + " design of it",
        workload->name, "use llama-3.1-8b in high-performance or smolvlm-256m in low-power");
  }
  return study;
}

std::shared_ptr<const Workload> workload_of(const Study& study) {
  const auto& holder = study.points.front().surrogate;
  if (holder->workload() == nullptr) {
    throw Error("TW-EXP-006", "the study has no graph to map", study.workload, "",
                ErrorKind::kInternal);
  }
  return {holder, holder->workload()};
}

}  // namespace tilewright
