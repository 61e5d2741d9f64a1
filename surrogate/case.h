// Sets up a case: constants of calibration, node, mode and workload, references and budgets.
#pragma once

#include <optional>

#include "surrogate/kernel.h"

namespace tilewright {

// The calibration's row for this workload in the mode it is printed in, else null. Recognised by
// the exact parameter count and KV bytes, or by `name` when there is no graph.
const PrintedWorkload* printed_workload(const Calibration& calibration, Mode mode,
                                        const Workload* workload, const std::string& name);

// `activation_bytes` is the calibration's memory.activation_bytes, `banks` how many rows of
// activations a weight row serves at once.
WorkloadConstants constants_of(const Workload& workload, double activation_bytes, double banks);
WorkloadConstants constants_of(const PrintedWorkload& printed, Form form);

// `printed`: the constants are a printed workload's. Everything but the references, which need an
// evaluation when nothing is printed.
kernel::Case make_case(const Calibration& calibration, const NodeEntry& node, Mode mode,
                       const WorkloadConstants& workload, bool printed, const Widths& widths,
                       const Overrides& overrides);

// Another network than the mesh that make_case gives. Throws Error TW-SURR-010 for an energy of
// links where the calibration knows none.
void set_topology(kernel::Case& c, const Topology& topology);

// References and budgets as printed for the node.
References printed_references(const Calibration& calibration, const NodeEntry& node, Mode mode,
                              const std::string& workload);

// The box of a case: the mode's, or section 13's mesh sides; narrowed by --clock and
// --no-assumptions.
DesignBox make_box(const Calibration& calibration, const kernel::Case& c, Mode mode, bool printed,
                   const Overrides& overrides);

// The mode's reference design at a mesh (section 2), unprojected.
ActionVector reference_at(const Calibration& calibration, const NodeEntry& node, Mode mode,
                          double mesh_w, double mesh_h);

// The rule-made first design (section 13): reads workload totals, budgets and the node row only.
ActionVector rule_design(const kernel::Case& c, const DesignBox& box);

}  // namespace tilewright
