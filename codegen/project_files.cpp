#include <cmath>
#include <string_view>

#include "codegen/names.h"
#include "codegen/rtl_folder.h"
#include "codegen/template.h"
#include "support/table.h"

namespace tilewright {
namespace {

constexpr double kIoShare =
    0.3;  // of the period, kept for the world on either side of the chip's pins

bool is_header(const NamedText& file) {
  return file.name.ends_with(".svh");
}

std::string filelist(const Chip& chip, const std::vector<NamedText>& sources) {
  std::string text = commented(chip.header, "//") +
                     "// Run tools in this folder: verilator --lint-only -Wall -f filelist.f "
                     "--top-module " +
                     chip.id + "_top\n+incdir+.\n";
  for (const NamedText& file : sources) {
    if (!is_header(file)) {
      text += file.name + "\n";
    }
  }
  return text;
}

// A version for FuseSoC's vendor:library:name:version, which knows digits and dots only.
std::string core_version(std::string_view version) {
  const std::size_t end = version.find_first_not_of("0123456789.");
  const std::string digits(version.substr(0, end));
  return digits.empty() ? "0" : digits;
}

constexpr std::string_view kCore = R"(CAPI=2:
@HEADER@name: "tilewright:designs:@ID@:@VERSION@"
description: "Mesh of @W@ x @H@ tensor compute tiles"

filesets:
  rtl:
    files:
@FILES@    file_type: systemVerilogSource
@CONSTRAINTS@
targets:
  default: &default
    filesets: [rtl]
    toplevel: @ID@_top
  lint:
    <<: *default
    default_tool: verilator
    tools:
      verilator:
        mode: lint-only
        verilator_options: ["-Wall"]
  synth:
    <<: *default
    filesets: [@SYNTH@]
    default_tool: yosys
)";

std::string core(const Chip& chip, const std::vector<NamedText>& sources,
                 const EmitOptions& options) {
  std::string files;
  for (const NamedText& file : sources) {
    files += "      - " + file.name + (is_header(file) ? ": {is_include_file: true}" : "") + "\n";
  }
  const bool clocked = options.clock_mhz > 0;
  const std::string constraints =
      clocked ? "  constraints:\n    files:\n      - constraints.sdc\n    file_type: SDC\n" : "";
  return fill(kCore, {{"HEADER", commented(chip.header, "#")},
                      {"ID", chip.id},
                      {"VERSION", core_version(options.version)},
                      {"W", std::to_string(chip.mesh_w)},
                      {"H", std::to_string(chip.mesh_h)},
                      {"FILES", files},
                      {"CONSTRAINTS", constraints},
                      {"SYNTH", clocked ? "rtl, constraints" : "rtl"}});
}

constexpr std::string_view kSdc = R"(@HEADER@#
# @MHZ@ MHz. Time unit: ns.
create_clock -name clk_i -period @PERIOD@ [get_ports clk_i]
# Asserted at any time; released by a synchroniser outside.
set_false_path -from [get_ports rst_ni]
set_input_delay @IO@ -clock clk_i [get_ports {start_i host_flit_i* host_valid_i host_ready_i}]
set_output_delay @IO@ -clock clk_i \
  [get_ports {done_o error_o host_ready_o host_flit_o* host_valid_o}]
)";

std::string constraints(const Chip& chip, double clock_mhz) {
  const double period_ns = 1000.0 / clock_mhz;
  return fill(kSdc, {{"HEADER", commented(chip.header, "#")},
                     {"MHZ", format_number({clock_mhz, 6})},
                     {"PERIOD", format_number({period_ns, 6})},
                     {"IO", format_number({kIoShare * period_ns, 6})}});
}

}  // namespace

std::vector<NamedText> project_files(const Chip& chip, const std::vector<NamedText>& sources,
                                     const EmitOptions& options) {
  std::vector<NamedText> files = {{"filelist.f", filelist(chip, sources)},
                                  {chip.id + ".core", core(chip, sources, options)}};
  if (options.clock_mhz > 0) {
    files.push_back({"constraints.sdc", constraints(chip, options.clock_mhz)});
  }
  return files;
}

}  // namespace tilewright
