// Searches warm from a neighbouring node beside cold ones.
#include <gtest/gtest.h>

#include <cmath>

#include "experiments/best_so_far.h"
#include "experiments/experiment.h"
#include "inputs.h"

namespace tilewright {
namespace {

ExperimentInputs small_inputs() {
  ExperimentInputs inputs = paper_inputs();
  inputs.episodes = 50;
  inputs.level = "L0";
  inputs.llama.points.resize(3);
  inputs.smolvlm.points.resize(2);
  return inputs;
}

double number(const std::vector<Cell>& row, std::size_t column) {
  const auto* value = std::get_if<Number>(&row[column]);
  return value == nullptr ? NAN : value->value;
}

TEST(BestSoFar, CountsFeasibleDesignsOnly) {
  std::vector<Evaluation> log(4);
  log[0].score = 0.1;  // not feasible
  log[1].score = 1.5;
  log[2].score = 1.2;
  log[3].score = 1.4;
  for (std::size_t i = 1; i < log.size(); ++i) log[i].feasible = true;
  const std::vector<double> curve = best_so_far(log);
  EXPECT_TRUE(std::isinf(curve[0]));
  EXPECT_EQ(curve[1], 1.5);
  EXPECT_EQ(curve[3], 1.2);
  EXPECT_EQ(evaluations_until(curve, 1.3), 3);
  EXPECT_EQ(evaluations_until(curve, 1.5), 2);
  EXPECT_EQ(evaluations_until(curve, 1.0), 4);  // never
  EXPECT_EQ(evaluations_until(curve, INFINITY), 2);
  EXPECT_EQ(evaluations_until(best_so_far({log.data(), 1}), INFINITY), 1);  // never
}

TEST(TransferOfNodes, EveryNeighbourIsAPairAndBudgetsHold) {
  const auto tables = find_experiment("transfer").run(small_inputs());
  ASSERT_EQ(tables.size(), 2U);
  const Table& table = tables[0].table;
  ASSERT_EQ(table.rows.size(), 4U + 3 + 2 + 3);  // both ways, then one way, the other, all
  const double runs_of[] = {1, 1, 1, 1, 2, 2, 4, 1, 1, 1, 1, 2};
  double differ = 0;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const auto& row = table.rows[r];
    const double runs = number(row, 3), arrived = number(row, 10), better = number(row, 17);
    EXPECT_EQ(runs, runs_of[r]) << r;
    EXPECT_LE(number(row, 6), 50);
    EXPECT_LE(number(row, 7), 50);
    EXPECT_LE(better, arrived);
    EXPECT_LE(arrived, runs);
    if (runs == 1 && arrived == 0) {
      EXPECT_EQ(number(row, 7), 50);
    }
    differ += number(row, 12) != number(row, 13) ? 1 : 0;
  }
  EXPECT_GT(differ, 0);  // a warm start is not a cold one
  EXPECT_TRUE(tables[1].picture.starts_with("<svg "));
}

TEST(TransferOfNodes, TheExperimentRepeatsItself) {
  ExperimentInputs inputs = small_inputs();
  inputs.episodes = 20;
  inputs.llama.points.resize(2);
  const Experiment& experiment = find_experiment("transfer");
  EXPECT_EQ(to_csv(experiment.run(inputs)[0].table), to_csv(experiment.run(inputs)[0].table));
}

}  // namespace
}  // namespace tilewright
