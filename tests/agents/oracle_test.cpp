// The counted door: budget, order, time limit, stop.
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>

#include "agents/searcher.h"
#include "cases.h"
#include "support/error.h"
#include "support/stop.h"

namespace tilewright {
namespace {

using namespace testing_cases;

SearchOptions options_of(std::int64_t evaluations, int threads = 1) {
  SearchOptions options;
  options.evaluations = evaluations;
  options.threads = threads;
  options.seed = 4;
  return options;
}

std::vector<ActionVector> random_points(std::size_t count) {
  RandomStream random(9, "test/points");
  std::vector<ActionVector> points(count);
  for (ActionVector& p : points) {
    for (double& u : p) u = random.uniform();
  }
  return points;
}

class OracleTest : public testing::Test {
 protected:
  Problem problem_{printed_surrogate("3nm", Mode::kHighPerformance), Level::kL0};
};

TEST_F(OracleTest, CountsEveryCallAndEndsAtTheBudget) {
  std::vector<std::int64_t> seen;
  Oracle oracle(problem_, options_of(3),
                [&](std::int64_t i, const Evaluation&) { seen.push_back(i); });
  for (int i = 0; i < 3; ++i) oracle.evaluate(problem_.initial_unit());
  EXPECT_EQ(oracle.used(), 3);
  EXPECT_EQ(oracle.remaining(), 0);
  EXPECT_THROW(oracle.evaluate(problem_.initial_unit()), SearchEnded);
  EXPECT_EQ(oracle.used(), 3);
  EXPECT_EQ(seen, (std::vector<std::int64_t>{0, 1, 2}));
}

TEST_F(OracleTest, ABatchLargerThanTheBudgetIsEvaluatedInPart) {
  Oracle oracle(problem_, options_of(50, 2), {});
  const auto points = random_points(80);
  EXPECT_THROW(oracle.evaluate(points), SearchEnded);
  ASSERT_EQ(oracle.used(), 50);
  EXPECT_EQ(oracle.log()[49].score, problem_.evaluate(points[49]).score);
}

TEST_F(OracleTest, ThreadsDoNotChangeTheLog) {
  const auto points = random_points(100);
  Oracle one(problem_, options_of(100, 1), {}), four(problem_, options_of(100, 4), {});
  const auto a = one.evaluate(points);
  const auto b = four.evaluate(points);
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].score, b[i].score);
    EXPECT_EQ(a[i].state, four.log()[i].state);
  }
  EXPECT_EQ(one.archive().members().size(), four.archive().members().size());
}

TEST_F(OracleTest, MappedEvaluationsAreTheSameOnAnyThread) {
  const Problem mapped(mapped_surrogate("7nm"), Level::kL1);
  const auto points = random_points(40);
  Oracle one(mapped, options_of(40, 1), {}), two(mapped, options_of(40, 2), {});
  const auto a = one.evaluate(points);
  const auto b = two.evaluate(points);
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].score, b[i].score);
    EXPECT_EQ(a[i].margins, b[i].margins);
    EXPECT_EQ(a[i].state, b[i].state);
  }
}

TEST_F(OracleTest, TimeLimitEndsTheSearch) {
  SearchOptions options = options_of(1000000000);
  options.time_limit_s = 0.05;
  const SearchResult result = run_search(problem_, "random", options);
  EXPECT_LT(result.log.size(), 100000000u);
  EXPECT_GE(result.log.size(), 1u);
  EXPECT_FALSE(result.interrupted);
}

TEST_F(OracleTest, AStopSignalEndsTheSearchCleanly) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        catch_stop_signals();
        const SearchResult result =
            run_search(problem_, "random", options_of(1000),
                       [](std::int64_t i, const Evaluation&, const Searcher&) {
                         if (i == 20) std::raise(SIGTERM);
                       });
        const bool right = result.interrupted && result.log.size() >= 21 &&
                           result.log.size() < 1000 && result.best.score > 0;
        std::exit(right ? 42 : 1);
      },
      testing::ExitedWithCode(42), "");
}

TEST_F(OracleTest, StreamsAreNamedAndSeeded) {
  Oracle oracle(problem_, options_of(1), {});
  SearchOptions other = options_of(1);
  other.seed = 5;
  EXPECT_EQ(oracle.stream("a").bits(), oracle.stream("a").bits());
  EXPECT_NE(oracle.stream("a").bits(), oracle.stream("b").bits());
  EXPECT_NE(oracle.stream("a").bits(), Oracle(problem_, other, {}).stream("a").bits());
}

TEST_F(OracleTest, RefusesAnEmptySearch) {
  EXPECT_THROW(run_search(problem_, "random", options_of(0)), Error);
  EXPECT_THROW(run_search(problem_, "random", options_of(10, 0)), Error);
}

}  // namespace
}  // namespace tilewright
