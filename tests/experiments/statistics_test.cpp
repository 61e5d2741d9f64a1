#include "experiments/statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

namespace tilewright {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Every way to call n of the values "a": U of each.
std::vector<double> all_u(const std::vector<double>& values, int n) {
  std::vector<double> result;
  for (unsigned chosen = 0; chosen < (1U << values.size()); ++chosen) {
    if (std::popcount(chosen) != n) continue;
    double u = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      for (std::size_t j = 0; j < values.size(); ++j) {
        if ((chosen >> i & 1U) == 0 || (chosen >> j & 1U) != 0) continue;
        u += values[i] > values[j] ? 1 : values[i] == values[j] ? 0.5 : 0;
      }
    }
    result.push_back(u);
  }
  return result;
}

// Two-sided by its definition: twice the smaller tail.
double p_by_enumeration(double u, const std::vector<double>& all) {
  double low = 0, high = 0;
  for (const double other : all) {
    low += other <= u ? 1 : 0;
    high += other >= u ? 1 : 0;
  }
  return std::min(1.0, 2 * std::min(low, high) / static_cast<double>(all.size()));
}

TEST(Statistics, MeanDeviationAndMedian) {
  const std::vector<double> values{2, 4, 4, 4, 5, 5, 7, 9};
  EXPECT_DOUBLE_EQ(mean(values), 5);
  EXPECT_DOUBLE_EQ(deviation(values), 2);
  EXPECT_DOUBLE_EQ(median(values), 4.5);
  EXPECT_DOUBLE_EQ(median({3, 1, 2}), 2);
  EXPECT_DOUBLE_EQ(median({}), 0);
}

TEST(Statistics, TiesShareTheirMeanRank) {
  EXPECT_EQ(ranks(std::vector<double>{10, 20, 10, 5}), (std::vector<double>{2.5, 4, 2.5, 1}));
}

TEST(Statistics, RankCorrelationSeesOrderAlone) {
  const std::vector<double> a{1, 2, 3, 4, 5}, cubed{1, 8, 27, 64, 125}, falling{5, 4, 3, 2, 1};
  EXPECT_DOUBLE_EQ(rank_correlation(a, cubed), 1);
  EXPECT_DOUBLE_EQ(rank_correlation(a, falling), -1);
  EXPECT_LT(correlation(a, cubed), 0.999);
  EXPECT_DOUBLE_EQ(rank_correlation(a, std::vector<double>{3, 3, 3, 3, 3}), 0);
}

// Spearman's own textbook form: 1 - 6 sum d^2 / (n (n^2 - 1)).
TEST(Statistics, RankCorrelationIsTheTextbooks) {
  const std::vector<double> iq{106, 100, 86, 101, 99, 103, 97, 113, 112, 110},
      hours{7, 27, 2, 50, 28, 29, 20, 12, 6, 17};
  EXPECT_NEAR(rank_correlation(iq, hours), 1 - 6 * 194.0 / 990, 1e-12);
}

TEST(MannWhitneyTest, ExactIsTheShareOfAllOrders) {
  for (const auto& [n, m] : {std::pair{1, 1}, {2, 3}, {4, 5}, {6, 6}, {3, 9}, {8, 8}}) {
    std::vector<double> values(static_cast<std::size_t>(n + m));
    std::iota(values.begin(), values.end(), 1.0);
    const std::vector<double> all = all_u(values, n);
    // Every value that U can take, through a sample that has it: move the last of a up.
    for (int shift = 0; shift <= m; ++shift) {
      std::vector<double> a, b;
      for (int i = 0; i < n; ++i) a.push_back(i < n - 1 ? i : n - 1 + shift);
      for (int i = n - 1; i <= n + m - 1; ++i) {
        if (i != n - 1 + shift) b.push_back(i);
      }
      const MannWhitney test = mann_whitney(a, b);
      EXPECT_TRUE(test.exact);
      EXPECT_EQ(test.u, shift);
      EXPECT_NEAR(test.p, p_by_enumeration(test.u, all), 1e-12) << n << ", " << m << ", " << shift;
    }
  }
}

// The first table of Mann and Whitney (1947): P(U <= 2) = 0.016 for n = m = 5, and twice that here.
TEST(MannWhitneyTest, ExactIsThePrintedTables) {
  const std::vector<double> a{1, 2, 3, 4, 7}, b{5, 6, 8, 9, 10};
  const MannWhitney test = mann_whitney(a, b);
  EXPECT_EQ(test.u, 2);
  EXPECT_NEAR(test.p, 8.0 / 252, 1e-12);
  EXPECT_EQ(mann_whitney(b, a).u, 23);
  EXPECT_EQ(mann_whitney(b, a).p, test.p);
}

// Ten against ten, apart: two of C(20, 10) orders are as extreme.
TEST(MannWhitneyTest, SeparateSamplesOfTen) {
  std::vector<double> a(10), b(10);
  std::iota(a.begin(), a.end(), 0.0);
  std::iota(b.begin(), b.end(), 10.0);
  EXPECT_NEAR(mann_whitney(a, b).p, 2.0 / 184756, 1e-15);
}

// With ties the variance is that of U over all orders, which can be counted.
TEST(MannWhitneyTest, TiesTakeTheNormalApproximationWithTheCountedVariance) {
  const std::vector<double> a{1, 2, 2, 3, 5, 5}, b{2, 3, 5, 5, 6, 7, 7};
  std::vector<double> values = a;
  values.insert(values.end(), b.begin(), b.end());
  const std::vector<double> all = all_u(values, 6);
  const MannWhitney test = mann_whitney(a, b);
  EXPECT_FALSE(test.exact);
  EXPECT_NEAR(mean(all), 21, 1e-12);
  const double z = (std::fabs(test.u - 21) - 0.5) / deviation(all);
  EXPECT_NEAR(test.p, std::erfc(z / std::sqrt(2)), 1e-12);
}

TEST(MannWhitneyTest, EqualAndInfiniteScoresAreTies) {
  const std::vector<double> same{1, 1, 1};
  EXPECT_EQ(mann_whitney(same, same).p, 1);
  const std::vector<double> none(8, kInfinity), some{1, 2, 3, 4, 5, 6, 7, kInfinity};
  const MannWhitney test = mann_whitney(some, none);
  EXPECT_EQ(test.u, 4);
  EXPECT_LT(test.p, 0.01);
}

TEST(Superiority, CountsPairsAndHalvesTies) {
  EXPECT_DOUBLE_EQ(probability_below(std::vector<double>{1, 3}, std::vector<double>{2, 3}), 0.625);
  EXPECT_DOUBLE_EQ(probability_below(std::vector<double>{1}, std::vector<double>{kInfinity}), 1);
  EXPECT_DOUBLE_EQ(
      probability_below(std::vector<double>{kInfinity}, std::vector<double>{kInfinity}), 0.5);
}

// The interval fails when fewer than `low_rank` values lie on one side of the median: of 2^n
// equally likely patterns of sides, count those in which it does not.
TEST(MedianIntervalTest, CoverageIsTheShareOfPatterns) {
  for (const std::size_t n : {6U, 7U, 10U, 11U, 15U}) {
    std::vector<double> values(n);
    std::iota(values.begin(), values.end(), 1.0);
    const auto interval = median_interval(values);
    ASSERT_TRUE(interval) << n;
    const auto covered_by = [&](std::size_t rank) {
      double covered = 0;
      for (unsigned below = 0; below < (1U << n); ++below) {
        const auto count = static_cast<std::size_t>(std::popcount(below));
        covered += count >= rank && n - count >= rank ? 1 : 0;
      }
      return covered / std::pow(2.0, static_cast<double>(n));
    };
    EXPECT_NEAR(interval->coverage, covered_by(interval->low_rank), 1e-12) << n;
    EXPECT_GE(interval->coverage, 0.95);
    EXPECT_LT(covered_by(interval->low_rank + 1), 0.95) << "a narrower one would do, " << n;
    EXPECT_EQ(interval->low, static_cast<double>(interval->low_rank));
    EXPECT_EQ(interval->high, static_cast<double>(n + 1 - interval->low_rank));
  }
}

// Conover, Practical Nonparametric Statistics: ranks 2 and 9 of ten, 0.9785.
TEST(MedianIntervalTest, TenRunsAreTheTextbooks) {
  const auto interval = median_interval({9, 2, 7, 4, 10, 1, 5, 3, 8, 6});
  ASSERT_TRUE(interval);
  EXPECT_EQ(interval->low, 2);
  EXPECT_EQ(interval->high, 9);
  EXPECT_NEAR(interval->coverage, 0.97852, 1e-5);
}

TEST(MedianIntervalTest, FiveRunsAreTooFew) {
  EXPECT_FALSE(median_interval({1, 2, 3, 4, 5}));
  EXPECT_TRUE(median_interval({1, 2, 3, 4, 5, 6}));
  EXPECT_FALSE(median_interval({}));
}

TEST(Quantile, IsAnObservedValue) {
  const std::vector<double> values{4, 1, 3, 2, kInfinity};
  EXPECT_EQ(quantile(values, 0.25), 2);
  EXPECT_EQ(quantile(values, 0.5), 3);
  EXPECT_EQ(quantile(values, 0.75), 4);
  EXPECT_EQ(quantile(values, 1), kInfinity);
  EXPECT_EQ(quantile(values, 0), 1);
}

}  // namespace
}  // namespace tilewright
