// Networks of other kinds: counts that hold by themselves, and searches that keep their budget.
#include <gtest/gtest.h>

#include "experiments/experiment.h"
#include "inputs.h"

namespace tilewright {
namespace {

double number(const std::vector<Cell>& row, std::size_t column) {
  return std::get<Number>(row.at(column)).value;
}

TEST(Workloads, AreCountedAndSearchedAtEveryNode) {
  ExperimentInputs inputs = paper_inputs();
  inputs.episodes = 20;
  inputs.seeds = 2;
  inputs.level = "L0";
  const auto tables = find_experiment("workloads").run(inputs);
  ASSERT_EQ(tables.size(), 2U);
  const Table& counted = tables[0].table;
  ASSERT_EQ(counted.rows.size(), 6U);
  for (const auto& row : counted.rows) {
    EXPECT_NEAR(number(row, 7) + number(row, 8) + number(row, 9), 100, 1e-9);
    EXPECT_GT(number(row, 4), 0);
  }
  EXPECT_GT(number(counted.rows[0], 8), number(counted.rows[0], 7));  // a CNN convolves
  // Two of eight experts: fewer multiply-accumulates for a token than parameters.
  EXPECT_LT(1e3 * number(counted.rows[4], 6), 2 * number(counted.rows[4], 4));
  const Table& searched = tables[1].table;
  ASSERT_EQ(searched.rows.size(), 3 * counted.rows.size());
  for (const auto& row : searched.rows) {
    const std::string feasible = std::get<std::string>(row[2]);
    EXPECT_TRUE(feasible.ends_with(" of 2")) << feasible;
    if (feasible.starts_with("0")) {
      EXPECT_TRUE(std::holds_alternative<Missing>(row[3]));
    } else {
      EXPECT_GT(number(row, 3), 0);
      EXPECT_TRUE(std::holds_alternative<Missing>(row[4])) << "an interval from two runs";
    }
  }
}

}  // namespace
}  // namespace tilewright
