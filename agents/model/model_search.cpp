// The model-based searcher: learn the evaluation from what was evaluated, plan in what was learned,
// evaluate, again. With a budget for it, several descents start and the better ones go on
// (successive halving, Jamieson and Talwalkar 2016): a descent settles in one basin.
#include <algorithm>
#include <cmath>

#include "agents/builtin.h"
#include "agents/model/descent.h"
#include "agents/model/priors.h"
#include "agents/settings.h"

namespace tilewright {
namespace {

using namespace model;

struct Settings {
  DescentSettings descent;
  std::int64_t hopes = 5;     // designs of an earlier search that are tried first
  std::int64_t descents = 0;  // 0: by budget
  double race = 0.7;          // share of the budget in which they compete
};

// The best of an earlier search, in the unit box of this one.
std::vector<ActionVector> best_designs(const std::vector<Evaluation>& log, std::int64_t count,
                                       const DesignBox& box) {
  std::vector<Evaluation> best(std::min(log.size(), static_cast<std::size_t>(count)));
  std::partial_sort_copy(log.begin(), log.end(), best.begin(), best.end(), better);
  std::vector<ActionVector> units;
  for (const Evaluation& e : best) units.push_back(to_unit(project(e.design, box), box));
  return units;
}

class ModelSearch final : public Searcher {
 public:
  explicit ModelSearch(const Settings& settings) : settings_(settings) {}
  std::string name() const override { return "model"; }
  bool plans_with_free_model() const override { return true; }
  void run(Oracle& oracle) override;
  std::vector<std::string> diagnostics() const override {
    return {"descent", "noise", "rough_variance"};
  }
  std::vector<double> diagnostics_row(std::int64_t evaluation) const override {
    const auto row = static_cast<std::size_t>(evaluation);
    return row < rows_.size() ? rows_[row] : std::vector<double>(diagnostics().size(), 0.0);
  }

 private:
  struct Runner {
    std::int64_t number;
    Descent descent;
  };
  void advance(Oracle& oracle, Runner& runner, std::int64_t evaluations);
  Runner make_runner(const Oracle& oracle, std::int64_t number) const;

  Settings settings_;
  std::shared_ptr<const Prior> prior_;
  std::vector<ActionVector> hopes_;
  std::set<ActionVector> known_;
  std::vector<std::vector<double>> rows_;
};

ModelSearch::Runner ModelSearch::make_runner(const Oracle& oracle, std::int64_t number) const {
  const auto stream = [&](const std::string& use) {
    return oracle.stream("model/" + use + "/" + std::to_string(number));
  };
  DescentSettings settings = settings_.descent;
  settings.first = std::clamp<std::int64_t>(oracle.options().evaluations / 10, 8, settings.first);
  return {number, Descent(oracle.problem(), settings, oracle.log().front(),
                          {stream("first"), stream("tune"), stream("plan")}, prior_, hopes_)};
}

// Until the descent has seen so many; the oracle ends it earlier when the budget is spent.
void ModelSearch::advance(Oracle& oracle, Runner& runner, std::int64_t evaluations) {
  while (std::ssize(runner.descent.log()) < evaluations) {
    const auto chosen = runner.descent.next(known_);
    rows_.resize(static_cast<std::size_t>(oracle.used()),
                 std::vector<double>(diagnostics().size(), 0.0));
    const Kernel& kernel = runner.descent.model().kernel();
    rows_.insert(rows_.end(), chosen.size(),
                 {static_cast<double>(runner.number), kernel.noise, kernel.rough_variance});
    const auto evaluated = oracle.evaluate(chosen);
    for (const Evaluation& e : evaluated) known_.insert(e.unit);
    runner.descent.observe(evaluated);
  }
}

void ModelSearch::run(Oracle& oracle) {
  constexpr std::int64_t kEvaluationsADescent = 575, kMostDescents = 8;
  const std::int64_t budget = oracle.remaining();
  const SearchOptions& options = oracle.options();
  if (options.free_model) {
    prior_ = closed_form_prior(oracle.problem());
  } else if (!options.earlier.empty()) {
    prior_ = earlier_prior(oracle.problem(), settings_.descent.model, options.earlier,
                           oracle.stream("model/earlier"));
    hopes_ = best_designs(options.earlier, settings_.hopes, oracle.problem().box());
  }
  std::int64_t count = settings_.descents;
  if (count == 0) count = std::clamp<std::int64_t>(budget / kEvaluationsADescent, 1, kMostDescents);
  std::vector<Runner> runners;
  for (std::int64_t i = 0; i < count; ++i) runners.push_back(make_runner(oracle, i));
  // Rounds of halving, each with an equal part of the race.
  const auto rounds = std::max(1.0, std::ceil(std::log2(static_cast<double>(count))));
  const double part = settings_.race * static_cast<double>(budget) / rounds;
  double seen = 0;
  while (runners.size() > 1) {
    seen += part / static_cast<double>(runners.size());
    for (Runner& runner : runners) advance(oracle, runner, static_cast<std::int64_t>(seen));
    std::stable_sort(runners.begin(), runners.end(), [](const Runner& a, const Runner& b) {
      return better(a.descent.best(), b.descent.best());
    });
    runners.erase(runners.begin() + static_cast<std::ptrdiff_t>((runners.size() + 1) / 2),
                  runners.end());
  }
  while (true) advance(oracle, runners.front(), std::ssize(runners.front().descent.log()) + 1);
}

}  // namespace

std::unique_ptr<Searcher> make_model_search(const SearchOptions& options) {
  SettingsReader reader("model", options);
  Settings s;
  DescentSettings& d = s.descent;
  d.model.points_most = reader.integer("points", d.model.points_most, 20, 5000);
  d.model.tune_points = reader.integer("tune_points", d.model.tune_points, 20, 5000);
  d.model.steps = static_cast<int>(reader.integer("tune_steps", d.model.steps, 0, 1000));
  d.planner.pool = reader.integer("pool", d.planner.pool, 10, 1000000);
  d.planner.offspring = reader.integer("offspring", d.planner.offspring, 1, 1000000);
  d.planner.generations =
      static_cast<int>(reader.integer("generations", d.planner.generations, 0, 1000));
  d.planner.parents = reader.integer("parents", d.planner.parents, 1, 100000);
  d.planner.elites = reader.integer("elites", d.planner.elites, 1, 100000);
  d.first = reader.integer("first", d.first, 1, 100000);
  d.first_step = reader.number("first_step", d.first_step, 0.001, 1);
  d.first_share = reader.number("first_share", d.first_share, 0.01, 1);
  d.batch = reader.integer("batch", d.batch, 1, 1000);
  d.tune_every = reader.integer("tune_every", d.tune_every, 1, 100000);
  d.far_batches = reader.integer("far_batches", d.far_batches, 0, 1000);
  s.hopes = reader.integer("hopes", s.hopes, 0, 1000);
  s.descents = reader.integer("descents", s.descents, 0, 1000);
  s.race = reader.number("race", s.race, 0, 1);
  reader.finish();
  return std::make_unique<ModelSearch>(s);
}

}  // namespace tilewright
