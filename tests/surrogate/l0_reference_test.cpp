// L0 against the 350 rows of surrogate_reference.csv.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "nodes/calibration.h"
#include "support/file.h"
#include "support/table.h"
#include "surrogate/surrogate.h"

namespace tilewright {
namespace {

const std::vector<std::string> kOutputs = {
    "tok_s",  "power_mw", "area_mm2",     "compute_mw",  "noc_mw",   "sram_mw",
    "rom_mw", "leak_mw",  "ceil_compute", "ceil_memory", "ceil_noc", "search_score"};

std::vector<double> outputs(const Ppa& p) {
  return {p.tok_s,  p.power_mw, p.area_mm2,        p.compute_mw,     p.noc_mw,      p.sram_mw,
          p.rom_mw, p.leak_mw,  p.ceiling_compute, p.ceiling_memory, p.ceiling_noc, p.score};
}

std::vector<double> outputs(const L0Row& r) {
  return {r.tok_s,  r.power_mw, r.area_mm2,     r.compute_mw,  r.noc_mw,   r.sram_mw,
          r.rom_mw, r.leak_mw,  r.ceil_compute, r.ceil_memory, r.ceil_noc, r.score};
}

class L0Reference : public testing::Test {
 protected:
  void SetUp() override {
    const auto rows = parse_csv(
        read_file(std::string(TILEWRIGHT_SOURCE_DIR) + "/tests/data/surrogate_reference.csv"),
        "reference");
    for (std::size_t i = 0; i < rows[0].size(); ++i) column_[rows[0][i]] = i;
    rows_.assign(rows.begin() + 1, rows.end());
  }
  const std::string& text(std::size_t row, const std::string& name) const {
    return rows_[row].at(column_.at(name));
  }
  double value(std::size_t row, const std::string& name) const {
    return parse_number(text(row, name), name);
  }
  ActionVector design(std::size_t row) const {
    ActionVector a{};
    for (std::size_t i = 0; i < kActionCount; ++i)
      a[i] = value(row, std::string(action_info(i).name));
    return a;
  }
  Surrogate surrogate(std::size_t row) const {
    const bool hp = text(row, "mode") == "hp";
    return Surrogate(calibration_, find_node(calibration_, text(row, "node_nm")),
                     hp ? Mode::kHighPerformance : Mode::kLowPower, nullptr, {},
                     hp ? "llama-3.1-8b" : "smolvlm-256m");
  }
  void expect_row(std::size_t row, const std::vector<double>& got, const Margins& margins,
                  bool feasible) const {
    for (std::size_t i = 0; i < kOutputs.size(); ++i) {
      const double want = value(row, kOutputs[i]);
      EXPECT_NEAR(got[i], want, 1e-9 * std::fabs(want)) << "row " << row << " " << kOutputs[i];
    }
    for (std::size_t m = 0; m < kMarginCount; ++m) {
      const double want = value(row, std::string("margin_") + margin_name(m));
      EXPECT_NEAR(margins[m], want, 1e-9 * (1 + std::fabs(want)))
          << "row " << row << " margin " << margin_name(m);
    }
    EXPECT_EQ(feasible, value(row, "feasible") == 1) << "row " << row;
  }
  Calibration calibration_ = load_calibration("paper", std::string(TILEWRIGHT_SOURCE_DIR));
  std::map<std::string, std::size_t> column_;
  std::vector<std::vector<std::string>> rows_;
};

TEST_F(L0Reference, HasEveryRow) {
  EXPECT_EQ(rows_.size(), 350u);
}

TEST_F(L0Reference, OneByOne) {
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    const auto ppa = surrogate(r).evaluate_l0(design(r));
    expect_row(r, outputs(ppa), ppa.margins, ppa.feasible);
  }
}

TEST_F(L0Reference, InBatches) {
  for (std::size_t first = 0; first < rows_.size(); first += 25) {  // 25 rows a node and mode
    std::vector<ActionVector> designs;
    for (std::size_t r = first; r < first + 25; ++r) designs.push_back(design(r));
    std::vector<L0Row> out(designs.size());
    surrogate(first).evaluate_l0(designs, out);
    for (std::size_t i = 0; i < out.size(); ++i)
      expect_row(first + i, outputs(out[i]), out[i].margins, out[i].feasible);
  }
}

TEST_F(L0Reference, PrintedDesignIsTheFirstRow) {
  for (std::size_t r = 0; r < rows_.size(); r += 25) {
    ASSERT_EQ(text(r, "kind"), "paper");
    const auto printed = surrogate(r).printed_design();
    ASSERT_TRUE(printed.has_value());
    const auto want = design(r);
    for (std::size_t i = 0; i < kActionCount; ++i)
      EXPECT_NEAR((*printed)[i], want[i], 1e-12 * want[i] + 1e-15)
          << "row " << r << " action " << i;
  }
}

}  // namespace
}  // namespace tilewright
