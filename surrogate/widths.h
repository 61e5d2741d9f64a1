// The widths of a design's numbers, from the formats that its weights have or are asked to have.
#pragma once

#include <optional>

#include "surrogate/constants.h"

namespace tilewright {

// `workload` (null: a printed one without a graph) has the formats already (with_weights()).
// Without `formats`: weights as wide as in the file, in lanes of fp16 but for operators that
// multiply integers. `banks` as in constants_of(). Throws Error TW-SURR-009 for rules by name
// without a graph.
Widths widths_of(const Workload* workload, const WorkloadConstants& constants, bool printed,
                 const std::optional<WeightFormats>& formats, double banks);

}  // namespace tilewright
