// Yosys on every distinct tile wrapper: hierarchy complete, processes convertible, no undriven,
// multiply driven or looping net.
#include "verify/gates.h"
#include "verify/yosys_wrappers.h"

namespace tilewright {
namespace {

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) {
    ++n;
  }
  return n;
}

}  // namespace

GateResult gate_structure(const std::filesystem::path& folder, const GateOptions& options) {
  const RtlSources rtl = read_rtl_sources(folder);
  if (rtl.wrappers.empty()) {
    return failed("", "the file list names no tile wrapper");
  }
  const ToolRun run = run_on_wrappers(rtl, "proc; check -assert", options.tool_timeout_s);
  if (!run.started) {
    return not_run("Yosys is not installed");
  }
  const std::string figure = std::to_string(rtl.wrappers.size()) + " wrappers, " +
                             std::to_string(count(run.output, "Checking module ")) + " modules";
  if (!run.ok()) {
    // What "check" finds; other passes warn of what is no problem (arrays that become registers).
    return failed(figure, first_failure(run, {"ERROR", "Warning: Wire", "Warning: multiple",
                                              "Warning: found"}));
  }
  if (count(run.output, "Found and reported 0 problems.") != 1) {
    return failed(figure, "Yosys did not report that it found no problem");
  }
  return passed(figure + ", 0 problems");
}

}  // namespace tilewright
