#include "verify/yosys_wrappers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "support/file.h"
#include "support/scratch.h"

namespace tilewright {
namespace {

constexpr const char* kAll = "tilewright_all_wrappers";

std::string all_wrappers(const RtlSources& rtl) {
  std::string text = fmt::format("module {};\n", kAll);
  for (const std::string& wrapper : rtl.wrappers) text += fmt::format("  {0} u_{0} ();\n", wrapper);
  return text + "endmodule\n";
}

}  // namespace

ToolRun run_on_wrappers(const RtlSources& rtl, const std::string& passes, int timeout_s) {
  const ScratchFolder scratch;
  const std::string all = (scratch.path() / "all.sv").string();
  write_file(all, all_wrappers(rtl));
  // The last file is the chip, which is not looked at.
  const std::string script =
      fmt::format("read_verilog -sv -I. {}; hierarchy -check -top {}; {}",
                  fmt::join(rtl.files.begin(), rtl.files.end() - 1, " "), kAll, passes);
  return run_tool({"yosys", "-Q", "-T", "-f", "verilog -sv", all, "-p", script}, rtl.folder,
                  timeout_s);
}

}  // namespace tilewright
