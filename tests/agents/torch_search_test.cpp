// The parts that searches over designs are made of, and the settings that join them.
#include <limits>

#include "agents/searcher.h"
#include "agents/torch/cheap_evaluation.h"
#include "agents/torch/convergence.h"
#include "agents/torch/design_task.h"
#include "agents/torch/on_policy_searcher.h"
#include "agents/torch/sac_searcher.h"
#include "agents/torch/sac_settings.h"
#include "cases.h"
#include "support/error.h"
#include "torch_cases.h"

namespace tilewright::rl {
namespace {

using namespace tilewright::testing_cases;

SearchOptions options_of(std::int64_t evaluations,
                         const std::map<std::string, std::string>& settings = {}) {
  SearchOptions options;
  options.evaluations = evaluations;
  options.seed = 3;
  options.settings = settings;
  return options;
}

// Log and diagnostics of a searcher that was made by hand.
struct Search {
  std::vector<Evaluation> log;
  std::vector<std::string> columns;
  std::vector<std::vector<double>> rows;
  double last(const std::string& column) const {
    const auto at = std::find(columns.begin(), columns.end(), column) - columns.begin();
    return rows.back()[static_cast<std::size_t>(at)];
  }
  double most(const std::string& column) const {
    const auto at = std::find(columns.begin(), columns.end(), column) - columns.begin();
    double most = -std::numeric_limits<double>::infinity();
    for (const auto& row : rows) most = std::max(most, row[static_cast<std::size_t>(at)]);
    return most;
  }
};

using Make = std::unique_ptr<Searcher> (*)(const SearchOptions&);
Search search(const Problem& problem, Make make, const SearchOptions& options) {
  at::set_num_threads(1);
  const auto searcher = make(options);
  Oracle oracle(problem, options, {});
  try {
    oracle.evaluate(problem.initial_unit());
    searcher->run(oracle);
  } catch (const SearchEnded&) {
  }
  Search result{oracle.log(), searcher->diagnostics(), {}};
  for (std::int64_t i = 0; i < oracle.used(); ++i) {
    result.rows.push_back(searcher->diagnostics_row(i));
    EXPECT_EQ(result.rows.back().size(), result.columns.size());
  }
  return result;
}

const std::map<std::string, std::string> kEverything{
    {"experts", "4"}, {"world_model", "1"}, {"correction", "1"}, {"hidden", "32"},
    {"batch", "32"},  {"warmup", "20"},     {"epsilon", "0.1"},  {"least_confidence", "0.3"}};

class Designs : public testing::Test {
 protected:
  Problem problem_{mapped_surrogate("7nm"), Level::kL1};
};

TEST_F(Designs, EveryPartIsAtWorkAndKeepsTheBudget) {
  const Search s = search(problem_, make_sac, options_of(400, kEverything));
  EXPECT_EQ(s.log.size(), 400u);
  EXPECT_GT(s.last("gate_entropy"), 0);
  EXPECT_GT(s.last("gate_least_share"), 0);
  EXPECT_LT(s.last("world_error"), s.last("persistence"));
  EXPECT_GT(s.most("plan_gain"), 0);
  EXPECT_GT(s.most("confidence"), 0);
  EXPECT_GE(s.most("imagined"), 1);
  EXPECT_LE(s.most("imagined"), 4);
}

TEST_F(Designs, OneSeedOneLogWithEveryPart) {
  const Search a = search(problem_, make_sac, options_of(300, kEverything));
  const Search b = search(problem_, make_sac, options_of(300, kEverything));
  ASSERT_EQ(a.log.size(), b.log.size());
  for (std::size_t i = 0; i < a.log.size(); ++i) ASSERT_EQ(a.log[i].design, b.log[i].design) << i;
  EXPECT_EQ(a.rows, b.rows);
}

TEST_F(Designs, TheBlackBoxNeverAsksTheClosedForm) {
  const std::uint64_t before = Surrogate::l0_calls();
  for (const Make make : {make_sac, make_paper}) search(problem_, make, options_of(60));
  search(problem_, make_sac, options_of(300, kEverything));
  EXPECT_EQ(Surrogate::l0_calls(), before);
  SearchOptions with_model = options_of(60, kEverything);
  with_model.free_model = true;
  search(problem_, make_sac, with_model);
  EXPECT_GT(Surrogate::l0_calls(), before);
}

TEST_F(Designs, StopsEarlyWhenNothingBetterIsFoundOrPromised) {
  auto settings = kEverything;
  settings["stop_patience"] = "60";
  settings["correction"] = "0";
  const Search s = search(problem_, make_sac, options_of(3000, settings));
  EXPECT_LT(s.log.size(), 3000u);
  // The rule, from the log alone: the last 60 gained nothing.
  const auto best_until = [&](std::size_t end) {
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < end; ++i) {
      if (s.log[i].feasible) best = std::min(best, s.log[i].score);
    }
    return best;
  };
  const double before = best_until(s.log.size() - 60);
  EXPECT_GE(best_until(s.log.size()), before * (1 - 1e-4) - 1e-12);
}

TEST_F(Designs, PpoAndReinforceSearch) {
  for (const Make make : {make_ppo, make_reinforce}) {
    const Search s = search(problem_, make, options_of(150, {{"round", "32"}, {"hidden", "32"}}));
    EXPECT_EQ(s.log.size(), 150u);
    EXPECT_NE(s.last("policy_loss"), 0);
    EXPECT_NE(s.last("entropy"), 0);
    EXPECT_THROW(make(options_of(10, {{"no_such_setting", "1"}})), Error);
  }
}

TEST_F(Designs, BaseIsWhatIsKnownOrTheModelThatWasGiven) {
  const Evaluation current = problem_.evaluate(problem_.initial_unit());
  ActionVector next = current.unit;
  next[kVlen] = std::min(1.0, next[kVlen] + 0.1);
  const CheapEvaluation black(problem_, {}, false, 1, RandomStream(1, "test/masks"));
  EXPECT_EQ(black.base(current, next), figures_of(outcome_of(current)));
  const CheapEvaluation with(problem_, {}, true, 1, RandomStream(1, "test/masks"));
  const Ppa ppa =
      problem_.surrogate().evaluate_l0(project(from_unit(next, problem_.box()), problem_.box()));
  EXPECT_EQ(with.base(current, next), log_figures(ppa.tok_s, ppa.power_mw, ppa.area_mm2));
}

TEST(Paper, HasItsConstants) {
  const SacSearchSettings s = read_sac_settings("paper", paper_settings(), options_of(4613));
  EXPECT_EQ(s.sac.hidden, 256);
  EXPECT_EQ(s.sac.experts, 4);
  EXPECT_EQ(s.sac.balance, 0.01);
  EXPECT_EQ(s.sac.batch, 256);
  EXPECT_EQ(s.sac.discount, 0.99);
  EXPECT_EQ(s.sac.target_rate, 0.005);
  EXPECT_EQ(s.sac.learning_rate, 3e-4);
  EXPECT_EQ(s.lookahead.world.learning_rate, 1.5e-4);
  EXPECT_EQ(s.sac.replay.exponent, 0.6);
  EXPECT_EQ(s.sac.replay.capacity, 100000);
  EXPECT_EQ(s.lookahead.mpc.candidates, 64);
  EXPECT_EQ(s.lookahead.mpc.horizon, 5);
  EXPECT_EQ(s.loop.epsilon, 0.5);
  EXPECT_EQ(s.loop.epsilon_least, 0.1);
  EXPECT_EQ(s.loop.updates, 1);
  EXPECT_EQ(s.loop.proposals, 0);
  EXPECT_EQ(s.loop.reward, RewardForm::kPaper);
  EXPECT_FALSE(s.sac.layer_norm || s.sac.arrival || s.sac.normalise || s.loop.scale_rewards);
}

TEST(Settings, ThatContradictEachOtherAreRefused) {
  EXPECT_THROW(make_sac(options_of(10, {{"correction", "1"}})), Error);
  EXPECT_THROW(make_sac(options_of(10, {{"start_best", "0.9"}})), Error);
  EXPECT_NO_THROW(make_sac(options_of(10, {{"correction", "1"}, {"world_model", "1"}})));
}

TEST(Convergence, WaitsForGainsAndPromises) {
  Convergence c(3);
  c.note(1.0, false);
  for (int i = 0; i < 2; ++i) c.note(1.0, false);
  EXPECT_FALSE(c.reached());
  c.note(0.99995, false);  // less than a ten-thousandth: no gain
  EXPECT_TRUE(c.reached());
  c.note(1.0, true);
  EXPECT_FALSE(c.reached());
  for (int i = 0; i < 3; ++i) c.note(1.0, false);
  EXPECT_TRUE(c.reached());
  c.note(0.9, false);
  EXPECT_FALSE(c.reached());
}

TEST(Convergence, NeverEndsWithoutPatienceNorWithoutAFeasibleDesign) {
  Convergence never(0), hopeful(2);
  for (int i = 0; i < 100; ++i) {
    never.note(1, false);
    hopeful.note(std::numeric_limits<double>::infinity(), false);
  }
  EXPECT_FALSE(never.reached());
  EXPECT_FALSE(hopeful.reached());
}

}  // namespace
}  // namespace tilewright::rl
