// The model-based searcher: learn the evaluation from what was evaluated, plan in what was learned,
// evaluate, again.
#include <algorithm>
#include <cmath>

#include "agents/builtin.h"
#include "agents/model/planner.h"
#include "agents/settings.h"

namespace tilewright {
namespace {

using namespace model;

struct Settings {
  ModelSettings model;
  PlannerSettings planner;
  std::int64_t first = 40;      // designs near the initial one, before the model
  double first_step = 0.25;     // how near
  std::int64_t batch = 5;       // planned from one conditioning
  std::int64_t tune_every = 4;  // batches
};

class ModelSearch final : public Searcher {
 public:
  explicit ModelSearch(const Settings& settings) : settings_(settings) {}
  std::string name() const override { return "model"; }
  void run(Oracle& oracle) override;
  std::vector<std::string> diagnostics() const override { return {"noise", "rough_variance"}; }
  std::vector<double> diagnostics_row(std::int64_t evaluation) const override {
    const auto row = static_cast<std::size_t>(evaluation);
    return row < rows_.size() ? rows_[row] : std::vector<double>(diagnostics().size(), 0.0);
  }

 private:
  Settings settings_;
  std::vector<std::vector<double>> rows_;
};

// A third of the coordinates of the initial design moved: enough to see which way each leads.
std::vector<ActionVector> first_designs(const ActionVector& initial, std::int64_t count,
                                        double step, RandomStream& random) {
  constexpr double kMovedShare = 0.3;
  std::vector<ActionVector> designs(static_cast<std::size_t>(count), initial);
  for (ActionVector& unit : designs) {
    for (double& u : unit) {
      if (random.uniform() < kMovedShare) u = std::clamp(u + step * random.normal(), 0.0, 1.0);
    }
  }
  return designs;
}

// The best of the log, best first.
std::vector<Evaluation> best_of(const std::vector<Evaluation>& log, std::int64_t count) {
  std::vector<Evaluation> best(std::min(log.size(), static_cast<std::size_t>(count)));
  std::partial_sort_copy(log.begin(), log.end(), best.begin(), best.end(), better);
  return best;
}

void ModelSearch::run(Oracle& oracle) {
  RandomStream random = oracle.stream("model/first");
  EvaluationModel model(oracle.problem(), settings_.model, oracle.stream("model/tune"));
  Planner planner(oracle.problem(), settings_.planner, oracle.stream("model/plan"));
  const std::int64_t first = std::clamp<std::int64_t>(oracle.remaining() / 10, 8, settings_.first);
  oracle.evaluate(
      first_designs(oracle.problem().initial_unit(), first, settings_.first_step, random));
  for (std::int64_t batch = 0;; ++batch) {
    model.learn(oracle.log(), batch < 2 || batch % settings_.tune_every == 0);
    std::set<ActionVector> known;
    for (const Evaluation& e : oracle.log()) known.insert(e.unit);
    double best = 2;  // the worst score there is, which any feasible design improves on
    std::vector<ActionVector> starts;
    for (const Evaluation& e : best_of(oracle.log(), settings_.planner.elites)) {
      if (e.feasible) best = std::min(best, e.score);
      starts.push_back(e.unit);
    }
    std::vector<ActionVector> chosen;
    for (std::int64_t i = 0; i < settings_.batch; ++i) {
      const Point point = planner.plan(model, best, starts, {}, known);
      model.pretend(point);
      known.insert(point.unit);
      chosen.push_back(point.unit);
    }
    rows_.resize(static_cast<std::size_t>(oracle.used()), {0, 0});
    rows_.insert(rows_.end(), chosen.size(), {model.kernel().noise, model.kernel().rough_variance});
    oracle.evaluate(chosen);
  }
}

}  // namespace

std::unique_ptr<Searcher> make_model_search(const SearchOptions& options) {
  SettingsReader reader("model", options);
  Settings s;
  s.model.points_most = reader.integer("points", s.model.points_most, 20, 5000);
  s.model.tune_points = reader.integer("tune_points", s.model.tune_points, 20, 5000);
  s.model.steps = static_cast<int>(reader.integer("tune_steps", s.model.steps, 0, 1000));
  s.planner.pool = reader.integer("pool", s.planner.pool, 10, 1000000);
  s.planner.offspring = reader.integer("offspring", s.planner.offspring, 1, 1000000);
  s.planner.generations =
      static_cast<int>(reader.integer("generations", s.planner.generations, 0, 1000));
  s.planner.parents = reader.integer("parents", s.planner.parents, 1, 100000);
  s.planner.elites = reader.integer("elites", s.planner.elites, 1, 100000);
  s.first = reader.integer("first", s.first, 1, 100000);
  s.first_step = reader.number("first_step", s.first_step, 0.001, 1);
  s.batch = reader.integer("batch", s.batch, 1, 1000);
  s.tune_every = reader.integer("tune_every", s.tune_every, 1, 100000);
  reader.finish();
  return std::make_unique<ModelSearch>(s);
}

}  // namespace tilewright
