#include "mdp/archive.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/random.h"

namespace tilewright {
namespace {

Evaluation point(double tok_s, double power, double area) {
  Evaluation e;
  e.feasible = true;
  e.tok_s = tok_s;
  e.power_mw = power;
  e.area_mm2 = area;
  return e;
}

bool covers(const Evaluation& a, const Evaluation& b) {
  return a.tok_s >= b.tok_s && a.power_mw <= b.power_mw && a.area_mm2 <= b.area_mm2;
}

TEST(Archive, RefusesTheInfeasibleAndTheCovered) {
  ParetoArchive archive;
  Evaluation infeasible = point(100, 1, 1);
  infeasible.feasible = false;
  EXPECT_FALSE(archive.add(infeasible));
  EXPECT_TRUE(archive.add(point(10, 5, 5)));
  EXPECT_FALSE(archive.add(point(10, 5, 5)));
  EXPECT_FALSE(archive.add(point(9, 5, 6)));
  EXPECT_TRUE(archive.add(point(11, 6, 5)));
  EXPECT_EQ(archive.members().size(), 2u);
  EXPECT_TRUE(archive.add(point(12, 4, 4)));
  EXPECT_EQ(archive.members().size(), 1u);
}

TEST(Archive, HoldsExactlyTheNonDominated) {
  RandomStream random(11, "test/archive");
  ParetoArchive archive;
  std::vector<Evaluation> all;
  for (int i = 0; i < 2000; ++i) {
    // Few distinct values, so that ties happen.
    all.push_back(point(static_cast<double>(random.below(30)),
                        static_cast<double>(random.below(30)),
                        static_cast<double>(random.below(30))));
    archive.add(all.back());
  }
  const auto& members = archive.members();
  for (const Evaluation& m : members) {
    for (const Evaluation& other : members) {
      EXPECT_TRUE(&m == &other || !covers(m, other));
    }
  }
  for (const Evaluation& e : all) {
    EXPECT_TRUE(std::any_of(members.begin(), members.end(),
                            [&](const Evaluation& m) { return covers(m, e); }));
  }
  EXPECT_TRUE(std::is_sorted(members.begin(), members.end(),
                             [](const auto& a, const auto& b) { return a.tok_s > b.tok_s; }));
}

TEST(Archive, OrderOfArrivalDoesNotMatter) {
  RandomStream random(12, "test/archive");
  std::vector<Evaluation> all;
  for (int i = 0; i < 300; ++i) {
    all.push_back(point(random.uniform(), random.uniform(), random.uniform()));
  }
  ParetoArchive forward, backward;
  for (auto e = all.begin(); e != all.end(); ++e) forward.add(*e);
  for (auto e = all.rbegin(); e != all.rend(); ++e) backward.add(*e);
  ASSERT_EQ(forward.members().size(), backward.members().size());
  for (std::size_t i = 0; i < forward.members().size(); ++i) {
    EXPECT_EQ(forward.members()[i].tok_s, backward.members()[i].tok_s);
  }
}

TEST(Archive, SelectsByTheWeights) {
  const References references{100, 10, 10, 0, 0, 0, 0, ""};
  ParetoArchive archive;
  EXPECT_EQ(archive.select({1, 0, 0}, references), nullptr);
  archive.add(point(200, 20, 9));
  archive.add(point(100, 10, 8));
  archive.add(point(10, 1, 12));
  EXPECT_EQ(archive.select({1, 0, 0}, references)->tok_s, 200);
  EXPECT_EQ(archive.select({0, 1, 0}, references)->tok_s, 10);
  EXPECT_EQ(archive.select({0, 0, 1}, references)->tok_s, 100);
}

}  // namespace
}  // namespace tilewright
