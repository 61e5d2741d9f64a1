// A printed workload at its printed designs, one a process node, at both fidelities.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "frontend/workload.h"
#include "mapping/mapping.h"
#include "nodes/calibration.h"
#include "surrogate/surrogate.h"

namespace tilewright {

struct PaperPoint {
  std::string node;       // "3nm"
  ActionVector design{};  // as printed: means over tiles, not projected
  Ppa l0, l1;
  std::shared_ptr<const Surrogate> surrogate;

  double tiles() const { return design[kMeshW] * design[kMeshH]; }
};

struct Study {
  std::string workload;
  Mode mode = Mode::kHighPerformance;
  std::vector<PaperPoint> points;  // by increasing node
};

// Every node of the calibration's table that the paper prints. Throws Error TW-EXP-003 when the
// paper does not print this workload in this mode, and what the surrogate throws.
Study evaluate_printed_designs(const Calibration& calibration,
                               const std::shared_ptr<const Workload>& workload, Mode mode);

// The study's own; it lives as long as its surrogate. Throws Error TW-EXP-006 for a study without a
// graph.
std::shared_ptr<const Workload> workload_of(const Study& study);

}  // namespace tilewright
