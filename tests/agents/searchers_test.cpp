// What every searcher promises, and what the learning one must achieve.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "agents/searcher.h"
#include "agents/torch_loader.h"
#include "cases.h"
#include "searches.h"
#include "support/error.h"

namespace tilewright {
namespace {

using namespace testing_cases;

class EverySearcher : public testing::TestWithParam<std::string> {
 protected:
  Problem problem_{printed_surrogate("3nm", Mode::kHighPerformance), Level::kL0};
};

TEST_P(EverySearcher, StartsAtTheInitialDesignAndKeepsTheBudget) {
  const SearchResult result = run_search(problem_, GetParam(), options_of(70, 1));
  ASSERT_FALSE(result.log.empty());
  EXPECT_LE(result.log.size(), 70u);
  EXPECT_EQ(result.log[0].design, problem_.evaluate(problem_.initial_unit()).design);
  EXPECT_FALSE(result.interrupted);
  for (const Evaluation& e : result.log) EXPECT_FALSE(better(e, result.best));
  for (const Evaluation& p : result.pareto) EXPECT_TRUE(p.feasible);
  ASSERT_EQ(result.diagnostics.size(), result.log.size());
  for (const auto& row : result.diagnostics)
    EXPECT_EQ(row.size(), result.diagnostic_columns.size());
}

TEST_P(EverySearcher, OneSeedOneLog) {
  const SearchResult first = run_search(problem_, GetParam(), options_of(120, 7));
  expect_equal(first, run_search(problem_, GetParam(), options_of(120, 7)));
  if (GetParam() == "grid") return;  // has no chance in it
  const SearchResult other = run_search(problem_, GetParam(), options_of(120, 8));
  EXPECT_NE(first.log.back().design, other.log.back().design);
}

TEST_P(EverySearcher, RefusesASettingThatItDoesNotKnow) {
  SearchOptions options = options_of(10, 1);
  options.settings["no_such_setting"] = "1";
  EXPECT_THROW(make_searcher(GetParam(), options), Error);
}

TEST_P(EverySearcher, SearchesTheMappedProblemToo) {
  const Problem mapped(mapped_surrogate("7nm"), Level::kL1);
  const SearchResult result = run_search(mapped, GetParam(), options_of(40, 1));
  EXPECT_FALSE(better(result.log[0], result.best));
}

INSTANTIATE_TEST_SUITE_P(All, EverySearcher, testing::ValuesIn(searcher_names()),
                         [](const auto& test) { return test.param; });

TEST(Searchers, UnknownNamesAreRefused) {
  EXPECT_THROW(make_searcher("simulated-luck", {}), Error);
  EXPECT_EQ(searchers().front().name, "hybrid");
}

TEST(Grid, FillsItsProportionsWithinTheBudget) {
  const Problem problem(printed_surrogate("3nm", Mode::kHighPerformance), Level::kL0);
  const SearchResult result = run_search(problem, "grid", options_of(4801, 1));
  ASSERT_EQ(result.log.size(), 4801u);  // the initial design and 4,800 points
  std::array<std::set<double>, kActionCount> values;
  for (std::size_t i = 1; i < result.log.size(); ++i) {
    for (std::size_t a = 0; a < kActionCount; ++a) values[a].insert(result.log[i].unit[a]);
  }
  EXPECT_EQ(values[kMeshW].size(), 10u);
  EXPECT_EQ(values[kVlen].size(), 4u);
  EXPECT_EQ(values[kDmem].size(), 5u);
  EXPECT_EQ(values[kKvCompaction].size(), 3u);
  EXPECT_EQ(values[kFetch].size(), 2u);
  EXPECT_EQ(values[kWmem].size(), 4u);
  EXPECT_EQ(values[kStanum].size(), 1u);
}

TEST(Sac, ReadsItsSettingsWithRanges) {
  SearchOptions options = options_of(10, 1);
  options.settings["discount"] = "1.5";
  EXPECT_THROW(make_searcher("sac", options), Error);
  options.settings["discount"] = "0.9x";
  EXPECT_THROW(make_searcher("sac", options), Error);
  options.settings["discount"] = "0.9";
  EXPECT_NO_THROW(make_searcher("sac", options));
  options.settings["reward"] = "paper";
  EXPECT_NO_THROW(make_searcher("sac", options));
}

TEST(Sac, SaysWhichBlasItFound) {
  make_searcher("sac", options_of(10, 1));
  const BlasReport report = blas_report();
  EXPECT_TRUE(report.loaded);
  EXPECT_NE(report.library.find("blas"), std::string::npos) << report.library;
  // The trap of an OpenBLAS that does not know the processor, or of the reference BLAS.
  if (__builtin_cpu_supports("avx2")) {
    EXPECT_FALSE(report.kernel.empty());
    EXPECT_NE(report.kernel, "Prescott");
  }
  std::printf("%s\n", to_text(report).c_str());
}

TEST(Sac, BeatsRandomSearchAtEqualBudget) {
  const Problem problem(printed_surrogate("3nm", Mode::kHighPerformance), Level::kL0);
  const double initial = problem.evaluate(problem.initial_unit()).score;
  const double sac = median_best(problem, "sac", 600);
  const double random = median_best(problem, "random", 600);
  std::printf("initial %.4f\n", initial);
  EXPECT_LT(sac, initial);
  EXPECT_LT(sac, random - 0.02);
}

// What learning the evaluation is for: at a budget where population methods have only begun.
TEST(Model, FindsBetterDesignsThanPopulationMethodsAtASmallBudget) {
  const Problem problem(printed_surrogate("28nm", Mode::kHighPerformance), Level::kL0);
  const double model = median_best(problem, "model", 300);
  for (const char* rival : {"cmaes", "pso", "sade"}) {
    EXPECT_LT(model, median_best(problem, rival, 300) - 0.005) << rival;
  }
}

// What the policy learns beside the planning reaches the planner one batch later, whenever it was
// done.
TEST(Hybrid, LearningBesideThePlanningChangesNoResult) {
  const Problem problem(mapped_surrogate("7nm"), Level::kL1);
  SearchOptions options = options_of(320, 5);
  const SearchResult after = run_search(problem, "hybrid", options);
  options.threads = 2;
  const SearchResult beside = run_search(problem, "hybrid", options);
  expect_equal(after, beside);
  const auto column = [&](const std::string& name) {
    const auto& names = after.diagnostic_columns;
    const auto at = std::find(names.begin(), names.end(), name) - names.begin();
    return after.diagnostics.back().at(static_cast<std::size_t>(at));
  };
  EXPECT_GT(column("updates"), 20);
  EXPECT_GT(column("world_error"), 0);
}

TEST(Hybrid, WithoutAPolicyIsTheSearchByTheModel) {
  const Problem problem(mapped_surrogate("7nm"), Level::kL1);
  SearchOptions options = options_of(80, 5);
  const SearchResult model = run_search(problem, "model", options);
  options.settings["policy"] = "0";
  const SearchResult hybrid = run_search(problem, "hybrid", options);
  ASSERT_EQ(model.log.size(), hybrid.log.size());
  for (std::size_t i = 0; i < model.log.size(); ++i)
    EXPECT_EQ(model.log[i].design, hybrid.log[i].design) << i;
}

TEST(WarmStart, TriesTheBestOfTheEarlierSearchFirst) {
  const Problem there(mapped_surrogate("5nm"), Level::kL1),
      here(mapped_surrogate("7nm"), Level::kL1);
  SearchOptions options = options_of(60, 3);
  options.earlier = run_search(there, "model", options_of(150, 1)).log;
  Evaluation best = options.earlier.front();
  for (const Evaluation& e : options.earlier) best = better(e, best) ? e : best;
  const SearchResult warm = run_search(here, "model", options);
  EXPECT_EQ(warm.log[1].design, project(best.design, here.box()));
  const SearchResult cold = run_search(here, "model", options_of(60, 3));
  EXPECT_TRUE(better(warm.best, cold.best));
}

TEST(FreeModel, MovesTheStartOfThoseWhoHaveNoOtherUseForIt) {
  const Problem problem(mapped_surrogate("7nm"), Level::kL1);
  SearchOptions options = options_of(20, 1);
  options.free_model = true;
  EXPECT_EQ(run_search(problem, "model", options).log[0].unit, problem.initial_unit());
  const SearchResult refined = run_search(problem, "cobyla", options);
  const Problem closed = problem.at_level(Level::kL0);
  EXPECT_TRUE(
      better(closed.evaluate(refined.log[0].unit), closed.evaluate(problem.initial_unit())));
}

TEST(FreeModel, IsNotAskedWhereItIsNotFree) {
  const Problem problem(mapped_surrogate("7nm"), Level::kL1);
  for (const SearcherInfo& info : searchers()) {
    const std::uint64_t asked = Surrogate::l0_calls();
    run_search(problem, info.name, options_of(60, 1));
    EXPECT_EQ(Surrogate::l0_calls(), asked) << info.name;
  }
}

}  // namespace
}  // namespace tilewright
