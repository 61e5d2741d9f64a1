// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// How much of the least tile an iCE40 HX8K holds: LUTs of the tile and of its core, without
// memories, and the largest of its units that fits (fpga_recv.sv), placed and routed with three
// seeds. RTL: the folder of the library; RTL_FILES: its files, separated by blanks.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <sstream>

#include "network_bench.h"
#include "support/file.h"
#include "support/json.h"
#include "verify/process.h"

namespace tilewright::rtl {
namespace {

constexpr unsigned kLuts = 7680;  // of an HX8K, the largest iCE40
constexpr int kTimeout = 3600;

class FpgaBench {
 public:
  int run() {
    const std::uint64_t tile = luts("tcc_tile"), core = luts("tcc_core");
    verdict_.expect(core > kLuts, "the core fits: place it", core);
    yosys("fpga_recv", "synth_ice40 -top fpga_recv -json recv.json");
    std::array<double, 3> mhz{};
    for (std::size_t seed = 1; seed <= mhz.size(); ++seed) mhz[seed - 1] = placed(seed);
    auto sorted = mhz;
    std::sort(sorted.begin(), sorted.end());
    return verdict_.report(fmt::format(
        "of {} LUTs the tile needs {}, its core {}; the receive engine fits with {} logic cells: "
        "{:.1f}, {:.1f}, {:.1f} MHz, median {:.1f}",
        kLuts, tile, core, cells_, mhz[0], mhz[1], mhz[2], sorted[1]));
  }

 private:
  void tool(const std::vector<std::string>& arguments) {
    const ToolRun run = run_tool(arguments, std::filesystem::current_path(), kTimeout);
    if (!run.ok()) std::fprintf(stderr, "%s\n", first_failure(run, {"ERROR"}).c_str());
    verdict_.expect(run.ok(), arguments[0].c_str());
  }
  void yosys(const std::string& top, const std::string& passes) {
    tool({"yosys", "-q", "-p",
          fmt::format("read_verilog -sv -I{} {}; hierarchy -check -top {}; proc; "
                      "blackbox *tcc_imem *tcc_wmem *tcc_dmem; chformal -remove; {}",
                      RTL, RTL_FILES, top, passes)});
  }

  // With hierarchy kept; the last count is that of the whole.
  std::uint64_t luts(const std::string& top) {
    yosys(top,
          fmt::format("synth_ice40 -noflatten -top {0}; tee -q -o {0}.stat stat -top {0}", top));
    std::istringstream lines(read_file(top + ".stat"));
    std::uint64_t count = 0;
    for (std::string line; std::getline(lines, line);) {
      const std::size_t at = line.find("SB_LUT4");
      if (at != std::string::npos) count = std::strtoull(line.c_str() + at + 7, nullptr, 10);
    }
    return count;
  }

  double placed(std::size_t seed) {
    tool({"nextpnr-ice40", "--quiet", "--hx8k", "--package", "ct256", "--pcf-allow-unconstrained",
          "--json", "recv.json", "--seed", std::to_string(seed), "--report", "report.json"});
    if (!verdict_.ok()) return 0;
    const Json report = read_json("report.json");
    cells_ = report["utilization"]["ICESTORM_LC"]["used"].get<unsigned>();
    return report["fmax"].begin()->at("achieved").get<double>();
  }

  Verdict verdict_{"rtl.fpga"};
  unsigned cells_ = 0;
};

}  // namespace
}  // namespace tilewright::rtl

int main() {
  return tilewright::rtl::FpgaBench().run();
}
