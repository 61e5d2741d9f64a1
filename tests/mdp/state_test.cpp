#include "mdp/state.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "cases.h"
#include "support/file.h"
#include "support/random.h"
#include "support/table.h"

namespace tilewright {
namespace {

using namespace testing_cases;

TEST(State, GroupsHaveTheSizesOfTheTable) {
  const auto rows = parse_csv(
      read_file(std::string(TILEWRIGHT_SOURCE_DIR) + "/paper/printed/table02_state_vector.csv"),
      "table 2");
  std::map<std::string, int> printed, ours;
  for (std::size_t i = 1; i + 1 < rows.size(); ++i) {
    printed[rows[i][0]] = static_cast<int>(parse_number(rows[i][2], "dims"));
  }
  for (const StateFeature& f : state_features()) ++ours[std::string(f.group)];
  EXPECT_EQ(ours, printed);
}

TEST(State, NamesAreUniqueAndDocumented) {
  std::set<std::string_view> names;
  for (const StateFeature& f : state_features()) {
    EXPECT_TRUE(names.insert(f.name).second) << f.name;
    EXPECT_FALSE(f.meaning.empty());
  }
  EXPECT_EQ(names.size(), kStateSize);
}

TEST(State, DocumentIsTheTable) {
  EXPECT_EQ(read_file(std::string(TILEWRIGHT_SOURCE_DIR) + "/docs/state.md"), state_markdown())
      << "docs/state.md must be:\n"
      << state_markdown();
}

TEST(State, PolicyReadsTheMarkedFeaturesInOrder) {
  StateVector state{};
  for (std::size_t i = 0; i < kStateSize; ++i) state[i] = static_cast<float>(i);
  const PolicyState seen = policy_state(state);
  std::size_t next = 0;
  for (std::size_t i = 0; i < kStateSize; ++i) {
    if (!state_features()[i].policy) continue;
    EXPECT_EQ(seen[next++], static_cast<float>(i));
  }
  EXPECT_EQ(next, kPolicyStateSize);
}

TEST(State, PolicySeesEveryActionsPlace) {
  const Problem problem(printed_surrogate("3nm", Mode::kHighPerformance), Level::kL0);
  ActionVector unit{};
  for (std::size_t i = 0; i < kActionCount; ++i) unit[i] = 0.3 + 0.01 * static_cast<double>(i);
  const Evaluation e = problem.evaluate(unit);
  const PolicyState seen = policy_state(e.state);
  const auto places = policy_places_of_actions();
  for (std::size_t i = 0; i < kActionCount; ++i) {
    EXPECT_EQ(seen[places[i]], static_cast<float>(e.unit[i])) << action_info(i).name;
  }
}

// Bounded, and every feature that the design can move does move over random designs.
void expect_bounded_and_alive(const Problem& problem, int trials, std::size_t least_moving) {
  RandomStream random(3, "test/state");
  std::array<std::set<float>, kStateSize> values;
  for (int trial = 0; trial < trials; ++trial) {
    ActionVector unit{};
    for (double& u : unit) u = random.uniform();
    const Evaluation e = problem.evaluate(unit);
    for (std::size_t i = 0; i < kStateSize; ++i) {
      ASSERT_TRUE(std::isfinite(e.state[i])) << state_features()[i].name;
      ASSERT_LE(std::fabs(e.state[i]), 1.0F) << state_features()[i].name;
      values[i].insert(e.state[i]);
    }
  }
  std::size_t moving = 0;
  for (const auto& seen : values) moving += seen.size() > 1 ? 1U : 0U;
  EXPECT_GE(moving, least_moving);
}

TEST(State, BoundedOnRandomDesigns) {
  for (const char* node : {"3nm", "28nm"}) {
    for (const Mode mode : {Mode::kHighPerformance, Mode::kLowPower}) {
      // 29 actions (precision has one legal value in the box), and what follows from them.
      expect_bounded_and_alive(Problem(printed_surrogate(node, mode), Level::kL0), 1000, 40);
    }
  }
}

TEST(State, BoundedOnMappedDesigns) {
  expect_bounded_and_alive(Problem(mapped_surrogate("7nm"), Level::kL1), 100, 40);
}

TEST(State, DesignsThatDifferLookDifferent) {
  const Problem problem(printed_surrogate("3nm", Mode::kHighPerformance), Level::kL0);
  const Evaluation base = problem.evaluate(problem.initial_unit());
  for (std::size_t i = 0; i < kActionCount; ++i) {
    if (i == kPrecision) continue;
    ActionVector unit = base.unit;
    unit[i] += unit[i] < 0.5 ? 0.4 : -0.4;
    const Evaluation moved = problem.evaluate(unit);
    EXPECT_NE(policy_state(moved.state), policy_state(base.state)) << action_info(i).name;
  }
}

}  // namespace
}  // namespace tilewright
