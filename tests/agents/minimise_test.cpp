// CMA-ES on functions that are no Problem.
#include "agents/minimise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "../error_id.h"

namespace tilewright {
namespace {

// A bowl around 0.3, in which neighbouring coordinates pull on each other.
double bowl(std::span<const double> point) {
  double sum = 0;
  for (std::size_t i = 0; i < point.size(); ++i) {
    EXPECT_GE(point[i], 0);
    EXPECT_LE(point[i], 1);
    const double d = point[i] - 0.3, before = i > 0 ? point[i - 1] - 0.3 : 0;
    sum += d * d + d * before;
  }
  return sum;
}

CubeSearch search_of(std::size_t variables, std::int64_t evaluations, std::uint64_t seed) {
  return {std::vector<double>(variables, 0.8), 0.1, evaluations, seed};
}

TEST(Minimise, FindsTheBottomOfABowl) {
  for (const std::size_t n : {std::size_t{2}, std::size_t{12}, std::size_t{40}}) {
    const CubeSearch search = search_of(n, static_cast<std::int64_t>(300 * n), 1);
    const CubeBest best = minimise(bowl, bowl(search.start), search);
    EXPECT_LT(best.value, 1e-4 * bowl(search.start)) << n;
    EXPECT_EQ(best.value, bowl(best.point));
  }
}

TEST(Minimise, SpendsTheBudgetAndNoMore) {
  for (const std::int64_t budget : {0, 1, 7, 500}) {
    std::int64_t calls = 0;
    const auto counted = [&](std::span<const double> point) {
      ++calls;
      return bowl(point);
    };
    const CubeSearch search = search_of(5, budget, 3);
    const CubeBest best = minimise(counted, bowl(search.start), search);
    EXPECT_EQ(calls, budget);
    EXPECT_EQ(best.evaluations, budget);
    EXPECT_LE(best.value, bowl(search.start));
  }
}

TEST(Minimise, NeverLeavesABetterStart) {
  const CubeSearch search = search_of(6, 200, 5);
  const CubeBest best = minimise([](auto) { return 1.0; }, 0.5, search);
  EXPECT_EQ(best.value, 0.5);
  EXPECT_EQ(best.point, search.start);
}

TEST(Minimise, RepeatsItself) {
  const CubeBest a = minimise(bowl, 9, search_of(8, 300, 7)),
                 b = minimise(bowl, 9, search_of(8, 300, 7)),
                 other = minimise(bowl, 9, search_of(8, 300, 8));
  EXPECT_EQ(a.point, b.point);
  EXPECT_NE(a.point, other.point);
}

TEST(Minimise, LetsExceptionsThrough) {
  const auto broken = [](std::span<const double>) -> double { throw std::runtime_error("broken"); };
  EXPECT_THROW(minimise(broken, 1, search_of(4, 10, 1)), std::runtime_error);
  EXPECT_EQ(id_of([&] { minimise(bowl, 1, search_of(1, 10, 1)); }), "TW-AGENT-003");
}

}  // namespace
}  // namespace tilewright
