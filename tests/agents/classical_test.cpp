// The classical searchers: the door, the budget, the seeds, and whether they are worth comparing
// with.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "agents/classical/objective.h"
#include "agents/searcher.h"
#include "cases.h"
#include "searches.h"
#include "support/error.h"

namespace tilewright {
namespace {

using namespace testing_cases;

Evaluation judged(bool feasible, double violation, double score) {
  Evaluation e;
  e.feasible = feasible;
  e.violation = violation;
  e.score = score;
  return e;
}

TEST(Fitness, OrdersLikeBetter) {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<Evaluation> rising{judged(true, 0, 0.6),    judged(true, 0, 1.2),
                                       judged(true, 0, 1.99),   judged(false, 1e-6, 3),
                                       judged(false, 0.2, 0.5), judged(false, 40, 0.1),
                                       judged(false, 1e9, 0),   judged(false, infinity, 0)};
  for (std::size_t i = 1; i < rising.size(); ++i) {
    EXPECT_TRUE(better(rising[i - 1], rising[i])) << i;
    EXPECT_LT(fitness(rising[i - 1]), fitness(rising[i])) << i;
  }
  EXPECT_EQ(fitness(rising[1]), 1.2);
  EXPECT_EQ(fitness(rising.back()), 3);
  EXPECT_EQ(fitness(judged(true, 0, std::nan(""))), 2);
  EXPECT_EQ(fitness(judged(false, std::nan(""), 0)), 3);
}

class ClassicalTest : public testing::Test {
 protected:
  Problem problem_{printed_surrogate("3nm", Mode::kHighPerformance), Level::kL0};
};

TEST_F(ClassicalTest, ADesignIsPaidForOnce) {
  Oracle oracle(problem_, options_of(10, 1), {});
  oracle.evaluate(problem_.initial_unit());
  Objective objective(oracle, Repair::kClip);
  ActionVector point = problem_.initial_unit();
  EXPECT_EQ(objective.at(point).score, oracle.log()[0].score);
  EXPECT_EQ(oracle.used(), 1);
  point[kClock] *= 0.9;
  const double score = objective.at(point).score;
  EXPECT_EQ(oracle.used(), 2);
  EXPECT_EQ(score, problem_.evaluate(point).score);
  EXPECT_EQ(objective.at(point).score, score);
  EXPECT_EQ(oracle.used(), 2);
}

TEST_F(ClassicalTest, PointsOutsideComeBack) {
  Oracle oracle(problem_, options_of(10, 1), {});
  Objective clipped(oracle, Repair::kClip), mirrored(oracle, Repair::kReflect);
  ActionVector point;
  point.fill(0.5);
  ActionVector outside = point;
  outside[kClock] = 1.25;
  ActionVector at_face = point, inside = point;
  at_face[kClock] = 1;
  inside[kClock] = 0.75;
  EXPECT_EQ(clipped.at(outside).design, problem_.evaluate(at_face).design);
  EXPECT_EQ(mirrored.at(outside).design, problem_.evaluate(inside).design);
  outside[kClock] = -2.25;  // mirrored twice: 2.25, then -0.25, then 0.25
  inside[kClock] = 0.25;
  EXPECT_EQ(mirrored.at(outside).design, problem_.evaluate(inside).design);
}

TEST_F(ClassicalTest, PatienceAndAllowanceEndARun) {
  Oracle oracle(problem_, options_of(100, 1), {});
  Objective objective(oracle, Repair::kClip);
  ActionVector point = problem_.initial_unit();
  objective.begin_run(3);
  objective.at(point);  // a gain: the run's first
  objective.at(point);
  objective.at(point);
  EXPECT_THROW(objective.at(point), RunOver);
  EXPECT_EQ(oracle.used(), 1);
  objective.begin_run(100, 2);
  for (const double clock : {0.1, 0.2}) {
    point[kClock] = clock;
    objective.at(point);
  }
  point[kClock] = 0.3;
  EXPECT_THROW(objective.at(point), RunOver);
  EXPECT_EQ(oracle.used(), 3);
}

class EveryClassical : public testing::TestWithParam<const char*> {
 protected:
  SearchResult search(std::int64_t evaluations, std::uint64_t seed) const {
    return run_search(problem_, GetParam(), options_of(evaluations, seed));
  }

  Problem problem_{printed_surrogate("3nm", Mode::kHighPerformance), Level::kL0};
};

// 47 and 601 end inside a generation of every population size in use.
TEST_P(EveryClassical, SpendsItsBudgetToTheLastEvaluation) {
  for (const std::int64_t budget : {1, 2, 47, 601}) {
    const SearchResult result = search(budget, 2);
    EXPECT_EQ(result.log.size(), static_cast<std::size_t>(budget));
    EXPECT_FALSE(result.interrupted);
  }
}

TEST_P(EveryClassical, PaysForEveryDesignOnce) {
  std::set<ActionVector> designs;
  for (const Evaluation& e : search(600, 2).log) EXPECT_TRUE(designs.insert(e.design).second);
}

TEST_P(EveryClassical, OneSeedOneLogAnotherSeedAnother) {
  const SearchResult first = search(200, 5), again = search(200, 5), other = search(200, 6);
  ASSERT_EQ(first.log.size(), again.log.size());
  for (std::size_t i = 0; i < first.log.size(); ++i) {
    ASSERT_EQ(first.log[i].design, again.log[i].design) << i;
    ASSERT_EQ(first.log[i].score, again.log[i].score) << i;
  }
  EXPECT_NE(first.log.back().design, other.log.back().design);
}

TEST_P(EveryClassical, AStopOfTheOracleLeavesTheLibraryCleanly) {
  int calls = 0;
  struct Halt {};
  EXPECT_THROW(run_search(problem_, GetParam(), options_of(600, 1),
                          [&](std::int64_t, const Evaluation&, const Searcher&) {
                            if (++calls == 33) throw Halt{};
                          }),
               Halt);
  EXPECT_EQ(calls, 33);
}

TEST_P(EveryClassical, RefusesSettingsThatItCannotUse) {
  SearchOptions options = options_of(10, 1);
  options.settings["no_such_setting"] = "1";
  EXPECT_THROW(make_searcher(GetParam(), options), Error);
}

TEST_P(EveryClassical, BeatsRandomSearchAtEqualBudget) {
  EXPECT_LT(median_best(problem_, GetParam(), 600), median_best(problem_, "random", 600) - 0.02);
}

INSTANTIATE_TEST_SUITE_P(All, EveryClassical,
                         testing::Values("cmaes", "xnes", "de", "sade", "pso", "sga", "nsga2",
                                         "bee", "sa", "crs2", "isres", "cobyla", "sbplx", "bobyqa"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace tilewright
