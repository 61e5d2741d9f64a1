#include "mdp/reward.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cases.h"
#include "cross_entropy.h"
#include "support/error.h"
#include "support/random.h"

namespace tilewright {
namespace {

using namespace testing_cases;

constexpr std::array<const char*, 7> kNodes{"3nm", "5nm", "7nm", "10nm", "14nm", "22nm", "28nm"};

TEST(Reward, DefaultIsAConstantMinusTheScoreWhereFeasible) {
  for (const Mode mode : {Mode::kHighPerformance, Mode::kLowPower}) {
    const auto surrogate = printed_surrogate("3nm", mode);
    const Problem problem(surrogate, Level::kL0);
    RandomStream random(2, "test/reward");
    int feasible = 0;
    const ActionVector start = to_unit(*surrogate->printed_design(), surrogate->box());
    for (int trial = 0; trial < 2000; ++trial) {
      ActionVector unit = start;
      for (double& u : unit) u += 0.03 * random.normal();
      const Evaluation e = problem.evaluate(unit);
      if (!e.feasible) continue;
      ++feasible;
      EXPECT_NEAR(e.reward, 2 - e.score, 1e-12);
    }
    EXPECT_GT(feasible, 20);
  }
}

TEST(Reward, InfeasibleIsWorseThanAnyGoodDesignAndHasASlope) {
  const RewardSettings settings = reward_settings(RewardForm::kDefault);
  Evaluation e;
  e.score = 0.001;  // better than any score that can be
  e.margins[kMarginPower] = -1e-6;
  EXPECT_LT(reward_terms(e, {}, settings).total(), 1.0);
  double last = 1;
  for (const double size : {1e-3, 1e-2, 0.1, 1.0, 10.0}) {
    e.margins[kMarginPower] = -size;
    const RewardTerms terms = reward_terms(e, {}, settings);
    EXPECT_NEAR(terms.constraint, 8 * std::pow(size, 3) + 0.5 * size, 1e-9 * std::pow(size, 3));
    EXPECT_LT(terms.total(), last);
    last = terms.total();
  }
}

TEST(Reward, MemoryOveruseIsLinear) {
  Evaluation e;
  e.margins[kMarginDmem] = 0.5 - 1;  // half of what it needs: used twice
  e.margins[kMarginWmem] = 1 / 1.25 - 1;
  EXPECT_NEAR(reward_terms(e, {}, {}).memory, 1 + 0.25, 1e-12);
  e.margins[kMarginDmem] = -2;  // nothing left at all
  EXPECT_NEAR(reward_terms(e, {}, {}).memory, 10 + 0.25, 1e-12);
}

TEST(Reward, PaperFormFollowsEquations35To44) {
  const References r{100, 50, 10, 0, 0, 0, 0, ""};
  Evaluation e;
  e.feasible = true;
  e.tok_s = 50;
  e.power_mw = 25;
  e.area_mm2 = 10;
  e.margins[kMarginPower] = 0.02;  // 98 % of the budget: weight rises by .08
  e.margins[kMarginArea] = 0.5;
  e.hazards = 0.6;
  const RewardTerms terms = reward_terms(e, r, reward_settings(RewardForm::kPaper));
  const double performance = 2 - 2 * 2.0 / 3, power = 2 * 0.5 / 1.5, area = 1;
  const double w_p = 0.4 * 1.08;
  EXPECT_NEAR(terms.value, (0.4 * performance - w_p * power - 0.2 * area) / (0.4 + w_p + 0.2),
              1e-12);
  EXPECT_NEAR(terms.bonus, 1 + 0.5 * 0.02, 1e-12);
  EXPECT_NEAR(terms.hazard, 0.03, 1e-12);
  EXPECT_EQ(parse_reward_form("paper"), RewardForm::kPaper);
  EXPECT_THROW(parse_reward_form("best"), Error);
}

// An evaluation without a Problem in front: L0 at a point of the continuous box.
Evaluation evaluation_of(const L0Row& row) {
  Evaluation e;
  e.score = row.score;
  e.feasible = row.feasible;
  e.tok_s = row.tok_s;
  e.power_mw = row.power_mw;
  e.area_mm2 = row.area_mm2;
  e.margins = row.margins;
  return e;
}

// The best of several runs from starts of their own; `value` of an evaluation, lower is better.
template <typename Value>
Evaluation best_by(const Surrogate& surrogate, const Value& value, std::uint64_t seed) {
  std::vector<ActionVector> designs;
  std::vector<L0Row> rows;
  const auto objective = [&](const std::vector<ActionVector>& points, std::vector<double>& values) {
    designs.clear();
    for (const ActionVector& p : points) designs.push_back(from_unit(p, surrogate.box()));
    rows.resize(designs.size());
    surrogate.evaluate_l0(designs, rows);
    for (std::size_t i = 0; i < rows.size(); ++i) values[i] = value(evaluation_of(rows[i]));
  };
  const ActionVector printed = to_unit(*surrogate.printed_design(), surrogate.box());
  Optimum best;
  constexpr int kStarts = 3;
  for (int start = 0; start < kStarts; ++start) {
    RandomStream random(seed, "test/optimum/" + std::to_string(start));
    ActionVector from = printed;
    if (start > 0) {
      for (double& u : from) u = random.uniform(0.3, 0.7);
    }
    const Optimum found = CrossEntropy(from, {}).minimise(objective, random);
    if (found.value < best.value) best = found;
  }
  std::vector<L0Row> row(1);
  surrogate.evaluate_l0(std::vector{from_unit(best.unit, surrogate.box())}, row);
  return evaluation_of(row[0]);
}

class RewardOptimum : public testing::TestWithParam<std::tuple<const char*, Mode>> {};

// Eq. 38: what the default reward seeks is what the score seeks.
TEST_P(RewardOptimum, IsTheScoresOptimum) {
  const auto [node, mode] = GetParam();
  const auto surrogate = printed_surrogate(node, mode);
  const Evaluation lowest = best_by(
      *surrogate,
      [](const Evaluation& e) { return e.feasible ? e.score : 10 + violation_of(e.margins, 0); },
      1);
  const RewardSettings settings = reward_settings(RewardForm::kDefault);
  const Evaluation richest = best_by(
      *surrogate,
      [&](const Evaluation& e) {
        return -reward_terms(e, surrogate->references(), settings).total();
      },
      2);
  RecordProperty("best_score", std::to_string(lowest.score));
  RecordProperty("score_of_best_reward", std::to_string(richest.score));
  std::printf("%s %s: best score %.5f, score of the reward's argmax %.5f\n", node, mode_name(mode),
              lowest.score, richest.score);
  ASSERT_TRUE(lowest.feasible);
  EXPECT_TRUE(richest.feasible);
  EXPECT_LE(richest.score, lowest.score + 0.002);
  // The optimiser really searched: the printed design is behind it.
  EXPECT_LT(lowest.score, 1.0);
}

INSTANTIATE_TEST_SUITE_P(AllCases, RewardOptimum,
                         testing::Combine(testing::ValuesIn(kNodes),
                                          testing::Values(Mode::kHighPerformance,
                                                          Mode::kLowPower)));

}  // namespace
}  // namespace tilewright
