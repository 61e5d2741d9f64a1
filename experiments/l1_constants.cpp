#include "experiments/l1_constants.h"

#include "support/error.h"
#include "support/table.h"
#include "surrogate/surrogate.h"

namespace tilewright {

std::string l1_constants_toml(
    const Calibration& calibration,
    const std::map<std::string, std::shared_ptr<const Workload>>& workloads) {
  std::string text =
      "# Constants of L1: what the mapping counts at the printed design over what the closed form "
      "guesses there.\n"
      "# Written by 'tilewright calibrate'; a test recomputes them. docs/decisions.md says why "
      "some leave 0.5 to 2.\n";
  for (const auto& entry : calibration.nodes) {
    for (const auto& printed : calibration.workloads) {
      const auto found = workloads.find(printed.name);
      if (found == workloads.end())
        throw Error("TW-EXP-001", "no workload '" + printed.name + "' was given", "calibrate");
      const Surrogate surrogate(calibration, entry, printed.mode, found->second);
      const auto factors = surrogate.l1_factors_at_printed();
      if (factors.empty()) {
        throw Error("TW-EXP-002",
                    "the graph is not recognised as the printed workload '" + printed.name + "'",
                    "calibrate", "check its parameter count and KV bytes against calibration.toml");
      }
      text += "\n[" + entry.node.name() + "." + mode_name(printed.mode) + "]\n";
      for (const auto& [name, value] : factors)
        text += name + " = " + format_number({value, 0}) + "\n";
    }
  }
  return text;
}

}  // namespace tilewright
