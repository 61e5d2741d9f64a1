// The weights of the score: what must hold of any choice among the same designs, and of one search.
#include <gtest/gtest.h>

#include <cmath>

#include "experiments/weights/tables.h"
#include "inputs.h"

namespace tilewright {
namespace {

// One node of Llama with searches of a few dozen evaluations.
ExperimentInputs small_inputs() {
  ExperimentInputs inputs = paper_inputs();
  inputs.episodes = 60;
  inputs.level = "L0";
  inputs.seeds = 2;
  inputs.llama.points.resize(1);
  inputs.smolvlm.points.resize(1);
  return inputs;
}

const WeightCase& small_case() {
  static const WeightCase made = [] {
    const ExperimentInputs inputs = small_inputs();
    return weigh(inputs, inputs.llama, inputs.llama.points.front());
  }();
  return made;
}

TEST(Weights, SettingsAreSharesAndDifferent) {
  const PpaWeights mode{0.5, 0.3, 0.2};
  const auto settings = weight_settings(mode);
  EXPECT_EQ(settings.size(), 18U);  // 15 of the grid, the mode, the default, low power
  EXPECT_EQ(settings.front().weights, mode);
  int corners = 0;
  for (std::size_t i = 0; i < settings.size(); ++i) {
    const PpaWeights& w = settings[i].weights;
    EXPECT_NEAR(w[0] + w[1] + w[2], 1, 1e-12);
    for (const double share : w) corners += share == 1 ? 1 : 0;
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(w, settings[j].weights);
  }
  EXPECT_EQ(corners, 3);
}

// Among the same designs, all the weight on a metric chooses the best in it, and no weight at all a
// design that is no better in it.
TEST(Weights, AllTheWeightOnAMetricChoosesTheBestInIt) {
  const WeightCase& c = small_case();
  for (const Chosen way : {Chosen::kFromArchive, Chosen::kFromFront}) {
    const auto& choices = c.choices[static_cast<std::size_t>(way)];
    for (std::size_t all = 0; all < c.settings.size(); ++all) {
      for (std::size_t none = 0; none < c.settings.size(); ++none) {
        for (std::size_t s = 0; s < choices[all].size(); ++s) {
          const Evaluation &a = choices[all][s].design, &b = choices[none][s].design;
          if (!std::isfinite(choices[all][s].score)) continue;
          if (c.settings[all].weights[0] == 1) {
            EXPECT_GE(a.tok_s, b.tok_s);
          }
          if (c.settings[all].weights[1] == 1) {
            EXPECT_LE(a.power_mw, b.power_mw);
          }
          if (c.settings[all].weights[2] == 1) {
            EXPECT_LE(a.area_mm2, b.area_mm2);
          }
        }
      }
    }
  }
}

TEST(Weights, NoChoiceIsBelowTheBestKnown) {
  const WeightCase& c = small_case();
  EXPECT_EQ(c.evaluations_once, 60);
  EXPECT_EQ(c.evaluations_anew, 60 * 18);
  int finite = 0;
  for (const Chosen way : kWays) {
    for (std::size_t i = 0; i < c.settings.size(); ++i) {
      ASSERT_EQ(c.choices[static_cast<std::size_t>(way)][i].size(), 2U);
      for (const WeightChoice& choice : c.choices[static_cast<std::size_t>(way)][i]) {
        if (!std::isfinite(choice.score)) continue;
        ++finite;
        EXPECT_TRUE(choice.design.feasible);
        EXPECT_GE(choice.score, choice.best_known - 1e-12);
      }
    }
  }
  EXPECT_GT(finite, 60);
}

// The archive that is selected from is that of the mode's own search.
TEST(Weights, UnderTheModesWeightsBothWaysAgree) {
  const WeightCase& c = small_case();
  const auto& from = c.choices[static_cast<std::size_t>(Chosen::kFromArchive)].front();
  const auto& anew = c.choices[static_cast<std::size_t>(Chosen::kAnew)].front();
  for (std::size_t s = 0; s < from.size(); ++s) EXPECT_NEAR(from[s].score, anew[s].score, 1e-12);
}

// A search sees its own weights: what it finds under them is what its scores said.
TEST(Weights, ASearchAnewScoresByItsOwnWeights) {
  const WeightCase& c = small_case();
  for (const auto& runs : c.choices[static_cast<std::size_t>(Chosen::kAnew)]) {
    for (const WeightChoice& run : runs) {
      if (std::isfinite(run.score)) {
        EXPECT_NEAR(run.design.score, run.score, 1e-9);
      }
    }
  }
}

// With more weight a metric never gets worse, and the others never better by that alone.
TEST(Weights, ElasticitiesHaveTheSignThatTheyMust) {
  const Table table = weights_elasticity({small_case()}).table;
  ASSERT_EQ(table.rows.size(), 3U);
  const double sign[] = {1, -1, -1};
  for (std::size_t k = 0; k < 3; ++k) {
    const auto* own = std::get_if<Number>(&table.rows[k][4 + k]);
    ASSERT_NE(own, nullptr);
    EXPECT_GE(sign[k] * own->value, 0) << table.rows[k].size();
  }
}

TEST(Weights, TheExperimentRepeatsItself) {
  ExperimentInputs inputs = small_inputs();
  inputs.episodes = 12;
  inputs.seeds = 1;
  const Experiment& experiment = find_experiment("weights");
  const auto first = experiment.run(inputs), second = experiment.run(inputs);
  ASSERT_EQ(first.size(), 4U);
  for (std::size_t t = 0; t < first.size(); ++t)
    EXPECT_EQ(to_csv(first[t].table), to_csv(second[t].table));
  EXPECT_TRUE(first[0].picture.starts_with("<svg "));
}

}  // namespace
}  // namespace tilewright
