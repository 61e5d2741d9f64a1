// The synthesis gate on a small chip and a small library, both made here.
#include <gtest/gtest.h>

#include "support/file.h"
#include "support/scratch.h"
#include "verify/gates.h"

namespace tilewright {
namespace {
namespace fs = std::filesystem;

std::string timing(const std::string& pin) {
  std::string tables;
  for (const char* table : {"cell_rise", "cell_fall", "rise_transition", "fall_transition"})
    tables += std::string(table) + R"((scalar) { values("0.1"); } )";
  return "timing() { related_pin : \"" + pin + "\"; timing_sense : negative_unate; " + tables +
         "} ";
}

std::string gate_cell(const std::string& name, const std::string& area, const std::string& function,
                      const std::vector<std::string>& inputs) {
  std::string text = "cell(" + name + ") { area : " + area + "; ";
  std::string timings;
  for (const std::string& pin : inputs) {
    text += "pin(" + pin + ") { direction : input; capacitance : 1; } ";
    timings += timing(pin);
  }
  return text + "pin(Y) { direction : output; function : \"" + function + "\"; " + timings +
         "} }\n";
}

std::string library(bool with_register) {
  std::string text = "library(small) {\n";
  text += gate_cell("INV", "1", "!A", {"A"}) + gate_cell("BUF", "1.5", "A", {"A"}) +
          gate_cell("NAND2", "2", "!(A & B)", {"A", "B"});
  if (with_register) {
    text +=
        "cell(DFF) { area : 8; ff(IQ, IQN) { clocked_on : \"C\"; next_state : \"D\"; }\n"
        "pin(C) { direction : input; clock : true; } pin(D) { direction : input; }\n"
        "pin(Q) { direction : output; function : \"IQ\"; } }\n";
  }
  return text + "}\n";
}

class Synth : public ::testing::Test {
 protected:
  Synth() {
    const fs::path rtl = path() / "rtl";
    fs::create_directories(rtl);
    write_file(rtl / "filelist.f", "+incdir+.\nx_tile_cfg0.sv\nx_top.sv\n");
    // Four inverters and four registers.
    write_file(
        rtl / "x_tile_cfg0.sv",
        "module x_tile_cfg0 (input logic clk_i, input logic [3:0] a_i, output logic [3:0] q_o);\n"
        "  always_ff @(posedge clk_i) q_o <= ~a_i;\nendmodule\n");
    write_file(rtl / "x_top.sv",
               "module x_top (input logic clk_i, input logic [3:0] a_i, output logic [3:0] q_o);\n"
               "  x_tile_cfg0 u_tile (.clk_i(clk_i), .a_i(a_i), .q_o(q_o));\nendmodule\n");
    options_.liberty = path() / "a library; of 'mine'.lib";
  }
  const fs::path& path() const { return folder_.path(); }

  ScratchFolder folder_;
  GateOptions options_;
};

TEST_F(Synth, AddsUpTheCells) {
  write_file(options_.liberty, library(true));
  const GateResult result = gate_synth(path(), options_);
  ASSERT_TRUE(result.ran);
  EXPECT_TRUE(result.passed) << result.detail;
  EXPECT_EQ(result.figure, "x_tile_cfg0 36 (cell area in the library's unit, without memories)");
}

TEST_F(Synth, NamesWhatTheLibraryHasNot) {
  write_file(options_.liberty, library(false));
  const GateResult result = gate_synth(path(), options_);
  ASSERT_TRUE(result.ran);
  EXPECT_FALSE(result.passed);
  EXPECT_NE(result.detail.find("x_tile_cfg0"), std::string::npos) << result.detail;
}

TEST_F(Synth, SaysWhatItNeeds) {
  const GateResult none = gate_synth(path(), {});
  EXPECT_FALSE(none.ran);
  EXPECT_NE(none.detail.find("--liberty"), std::string::npos);
  EXPECT_FALSE(gate_synth(path(), options_).passed) << "no such file";
}

}  // namespace
}  // namespace tilewright
