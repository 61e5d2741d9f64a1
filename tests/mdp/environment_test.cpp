#include "mdp/environment.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cases.h"
#include "support/error.h"
#include "support/random.h"

namespace tilewright {
namespace {

using testing_cases::printed_surrogate;

class EnvironmentTest : public testing::Test {
 protected:
  Environment make(int horizon = 32) {
    return Environment(problem_,
                       [this](const ActionVector& unit) {
                         ++evaluations_;
                         return problem_.evaluate(unit);
                       },
                       {horizon, RewardForm::kDefault});
  }
  Problem problem_{printed_surrogate("3nm", Mode::kHighPerformance), Level::kL0};
  int evaluations_ = 0;
};

TEST_F(EnvironmentTest, InitialDesignIsEvaluatedOnce) {
  Environment env = make();
  const ActionVector first = env.reset().design;
  env.reset();
  EXPECT_EQ(evaluations_, 1);
  const ActionVector rule = problem_.surrogate().initial_design();
  for (std::size_t i = 0; i < kActionCount; ++i) EXPECT_NEAR(first[i], rule[i], 1e-12 * rule[i]);
}

TEST_F(EnvironmentTest, DoneAfterTheHorizonAndNotBefore) {
  Environment env = make(3);
  EXPECT_THROW(env.step({}), Error);
  env.reset();
  EXPECT_FALSE(env.step({}).done);
  EXPECT_FALSE(env.step({}).done);
  EXPECT_TRUE(env.step({}).done);
  EXPECT_THROW(env.step({}), Error);
  env.reset();
  EXPECT_NO_THROW(env.step({}));
  EXPECT_EQ(evaluations_, 5);
}

TEST_F(EnvironmentTest, RestingKeepsTheDesign) {
  Environment env = make();
  const ActionVector before = env.reset().design;
  env.step({});
  for (std::size_t i = 0; i < kActionCount; ++i) {
    EXPECT_NEAR(env.current().design[i], before[i], 1e-9 * before[i]) << action_info(i).name;
  }
}

TEST_F(EnvironmentTest, MovesATenthOfTheBoxAndMeshInTiles) {
  Environment env = make();
  const Evaluation before = env.reset();
  StepAction action;
  action.move.fill(0.5);
  action.mesh = {2, -1, 0, 1};
  env.step(action);
  const Evaluation& after = env.current();
  EXPECT_EQ(after.design[kMeshW], before.design[kMeshW] + 2);
  EXPECT_EQ(after.design[kMeshH], before.design[kMeshH] - 1);
  EXPECT_EQ(after.design[kScX], before.design[kScX]);
  // FETCH, VLEN and the fractions are not rounded.
  for (const auto i : {kFetch, kBalance, kLocality, kRhoMm}) {
    EXPECT_NEAR(after.unit[i], std::min(before.unit[i] + 0.05, 1.0), 1e-9) << action_info(i).name;
  }
}

TEST_F(EnvironmentTest, AbsurdActionsStayLegal) {
  RandomStream random(5, "test/walk");
  Environment env = make(2000);
  env.reset();
  for (int step = 0; step < 2000; ++step) {
    StepAction action;
    for (double& m : action.move) m = random.uniform(-50, 50);
    if (step % 7 == 0) action.move[kVlen] = std::nan("");
    for (int& m : action.mesh) m = static_cast<int>(random.below(41)) - 20;
    env.step(action);
    const ActionVector& d = env.current().design;
    const ActionVector again = project(d, problem_.box());
    for (std::size_t i = 0; i < kActionCount; ++i) ASSERT_NEAR(again[i], d[i], 1e-9 * d[i]);
  }
}

TEST_F(EnvironmentTest, ResetToAMemberCostsNothing) {
  Environment env = make();
  env.reset();
  StepAction action;
  action.move.fill(-1);
  env.step(action);
  const Evaluation member = env.current();
  env.reset();
  env.reset(member);
  EXPECT_EQ(env.current().design, member.design);
  EXPECT_EQ(evaluations_, 2);
}

TEST_F(EnvironmentTest, StepRewardIsTheEvaluationsReward) {
  Environment env = make();
  env.reset();
  StepAction action;
  action.move.fill(0.3);
  const auto step = env.step(action);
  EXPECT_EQ(step.reward, env.current().reward);
}

TEST(Epsilon, FallsFromStartToLeastOverTheBudget) {
  EpsilonSchedule known(1000);
  EXPECT_EQ(known.value(), 0.5);
  for (int i = 0; i < 999; ++i) known.advance(true);
  EXPECT_GT(known.value(), 0.1);
  known.advance(true);
  EXPECT_NEAR(known.value(), 0.1, 1e-9);
  known.advance(true);
  EXPECT_GE(known.value(), 0.1 - 1e-12);
}

TEST(Epsilon, SlowerWhileNothingFeasibleIsKnown) {
  // Eq. 9: lam_0 + b (1 - lam_0), b = 0.6.
  EpsilonSchedule known(500), unknown(500);
  known.advance(true);
  unknown.advance(false);
  const double lam = std::pow(0.1 / 0.5, 1.0 / 500);
  EXPECT_NEAR(known.value(), 0.5 * lam, 1e-15);
  EXPECT_NEAR(unknown.value(), 0.5 * (lam + 0.6 * (1 - lam)), 1e-15);
}

}  // namespace
}  // namespace tilewright
