// Yosys maps every distinct tile to the cells of a Liberty file: hierarchy kept, each distinct
// module once, areas summed by instance. The memories are macros, not cells, and are left out.
// Fails when something is left that the library has no cell for.
#include <fmt/format.h>

#include <fstream>

#include "support/error.h"
#include "support/file.h"
#include "verify/artifact.h"
#include "verify/gates.h"
#include "verify/process.h"
#include "verify/scratch.h"

namespace tilewright {
namespace {

namespace fs = std::filesystem;
constexpr const char* kAll = "tilewright_all_wrappers";
constexpr const char* kCells = "cells.lib";

std::string all_wrappers(const RtlSources& rtl) {
  std::string text = fmt::format("module {};\n", kAll);
  for (const std::string& wrapper : rtl.wrappers) text += fmt::format("  {0} u_{0} ();\n", wrapper);
  return text + "endmodule\n";
}

std::string stat_file(const std::string& wrapper) {
  return wrapper + ".stat";
}

// Names are those that read_rtl_sources found plain; the library has a plain name in the scratch
// folder, whatever its own.
std::string script(const RtlSources& rtl, const std::string& scratch) {
  std::string text = "read_verilog -sv -I.";
  for (const std::string& file : rtl.files) text += file == rtl.files.back() ? "" : " " + file;
  const std::string cells = scratch + "/" + kCells;
  text += fmt::format(
      "; hierarchy -check -top {}; proc; blackbox *tcc_imem *tcc_wmem *tcc_dmem; chformal -remove; "
      "opt; memory -nomap; memory_map; opt; techmap; opt -fast; dfflibmap -liberty {}; "
      "abc -liberty {}; opt_clean",
      kAll, cells, cells);
  for (const std::string& wrapper : rtl.wrappers)
    text += fmt::format("; tee -q -o {}/{} stat -liberty {} -top {}", scratch, stat_file(wrapper),
                        cells, wrapper);
  return text;
}

struct Mapped {
  double area = -1;      // in the library's unit; below 0: not said
  std::string unmapped;  // a cell of Yosys's own that is left
};

// The last "Chip area" is that of the whole; "unknown" ones are blackboxes or cells of Yosys's own,
// whose names begin with "$_" or are "$" and lower case.
Mapped read_stat(const std::string& text) {
  Mapped result;
  constexpr std::string_view kArea = "Chip area for", kUnknown = "Area for cell type ";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.find(kArea) != std::string::npos) {
      const std::size_t colon = line.rfind(':');
      result.area = std::strtod(line.c_str() + colon + 1, nullptr);
    }
    const std::size_t name = line.find(kUnknown);
    if (name == std::string::npos) continue;
    const std::string cell = line.substr(name + kUnknown.size());
    const bool own =
        cell.rfind("$paramod", 0) != 0 && (cell[0] == '$' || cell.rfind("\\$", 0) == 0);
    if (own && result.unmapped.empty()) result.unmapped = cell.substr(0, cell.find(' '));
  }
  return result;
}

}  // namespace

GateResult gate_synth(const fs::path& folder, const GateOptions& options) {
  if (options.liberty.empty()) return not_run("give a cell library with --liberty FILE");
  if (!fs::is_regular_file(options.liberty))
    return failed("", "no such cell library: " + options.liberty.string());
  const RtlSources rtl = read_rtl_sources(folder);
  if (rtl.wrappers.empty()) return failed("", "the file list names no tile wrapper");
  const ScratchFolder scratch;
  write_file(scratch.path() / "all.sv", all_wrappers(rtl));
  fs::create_symlink(fs::absolute(options.liberty), scratch.path() / kCells);
  const ToolRun run =
      run_tool({"yosys", "-Q", "-T", "-f", "verilog -sv", (scratch.path() / "all.sv").string(),
                "-p", script(rtl, scratch.path().string())},
               rtl.folder, options.tool_timeout_s);
  if (!run.started) return not_run("Yosys is not installed");
  if (!run.ok()) return failed("", first_failure(run, {"ERROR"}));
  std::string figure;
  for (const std::string& wrapper : rtl.wrappers) {
    const Mapped mapped = read_stat(read_file(scratch.path() / stat_file(wrapper)));
    if (!mapped.unmapped.empty())
      return failed(figure, wrapper + ": the library has no cell for " + mapped.unmapped);
    if (mapped.area < 0) return failed(figure, wrapper + ": Yosys reported no area");
    figure += fmt::format("{}{} {:.0f}", figure.empty() ? "" : ", ", wrapper, mapped.area);
  }
  return passed(figure + " (cell area in the library's unit, without memories)");
}

}  // namespace tilewright
