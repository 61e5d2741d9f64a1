// The sum tree of the prioritised replay against the distribution that it promises.
#include "agents/sum_tree.h"

#include <gtest/gtest.h>

#include <vector>

#include "support/random.h"

namespace tilewright {
namespace {

TEST(SumTree, FindsTheShareThatAMassFallsIn) {
  SumTree tree(5);
  const std::vector<double> values{1, 0, 2.5, 0.5, 3};
  for (std::size_t i = 0; i < values.size(); ++i) {
    tree.set(static_cast<std::int64_t>(i), values[i]);
  }
  EXPECT_EQ(tree.total(), 7);
  const std::vector<std::pair<double, std::int64_t>> masses{{0, 0},   {0.99, 0}, {1, 2}, {3.49, 2},
                                                            {3.5, 3}, {3.99, 3}, {4, 4}, {6.99, 4}};
  for (const auto& [mass, index] : masses) EXPECT_EQ(tree.find(mass), index) << mass;
  tree.set(4, 0);
  EXPECT_EQ(tree.total(), 4);
  EXPECT_EQ(tree.find(4), 3);  // a mass at the far end by rounding: the last that is not empty
}

TEST(SumTree, HoldsOneAndManyThousands) {
  SumTree one(1);
  one.set(0, 2);
  EXPECT_EQ(one.find(1.9), 0);
  SumTree many(100000);
  for (std::int64_t i = 0; i < 100000; ++i) many.set(i, 1);
  EXPECT_EQ(many.total(), 100000);
  EXPECT_EQ(many.find(77777.5), 77777);
}

// Chi-square of draws against the values, with values that change on the way.
TEST(SumTree, DrawsInProportionToTheValues) {
  constexpr std::int64_t kSize = 64;
  constexpr double kDraws = 200000;
  SumTree tree(kSize);
  RandomStream random(3, "test/sum_tree");
  for (int round = 0; round < 3; ++round) {
    for (std::int64_t i = 0; i < kSize; ++i) tree.set(i, random.uniform(0.2, 4));
  }
  std::vector<double> counts(kSize, 0);
  for (int i = 0; i < static_cast<int>(kDraws); ++i) {
    counts[static_cast<std::size_t>(tree.find(random.uniform() * tree.total()))] += 1;
  }
  double chi_square = 0;
  for (std::int64_t i = 0; i < kSize; ++i) {
    const double expected = kDraws * tree.at(i) / tree.total();
    const double off = counts[static_cast<std::size_t>(i)] - expected;
    chi_square += off * off / expected;
  }
  EXPECT_LT(chi_square, 103.4);  // 63 degrees of freedom, one in a thousand lies above
  EXPECT_GT(chi_square, 32.0);   // and one in a thousand below: draws are not too regular either
}

}  // namespace
}  // namespace tilewright
