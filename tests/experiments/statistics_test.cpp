#include "experiments/statistics.h"

#include <gtest/gtest.h>

namespace tilewright {
namespace {

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

}  // namespace
}  // namespace tilewright
