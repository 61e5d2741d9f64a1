// The weights of the score as a choice of the user.
#include <gtest/gtest.h>

#include <cmath>

#include "../error_id.h"
#include "surrogate/surrogate.h"

namespace tilewright {
namespace {

class PpaWeightsTest : public testing::Test {
 protected:
  Surrogate make(const std::optional<PpaWeights>& weights, Mode mode) const {
    Overrides overrides;
    overrides.ppa_weights = weights;
    return {calibration_, find_node(calibration_, "5nm"),
            mode,         nullptr,
            overrides,    mode == Mode::kHighPerformance ? "llama-3.1-8b" : "smolvlm-256m"};
  }
  Calibration calibration_ = load_calibration("paper", TILEWRIGHT_SOURCE_DIR);
};

double term(double r) {
  return 2 * r / (1 + r);
}

TEST_F(PpaWeightsTest, TheScoreIsTheWeightedMeanOfItsTerms) {
  for (const Mode mode : {Mode::kHighPerformance, Mode::kLowPower}) {
    const PpaWeights shares{0.25, 0.125, 0.625};
    const Surrogate plain = make({}, mode), weighted = make(PpaWeights{2, 1, 5}, mode);
    ActionVector design = *plain.printed_design();
    design[kVlen] /= 2;  // away from where all terms are near 1
    const Ppa before = plain.evaluate_l0(design), after = weighted.evaluate_l0(design);
    EXPECT_EQ(after.tok_s, before.tok_s);
    EXPECT_EQ(after.power_mw, before.power_mw);
    EXPECT_EQ(after.margins, before.margins);
    EXPECT_EQ(after.cross_score, before.cross_score);
    const References& r = weighted.references();
    for (std::size_t i = 0; i < shares.size(); ++i) EXPECT_DOUBLE_EQ(r.weights[i], shares[i]);
    const double score = shares[0] * term(r.tok_s / after.tok_s) +
                         shares[1] * term(after.power_mw / r.power_mw) +
                         shares[2] * term(after.area_mm2 / r.area_mm2);
    EXPECT_NEAR(after.score, score, 1e-12);
    EXPECT_GT(std::fabs(after.score - before.score), 1e-3);
    L0Row row;
    weighted.evaluate_l0({&design, 1}, {&row, 1});
    EXPECT_NEAR(row.score, score, 1e-9);
  }
}

TEST_F(PpaWeightsTest, TheModesOwnWeightsChangeNothing) {
  const Surrogate plain = make({}, Mode::kHighPerformance);
  const Surrogate same = make(plain.references().weights, Mode::kHighPerformance);
  const ActionVector design = *plain.printed_design();
  EXPECT_DOUBLE_EQ(same.evaluate_l0(design).score, plain.evaluate_l0(design).score);
}

TEST(PpaWeights, AreReadAsThreeNumbers) {
  EXPECT_EQ(parse_ppa_weights("0.4,0.4,0.2"), (PpaWeights{0.4, 0.4, 0.2}));
  EXPECT_EQ(parse_ppa_weights("1,0,0"), (PpaWeights{1, 0, 0}));
  for (const char* text : {"", "1", "1,2", "1,2,3,4", "1,2,3 ", "a,b,c", "1;2;3", ",1,2", "-1,1,1",
                           "0,0,0", "nan,1,1", "inf,1,1", "1e308,1e308,1e308"}) {
    EXPECT_EQ(id_of([&] { parse_ppa_weights(text); }), "TW-SURR-010") << text;
  }
}

}  // namespace
}  // namespace tilewright
