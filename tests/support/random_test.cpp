#include "support/random.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <set>
#include <vector>

#include "support/error.h"

namespace tilewright {
namespace {

// Sum of (observed - expected)^2 / expected over equal bins.
double chi_square(const std::vector<int>& counts, double draws) {
  const double expected = draws / static_cast<double>(counts.size());
  double sum = 0;
  for (const int count : counts) sum += (count - expected) * (count - expected) / expected;
  return sum;
}

// Mean k, deviation sqrt(2 k): six deviations either way is one in 10^8 by chance.
void expect_uniform(const std::vector<int>& counts, double draws) {
  const double k = static_cast<double>(counts.size()) - 1;
  const double x = chi_square(counts, draws);
  EXPECT_LT(x, k + 6 * std::sqrt(2 * k));
  EXPECT_GT(x, k - 6 * std::sqrt(2 * k));
}

TEST(Random, TheSameSeedAndNameGiveTheSameNumbers) {
  RandomStream a(7, "x"), b(7, "x");
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(a.bits(), b.bits());
}

TEST(Random, TheNumbersNeverChangeBetweenReleases) {
  RandomStream stream(0, "anchor");
  const std::array<std::uint64_t, 2> first{stream.bits(), stream.bits()};
  RandomStream again(0, "anchor");
  EXPECT_EQ(again.bits(), first[0]);
  EXPECT_NE(first[0], first[1]);
}

TEST(Random, SeedsAndNamesGiveDifferentStreams) {
  std::set<std::uint64_t> firsts;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    for (const char* name : {"a", "b", "ab", "ba", ""})
      firsts.insert(RandomStream(seed, name).bits());
  }
  EXPECT_EQ(firsts.size(), 1000U);
}

TEST(Random, UniformIsUniform) {
  constexpr int kDraws = 1'000'000, kBins = 1000;
  RandomStream stream(1, "uniform");
  std::vector<int> counts(kBins);
  for (int i = 0; i < kDraws; ++i) {
    const double u = stream.uniform();
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    ++counts[static_cast<std::size_t>(u * kBins)];
  }
  expect_uniform(counts, kDraws);
}

TEST(Random, PairsOfDrawsAreIndependent) {
  constexpr int kDraws = 500'000;
  constexpr std::size_t kSide = 30;
  RandomStream stream(2, "pairs");
  std::vector<int> counts(kSide * kSide);
  for (int i = 0; i < kDraws; ++i) {
    const auto x = static_cast<std::size_t>(stream.uniform() * kSide);
    const auto y = static_cast<std::size_t>(stream.uniform() * kSide);
    ++counts[y * kSide + x];
  }
  expect_uniform(counts, kDraws);
}

TEST(Random, BelowIsUnbiasedForABoundThatDoesNotDivideTheRange) {
  constexpr int kDraws = 700'000;
  RandomStream stream(3, "below");
  std::vector<int> counts(7);
  for (int i = 0; i < kDraws; ++i) ++counts[stream.below(7)];
  expect_uniform(counts, kDraws);
  // The upper half of three quarters of the range would be rare if draws were reduced by a plain
  // modulo.
  const std::uint64_t bound = 3ULL << 62;
  int upper = 0;
  for (int i = 0; i < 100000; ++i) upper += stream.below(bound) >= bound / 2 ? 1 : 0;
  EXPECT_NEAR(upper, 50000, 1000);
}

TEST(Random, NormalHasTheRightMoments) {
  constexpr int kDraws = 1'000'000;
  RandomStream stream(4, "normal");
  double sum = 0, squares = 0, fourth = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = stream.normal();
    sum += x;
    squares += x * x;
    fourth += x * x * x * x;
  }
  EXPECT_NEAR(sum / kDraws, 0, 0.006);
  EXPECT_NEAR(squares / kDraws, 1, 0.01);
  EXPECT_NEAR(fourth / kDraws, 3, 0.06);
}

TEST(Random, ASavedStreamGoesOnWhereItWas) {
  RandomStream stream(5, "save");
  stream.normal();  // leaves a spare
  const std::string state = stream.save();
  std::vector<double> expected;
  for (int i = 0; i < 100; ++i) expected.push_back(i % 2 == 0 ? stream.normal() : stream.uniform());
  RandomStream other(99, "other");
  other.restore(state);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(i % 2 == 0 ? other.normal() : other.uniform(), expected[static_cast<std::size_t>(i)]);
  }
  EXPECT_THROW(other.restore("not a state"), Error);
  EXPECT_THROW(other.restore(""), Error);
}

}  // namespace
}  // namespace tilewright
