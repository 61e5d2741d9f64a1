// A search that goes on from a checkpoint ends as if it had never been stopped.
#include "agents/checkpoint.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "../error_id.h"
#include "agents/searcher.h"
#include "cases.h"
#include "searches.h"
#include "support/error.h"

namespace tilewright {
namespace {

using namespace testing_cases;

struct Kept {
  SearchResult whole;
  std::vector<Checkpoint> checkpoints;  // wherever one could be left
};

Kept kept(const Problem& problem, const std::string& searcher, SearchOptions options) {
  Kept result;
  options.keep_every_s = 0;
  options.keep = [&](const Checkpoint& c) { result.checkpoints.push_back(c); };
  result.whole = run_search(problem, searcher, options);
  return result;
}

SearchResult resumed(const Problem& problem, const std::string& searcher, SearchOptions options,
                     const Checkpoint& from) {
  options.resume =
      std::make_shared<const Checkpoint>(checkpoint_from_bytes(to_bytes(from, "q"), "q", "file"));
  return run_search(problem, searcher, options);
}

class EveryCheckpoint : public testing::TestWithParam<std::string> {
 protected:
  Problem problem_{printed_surrogate("3nm", Mode::kHighPerformance), Level::kL0};
};

// Enough for every part that learns to have begun.
constexpr std::int64_t kEvaluations = 160;

TEST_P(EveryCheckpoint, GoesOnToTheSameEnd) {
  const SearchOptions options = options_of(kEvaluations, 5);
  const Kept all = kept(problem_, GetParam(), options);
  expect_equal(all.whole, run_search(problem_, GetParam(), options));
  ASSERT_GE(all.checkpoints.size(), 3U);
  for (const double place : {0.0, 0.3, 0.6, 0.9}) {
    const auto i =
        static_cast<std::size_t>(place * static_cast<double>(all.checkpoints.size() - 1));
    expect_equal(all.whole, resumed(problem_, GetParam(), options, all.checkpoints[i]));
  }
}

// What a learner keeps is its state: none of what it did before is done again.
TEST_P(EveryCheckpoint, ALearnerKeepsItsState) {
  const std::vector<std::string> learners{"hybrid", "sac", "model", "paper", "ppo", "reinforce"};
  const Kept all = kept(problem_, GetParam(), options_of(60, 5));
  const bool learner = std::find(learners.begin(), learners.end(), GetParam()) != learners.end();
  EXPECT_EQ(learner, !all.checkpoints.back().state.empty());
}

INSTANTIATE_TEST_SUITE_P(All, EveryCheckpoint, testing::ValuesIn(searcher_names()),
                         [](const auto& test) { return test.param; });

class Checkpoints : public testing::Test {
 protected:
  Problem problem_{printed_surrogate("3nm", Mode::kHighPerformance), Level::kL0};
};

TEST_F(Checkpoints, EveryPartOfSacIsKept) {
  SearchOptions options = options_of(300, 2);
  options.settings = {
      {"experts", "4"}, {"world_model", "1"}, {"correction", "1"}, {"warmup", "30"}};
  const Kept all = kept(problem_, "sac", options);
  expect_equal(all.whole, resumed(problem_, "sac", options, all.checkpoints[150]));
  expect_equal(all.whole, resumed(problem_, "sac", options, all.checkpoints[260]));
}

TEST_F(Checkpoints, LearningBesideThePlanningIsKept) {
  SearchOptions options = options_of(300, 2);
  options.threads = 2;
  const Kept all = kept(problem_, "hybrid", options);
  expect_equal(all.whole,
               resumed(problem_, "hybrid", options, all.checkpoints[all.checkpoints.size() / 2]));
  expect_equal(all.whole, resumed(problem_, "hybrid", options, all.checkpoints.back()));
}

TEST_F(Checkpoints, ARaceIsKeptInEveryRound) {
  SearchOptions options = options_of(400, 2);
  options.settings = {{"descents", "4"}, {"first", "20"}, {"pool", "40"}, {"tune_steps", "2"}};
  const Kept all = kept(problem_, "model", options);
  for (std::size_t i = 0; i < all.checkpoints.size(); i += 11)
    expect_equal(all.whole, resumed(problem_, "model", options, all.checkpoints[i]));
}

TEST_F(Checkpoints, AChallengeIsKept) {
  const Problem small(printed_surrogate("14nm", Mode::kLowPower), Level::kL0);
  SearchOptions options = options_of(500, 2);
  options.settings = {{"descents", "2"},
                      {"first", "20"},
                      {"pool", "40"},
                      {"tune_steps", "2"},
                      {"challenge", "0.05"}};
  const Kept all = kept(small, "model", options);
  const auto challenges = [](const std::vector<double>& row) { return row.front() >= 2; };
  ASSERT_TRUE(std::ranges::any_of(all.whole.diagnostics, challenges));
  for (std::size_t i = all.checkpoints.size() / 2; i < all.checkpoints.size(); i += 7)
    expect_equal(all.whole, resumed(small, "model", options, all.checkpoints[i]));
}

TEST_F(Checkpoints, WhatIsNoCheckpointOfThisSearchIsRefused) {
  const SearchOptions options = options_of(80, 1);
  const Checkpoint of_model = kept(problem_, "model", options).checkpoints.back();
  const Checkpoint of_random = kept(problem_, "random", options).checkpoints.back();
  const std::string bytes = to_bytes(of_model, "q");
  const auto read = [](const std::string& text, const std::string& question) {
    return id_of([&] { checkpoint_from_bytes(text, question, "file"); });
  };
  EXPECT_EQ(read(bytes, "q"), "");
  EXPECT_EQ(read(bytes, "another"), "TW-AGENT-006");
  EXPECT_EQ(read("", "q"), "TW-STATE-001");
  EXPECT_EQ(read("tilewright checkpoint 1\n", "q"), "TW-STATE-001");
  for (const std::size_t size : {bytes.size() - 1, bytes.size() / 2, std::size_t{90}})
    EXPECT_EQ(read(bytes.substr(0, size), "q"), "TW-STATE-001") << size;
  std::string flipped = bytes;
  flipped[flipped.size() / 3] ^= 4;
  EXPECT_EQ(read(flipped, "q"), "TW-STATE-001");

  // States that are whole and yet not of this searcher; evaluations that it would not make.
  Checkpoint other = of_model;
  other.state.resize(other.state.size() / 2);
  EXPECT_EQ(id_of([&] { resumed(problem_, "model", options, other); }), "TW-STATE-002");
  other.state = of_model.state + "x";
  EXPECT_EQ(id_of([&] { resumed(problem_, "model", options, other); }), "TW-STATE-002");
  EXPECT_EQ(id_of([&] { resumed(problem_, "sac", options, of_model); }), "TW-STATE-002");
  EXPECT_EQ(id_of([&] { resumed(problem_, "grid", options, of_random); }), "TW-AGENT-005");
}

TEST_F(Checkpoints, NetworksStartAnotherSearch) {
  const Problem there(printed_surrogate("5nm", Mode::kHighPerformance), Level::kL0);
  for (const std::string searcher : {"sac", "hybrid"}) {
    SearchOptions options = options_of(200, 1);
    const SearchResult before = run_search(there, searcher, options);
    ASSERT_FALSE(before.learned.empty());
    const SearchResult cold = run_search(problem_, searcher, options);
    options.earlier_learned = before.learned;
    const SearchResult warm = run_search(problem_, searcher, options);
    EXPECT_NE(cold.learned, warm.learned) << searcher;
    expect_equal(warm, run_search(problem_, searcher, options));
    options.settings["experts"] = "3";
    EXPECT_EQ(id_of([&] { run_search(problem_, searcher, options); }), "TW-STATE-002");
    options.earlier_learned.pop_back();
    EXPECT_EQ(id_of([&] { run_search(problem_, searcher, options); }), "TW-STATE-001");
  }
}

}  // namespace
}  // namespace tilewright
