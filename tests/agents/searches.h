// Searches that the tests of agents/ run.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "agents/searcher.h"

namespace tilewright::testing_cases {

inline SearchOptions options_of(std::int64_t evaluations, std::uint64_t seed) {
  SearchOptions options;
  options.evaluations = evaluations;
  options.seed = seed;
  return options;
}

// Best score of three seeds, the median; above 10 where nothing feasible was found.
inline double median_best(const Problem& problem, const std::string& searcher,
                          std::int64_t evaluations) {
  std::vector<double> scores;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const SearchResult result = run_search(problem, searcher, options_of(evaluations, seed));
    scores.push_back(result.best.feasible ? result.best.score : 10 + result.best.violation);
    std::printf("%s, %d evaluations, seed %d: %.4f\n", searcher.c_str(),
                static_cast<int>(evaluations), static_cast<int>(seed), scores.back());
  }
  std::sort(scores.begin(), scores.end());
  return scores[1];
}

inline std::vector<std::string> searcher_names() {
  std::vector<std::string> names;
  for (const SearcherInfo& info : searchers()) names.push_back(info.name);
  return names;
}

inline void expect_equal(const SearchResult& a, const SearchResult& b) {
  ASSERT_EQ(a.log.size(), b.log.size());
  for (std::size_t i = 0; i < a.log.size(); ++i) {
    ASSERT_EQ(a.log[i].design, b.log[i].design) << i;
    ASSERT_EQ(a.log[i].score, b.log[i].score) << i;
    ASSERT_EQ(a.log[i].state, b.log[i].state) << i;
  }
  EXPECT_EQ(a.diagnostics, b.diagnostics);
  EXPECT_EQ(a.learned, b.learned);
}

}  // namespace tilewright::testing_cases
