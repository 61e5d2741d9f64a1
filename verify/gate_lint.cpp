// Verilator's lint of the whole chip: every warning on, none waived, any message fails. -O0
// leaves out what makes simulations fast, half of the time, and none of the warnings.
#include "verify/artifact.h"
#include "verify/gates.h"
#include "verify/process.h"

namespace tilewright {

GateResult gate_lint(const std::filesystem::path& folder, const GateOptions& options) {
  const RtlSources rtl = read_rtl_sources(folder);
  std::vector<std::string> arguments = {"verilator", "--lint-only", "-O0",
                                        "-fgate",    "-Wall",       "-I."};
  arguments.insert(arguments.end(), rtl.files.begin(), rtl.files.end());
  arguments.insert(arguments.end(), {"--top-module", rtl.top});
  const ToolRun run = run_tool(arguments, rtl.folder, options.tool_timeout_s);
  const std::string figure = std::to_string(rtl.files.size()) + " files, " +
                             std::to_string(rtl.wrappers.size()) + " tile configurations";
  if (!run.started) {
    return not_run("Verilator is not installed");
  }
  if (!run.ok() || !run.output.empty()) {
    return failed(figure, first_failure(run, {"%Error", "%Warning"}));
  }
  return passed(figure + ", no message");
}

}  // namespace tilewright
