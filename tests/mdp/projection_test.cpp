// Every point of the box, and points outside it, become designs that can be built.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "cases.h"
#include "support/random.h"

namespace tilewright {
namespace {

using testing_cases::printed_surrogate;

void expect_legal(const ActionVector& d, const DesignBox& box) {
  for (std::size_t i = 0; i < kActionCount; ++i) {
    const double hi = i == kPrecision ? 16 : box.hi[i];
    const double lo = i == kPrecision ? 8 : box.lo[i];
    EXPECT_GE(d[i], lo) << action_info(i).name;
    EXPECT_LE(d[i], hi) << action_info(i).name;
  }
  for (const auto i :
       {kMeshW, kMeshH, kScX, kScY, kStanum, kImem, kXrWp, kVrWp, kXdpnum, kVdpnum, kDraft}) {
    EXPECT_EQ(d[i], std::round(d[i])) << action_info(i).name;
  }
  EXPECT_EQ(std::fmod(d[kDmem], 16), 0);
  EXPECT_EQ(std::fmod(d[kDflit], 64), 0);
  EXPECT_TRUE(d[kPrecision] == 8 || d[kPrecision] == 16);
  EXPECT_LE(d[kScX], d[kMeshW]);
  EXPECT_LE(d[kScY], d[kMeshH]);
  EXPECT_GE(d[kWmem], 1);
  EXPECT_LE(d[kAIn] + d[kAOut], 0.9 + 1e-12);
}

TEST(Projection, LegalAndIdempotentOnRandomPoints) {
  for (const Mode mode : {Mode::kHighPerformance, Mode::kLowPower}) {
    const DesignBox box = printed_surrogate("7nm", mode)->box();
    RandomStream random(7, "test/projection");
    for (int trial = 0; trial < 20000; ++trial) {
      ActionVector unit{};
      for (double& u : unit) u = random.uniform(-0.2, 1.2);
      const ActionVector once = project(from_unit(unit, box), box);
      expect_legal(once, box);
      const ActionVector twice = project(once, box);
      const ActionVector through_unit = project(from_unit(to_unit(once, box), box), box);
      for (std::size_t i = 0; i < kActionCount; ++i) {
        ASSERT_NEAR(twice[i], once[i], 1e-12 * once[i]) << action_info(i).name;
        ASSERT_NEAR(through_unit[i], once[i], 1e-9 * once[i] + 1e-12) << action_info(i).name;
      }
    }
  }
}

TEST(Projection, NonFiniteValuesBecomeLegal) {
  const DesignBox box = printed_surrogate("3nm", Mode::kHighPerformance)->box();
  ActionVector bad{};
  bad.fill(std::numeric_limits<double>::quiet_NaN());
  expect_legal(project(bad, box), box);
  bad.fill(std::numeric_limits<double>::infinity());
  expect_legal(project(bad, box), box);
}

TEST(Problem, EvaluatesTheProjectedDesign) {
  const Problem problem(printed_surrogate("3nm", Mode::kHighPerformance), Level::kL0);
  RandomStream random(1, "test/problem");
  for (int trial = 0; trial < 200; ++trial) {
    ActionVector unit{};
    for (double& u : unit) u = random.uniform();
    const Evaluation e = problem.evaluate(unit);
    expect_legal(e.design, problem.box());
    const Ppa ppa = problem.surrogate().evaluate_l0(e.design);
    EXPECT_EQ(e.score, ppa.score);
    EXPECT_EQ(e.feasible, ppa.feasible);
    EXPECT_EQ(e.tok_s, ppa.tok_s);
    EXPECT_EQ(problem.evaluate_design(e.design).score, e.score);
    EXPECT_NEAR(from_unit(e.unit, problem.box())[kMeshW], e.design[kMeshW], 1e-9);
  }
}

TEST(Problem, PrefersFeasibleThenLessViolationThenLowerScore) {
  Evaluation good, bad, worse;
  good.feasible = true;
  good.score = 1.5;
  bad.violation = 0.1;
  bad.score = 0.5;
  worse.violation = 0.2;
  worse.score = 0.1;
  EXPECT_TRUE(better(good, bad));
  EXPECT_TRUE(better(bad, worse));
  EXPECT_FALSE(better(worse, bad));
  EXPECT_FALSE(better(good, good));
  EXPECT_THROW(parse_level("L2"), std::exception);
}

}  // namespace
}  // namespace tilewright
