// Yosys on every distinct tile wrapper: hierarchy complete, processes convertible, no undriven,
// multiply driven or looping net. One run for all wrappers, under a module that instantiates each,
// so that what they share is elaborated once.
#include <fstream>

#include "support/error.h"
#include "support/file.h"
#include "verify/artifact.h"
#include "verify/gates.h"
#include "verify/process.h"
#include "verify/scratch.h"

namespace tilewright {
namespace {

constexpr const char* kAll = "tilewright_all_wrappers";

std::string all_wrappers(const RtlSources& rtl) {
  std::string text = std::string("module ") + kAll + ";\n";
  for (const std::string& wrapper : rtl.wrappers) {
    text.append("  ").append(wrapper).append(" u_").append(wrapper).append(" ();\n");
  }
  return text + "endmodule\n";
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) {
    ++n;
  }
  return n;
}

// The script holds names only that read_rtl_sources found plain, and paths relative to the rtl
// folder.
std::string script(const RtlSources& rtl) {
  std::string text = "read_verilog -sv -I.";
  for (const std::string& file : rtl.files) {
    text += file == rtl.files.back() ? "" : " " + file;
  }
  return text + "; hierarchy -check -top " + kAll + "; proc; check -assert";
}

}  // namespace

GateResult gate_structure(const std::filesystem::path& folder, const GateOptions& options) {
  const RtlSources rtl = read_rtl_sources(folder);
  if (rtl.wrappers.empty()) {
    return failed("", "the file list names no tile wrapper");
  }
  const ScratchFolder scratch;
  write_file(scratch.path() / "all.sv", all_wrappers(rtl));
  const ToolRun run = run_tool({"yosys", "-Q", "-T", "-f", "verilog -sv",
                                (scratch.path() / "all.sv").string(), "-p", script(rtl)},
                               rtl.folder, options.tool_timeout_s);
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
