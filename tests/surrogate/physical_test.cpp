// The physical calibration against the reference values of physical.md section 8, and its bands
// against section 5.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "nodes/calibration.h"
#include "surrogate/surrogate.h"

namespace tilewright {
namespace {

class Physical : public testing::Test {
 protected:
  Surrogate surrogate(const std::string& node, Mode mode) const {
    return Surrogate(calibration_, find_node(calibration_, node), mode, nullptr, {},
                     mode == Mode::kHighPerformance ? "llama-3.1-8b" : "smolvlm-256m");
  }
  static Ppa printed(const Surrogate& surrogate) {
    const ActionVector design = surrogate.printed_design().value();
    Ppa ppa = surrogate.evaluate_l0(design);
    surrogate.add_bands(design, nullptr, ppa);
    return ppa;
  }
  static Band band(const Ppa& ppa, const std::string& quantity) {
    for (const auto& [name, band] : ppa.physical->bands) {
      if (name == quantity) return band;
    }
    ADD_FAILURE() << "no band of " << quantity;
    return {};
  }
  const Calibration calibration_ = load_calibration("physical", std::string(TILEWRIGHT_SOURCE_DIR));
};

void expect_near(double got, double want, double relative, const std::string& what) {
  EXPECT_NEAR(got, want, relative * std::fabs(want)) << what;
}

constexpr double kReference = 1e-4;

TEST_F(Physical, HasTheReferenceValues) {
  const struct {
    const char* node;
    Mode mode;
    double tok_s, power_mw, area_mm2;
  } rows[] = {
      {"3nm", Mode::kHighPerformance, 18076.3, 153474, 1086.56},
      {"7nm", Mode::kHighPerformance, 6713.44, 112812, 1815.29},
      {"28nm", Mode::kHighPerformance, 346.411, 30078.5, 7521.32},
      {"7nm", Mode::kLowPower, 21.2797, 17.3946, 51.4691},
  };
  for (const auto& row : rows) {
    const Ppa ppa = printed(surrogate(row.node, row.mode));
    const std::string what = std::string(row.node) + " " + mode_name(row.mode);
    expect_near(ppa.tok_s, row.tok_s, kReference, what);
    expect_near(ppa.power_mw - ppa.physical->die_to_die_mw, row.power_mw, kReference, what);
    expect_near(ppa.area_mm2, row.area_mm2, kReference, what);
  }
}

TEST_F(Physical, HasTheReferenceParts) {
  const Ppa hp = printed(surrogate("3nm", Mode::kHighPerformance));
  const std::map<std::string, std::pair<double, double>> parts = {
      {"mac", {hp.physical->mac_mw, 88930.9}},
      {"control", {hp.physical->control_mw, 15425.2}},
      {"rom", {hp.rom_mw, 21933.7}},
      {"sram", {hp.sram_mw, 2605.83}},
      {"noc", {hp.noc_mw, 18299.8}},
      {"leak", {hp.leak_mw, 6278.11}},
      {"e_R", {hp.physical->rom_fj_bit, 23.319}},
      {"pitch", {hp.physical->pitch_mm, 0.794349}},
      {"dies", {hp.physical->dies, 2}},
      {"yield", {hp.physical->yield, 0.55436}},
      {"die", {hp.physical->die_mm2, 543.28}},
  };
  for (const auto& [name, values] : parts)
    expect_near(values.first, values.second, kReference, name);
  expect_near(hp.physical->cost_usd, 711, 1e-3, "cost");
  const Ppa lp = printed(surrogate("7nm", Mode::kLowPower));
  const std::map<std::string, std::pair<double, double>> small = {
      {"mac", {lp.physical->mac_mw, 3.81889}},
      {"control", {lp.physical->control_mw, 1.21197}},
      {"rom", {lp.rom_mw, 2.9205}},
      {"sram", {lp.sram_mw, 0.165114}},
      {"noc", {lp.noc_mw, 2.31565}},
      {"leak", {lp.leak_mw, 6.96247}},
      {"u", {lp.physical->utilisation / 0.85, 0.988201}},
  };
  for (const auto& [name, values] : small)
    expect_near(values.first, values.second, kReference, name);
}

// Section 5's brackets, as printed there to three digits.
TEST_F(Physical, BandsAreThoseOfTheTables) {
  const struct {
    const char* node;
    Mode mode;
    const char* quantity;
    double low, high;
  } rows[] = {
      {"3nm", Mode::kHighPerformance, "tok_s", 14886, 20203},
      {"3nm", Mode::kHighPerformance, "power_mw", 104e3, 397e3},
      {"3nm", Mode::kHighPerformance, "area_mm2", 564, 1775},
      {"28nm", Mode::kHighPerformance, "power_mw", 20e3, 77e3},
      {"28nm", Mode::kHighPerformance, "area_mm2", 4234, 10188},
      {"7nm", Mode::kLowPower, "power_mw", 11.4, 47},
      {"7nm", Mode::kLowPower, "area_mm2", 29, 69},
      {"3nm", Mode::kHighPerformance, "mac_mw", 53e3, 243e3},
      {"3nm", Mode::kHighPerformance, "rom_mw", 10e3, 73e3},
  };
  for (const auto& row : rows) {
    const Band b = band(printed(surrogate(row.node, row.mode)), row.quantity);
    const std::string what = std::string(row.node) + " " + row.quantity;
    expect_near(b.lo, row.low, 0.05, what);
    expect_near(b.hi, row.high, 0.03, what);
  }
}

TEST_F(Physical, EveryPartAddsUp) {
  const Ppa p = printed(surrogate("5nm", Mode::kHighPerformance));
  expect_near(
      p.compute_mw + p.noc_mw + p.sram_mw + p.rom_mw + p.leak_mw + p.physical->die_to_die_mw,
      p.power_mw, 1e-12, "power");
  expect_near(p.tile_mm2 + p.rom_mm2, p.area_mm2, 1e-12, "area");
  expect_near(p.physical->mac_mw + p.physical->control_mw, p.compute_mw, 1e-12, "compute");
}

// Several designs at once are what each is alone.
TEST_F(Physical, TheBatchFormAgrees) {
  const Surrogate s = surrogate("7nm", Mode::kHighPerformance);
  std::vector<ActionVector> designs;
  for (int i = 0; i < 13; ++i) {
    ActionVector a = s.printed_design().value();
    a[kVlen] = 128 * (1 + i);
    a[kDflit] = 64 * (1 + 3 * i);
    a[kDraft] = i % 3;
    designs.push_back(a);
  }
  std::vector<L0Row> rows(designs.size());
  s.evaluate_l0(designs, rows);
  for (std::size_t i = 0; i < designs.size(); ++i) {
    const Ppa one = s.evaluate_l0(designs[i]);
    expect_near(rows[i].tok_s, one.tok_s, 1e-12, "tok_s");
    expect_near(rows[i].power_mw, one.power_mw, 1e-12, "power");
    expect_near(rows[i].area_mm2, one.area_mm2, 1e-12, "area");
    EXPECT_EQ(rows[i].feasible, one.feasible);
  }
}

// Drafts never help a machine whose lanes are busy, narrow links cost nothing there, and a context
// that the data memory cannot hold is infeasible.
TEST_F(Physical, FollowsPhysics) {
  const Surrogate s = surrogate("3nm", Mode::kHighPerformance);
  const ActionVector printed = s.printed_design().value();
  const Ppa plain = s.evaluate_l0(printed);
  ActionVector drafting = printed;
  drafting[kDraft] = 2.47;
  expect_near(s.evaluate_l0(drafting).tok_s / plain.tok_s, 0.55, 0.02, "k = 2.47");
  ActionVector narrow = printed;
  narrow[kDflit] = 512;
  const Ppa with_narrow = s.evaluate_l0(narrow);
  expect_near(with_narrow.tok_s, plain.tok_s, 1e-9, "B = 512");
  expect_near((plain.power_mw - with_narrow.power_mw) / 1e3, 16, 0.05, "W that they cost");
  expect_near(plain.area_mm2 - with_narrow.area_mm2, 70, 0.1, "mm2 that they cost");
  EXPECT_EQ(plain.physical->kv_tokens, 186);
  EXPECT_LT(plain.margins[kMarginDmem], 0);
}

}  // namespace
}  // namespace tilewright
