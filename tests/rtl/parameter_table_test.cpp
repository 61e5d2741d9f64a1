// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// The table of parameters in docs/: what it must hold, and that the document shows it.
#include "parameter_table.h"

#include <gtest/gtest.h>

#include "support/file.h"

namespace tilewright::rtl {
namespace {

const std::string kDocs = TILEWRIGHT_SOURCE_DIR "/docs/";

class Parameters : public ::testing::Test {
 protected:
  ParameterTable table_ = read_parameter_table(read_file(kDocs + "figures/parameters.csv"));

  ParameterRow& row(const std::string& parameter, std::size_t index) {
    for (ParameterRow& r : table_) {
      if (r.parameter == parameter && index-- == 0) return r;
    }
    throw std::out_of_range(parameter);
  }
};

TEST_F(Parameters, EveryOneChangesAreaAndCycles) {
  EXPECT_EQ(complaints(table_), std::vector<std::string>{});
}

TEST_F(Parameters, DocumentShowsThem) {
  const std::string document = read_file(kDocs + "verification.md");
  EXPECT_TRUE(with_table(document, table_) == document) << "run make sweep";
}

TEST_F(Parameters, OneThatIsNotConnectedFails) {
  for (const char* parameter : {"FETCH", "STANUM", "XDPNUM", "XR_WP", "VDPNUM", "VR_WP", "VLEN",
                                "DFLIT", "DMEM", "IMEM", "WMEM"}) {
    ParameterTable equal = table_;
    const ParameterRow first = row(parameter, 0);
    for (ParameterRow& r : equal) {
      if (r.parameter != parameter) continue;
      r.cycles = first.cycles;
      r.logic_um2 = first.logic_um2;
      r.memory_um2 = first.memory_um2;
    }
    EXPECT_FALSE(complaints(equal).empty()) << parameter;
  }
}

TEST_F(Parameters, EachFigureCountsAlone) {
  const auto fails = [&](auto change) {
    const ParameterTable before = table_;
    change();
    const bool found = complaints(table_).size() == 1;
    table_ = before;
    return found;
  };
  EXPECT_TRUE(fails([&] { row("XR_WP", 3).logic_um2 = row("XR_WP", 2).logic_um2; }));
  EXPECT_TRUE(fails([&] { row("XR_WP", 3).cycles = row("XR_WP", 2).cycles * 99 / 100; }));
  EXPECT_TRUE(fails([&] { row("DMEM", 3).memory_um2 = row("DMEM", 2).memory_um2; }));
  EXPECT_TRUE(fails([&] { row("IMEM", 0).refuses_kib = 0; }));
  EXPECT_TRUE(fails([&] { table_.pop_back(); }));
}

}  // namespace
}  // namespace tilewright::rtl
