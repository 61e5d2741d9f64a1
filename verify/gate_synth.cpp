// Yosys maps every distinct tile to the cells of a Liberty file: hierarchy kept, each distinct
// module once, areas summed by instance. The memories are macros, not cells, and are left out.
// Fails when something is left that the library has no cell for.
#include <fmt/format.h>

#include "support/file.h"
#include "support/scratch.h"
#include "verify/gates.h"
#include "verify/yosys_stat.h"
#include "verify/yosys_wrappers.h"

namespace tilewright {
namespace {

namespace fs = std::filesystem;
constexpr const char* kCells = "cells.lib";

std::string stat_file(const std::string& wrapper) {
  return wrapper + ".stat";
}

// The library has a plain name in the scratch folder, whatever its own.
std::string passes(const RtlSources& rtl, const std::string& scratch) {
  const std::string cells = scratch + "/" + kCells;
  std::string text = fmt::format(
      "proc; blackbox *tcc_imem *tcc_wmem *tcc_dmem; chformal -remove; opt; memory -nomap; "
      "memory_map; opt; techmap; opt -fast; dfflibmap -liberty {0}; abc -liberty {0}; opt_clean",
      cells);
  for (const std::string& wrapper : rtl.wrappers) {
    text += fmt::format("; tee -q -o {}/{} stat -liberty {} -top {}", scratch, stat_file(wrapper),
                        cells, wrapper);
  }
  return text;
}

}  // namespace

GateResult gate_synth(const fs::path& folder, const GateOptions& options) {
  if (options.liberty.empty()) return not_run("give a cell library with --liberty FILE");
  if (!fs::is_regular_file(options.liberty))
    return failed("", "no such cell library: " + options.liberty.string());
  const RtlSources rtl = read_rtl_sources(folder);
  if (rtl.wrappers.empty()) return failed("", "the file list names no tile wrapper");
  const ScratchFolder scratch;
  fs::create_symlink(fs::absolute(options.liberty), scratch.path() / kCells);
  const ToolRun run =
      run_on_wrappers(rtl, passes(rtl, scratch.path().string()), options.tool_timeout_s);
  if (!run.started) return not_run("Yosys is not installed");
  if (!run.ok()) return failed("", first_failure(run, {"ERROR"}));
  std::string figure;
  for (const std::string& wrapper : rtl.wrappers) {
    const MappedArea mapped = read_stat(read_file(scratch.path() / stat_file(wrapper)));
    if (!mapped.unmapped.empty())
      return failed(figure, wrapper + ": the library has no cell for " + mapped.unmapped);
    if (mapped.area < 0) return failed(figure, wrapper + ": Yosys reported no area");
    figure += fmt::format("{}{} {:.0f}", figure.empty() ? "" : ", ", wrapper, mapped.area);
  }
  return passed(figure + " (cell area in the library's unit, without memories)");
}

}  // namespace tilewright
