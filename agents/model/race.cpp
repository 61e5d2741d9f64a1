#include "agents/model/race.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "agents/model/priors.h"

namespace tilewright::model {
namespace {

// The best of an earlier search, in the unit box of this one.
std::vector<ActionVector> best_designs(const std::vector<Evaluation>& log, std::int64_t count,
                                       const DesignBox& box) {
  std::vector<Evaluation> best(std::min(log.size(), static_cast<std::size_t>(count)));
  std::partial_sort_copy(log.begin(), log.end(), best.begin(), best.end(), better);
  std::vector<ActionVector> units;
  for (const Evaluation& e : best) units.push_back(to_unit(project(e.design, box), box));
  return units;
}

}  // namespace

RaceSettings read_race_settings(SettingsReader& reader, RaceSettings s) {
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
  s.descents = reader.integer("descents", s.descents, 0, 1000);
  s.share = reader.number("race", s.share, 0, 1);
  s.hopes = reader.integer("hopes", s.hopes, 0, 1000);
  return s;
}

Race::Race(Oracle& oracle, const RaceSettings& settings, const std::string& name, RaceHooks hooks)
    : oracle_(oracle), settings_(settings), name_(name), hooks_(std::move(hooks)) {
  constexpr std::int64_t kEvaluationsADescent = 575, kMostDescents = 8;
  const SearchOptions& options = oracle.options();
  if (options.free_model) {
    prior_ = closed_form_prior(oracle.problem());
  } else if (!options.earlier.empty()) {
    prior_ = earlier_prior(oracle.problem(), settings.descent.model, options.earlier,
                           oracle.stream(name + "/earlier"));
    hopes_ = best_designs(options.earlier, settings.hopes, oracle.problem().box());
  }
  std::int64_t count = settings.descents;
  if (count == 0)
    count = std::clamp<std::int64_t>(oracle.remaining() / kEvaluationsADescent, 1, kMostDescents);
  for (std::int64_t i = 0; i < count; ++i) runners_.push_back(make_runner(i));
}

Race::Runner Race::make_runner(std::int64_t number) const {
  const auto stream = [&](const std::string& use) {
    return oracle_.stream(name_ + "/" + use + "/" + std::to_string(number));
  };
  DescentSettings settings = settings_.descent;
  settings.first = std::clamp<std::int64_t>(oracle_.options().evaluations / 10, 8, settings.first);
  return {number, Descent(oracle_.problem(), settings, oracle_.log().front(),
                          {stream("first"), stream("tune"), stream("plan")}, prior_, hopes_)};
}

// Until the descent has seen so many; the oracle ends it earlier when the budget is spent.
void Race::advance(Runner& runner, std::int64_t evaluations) {
  Descent& descent = runner.descent;
  using Designs = std::vector<ActionVector>;
  while (std::ssize(descent.log()) < evaluations) {
    Designs chosen = descent.next(known_, hooks_.propose ? hooks_.propose(descent) : Designs{});
    for (const ActionVector& unit : hooks_.insist ? hooks_.insist(descent) : Designs{}) {
      if (!known_.contains(unit)) chosen.push_back(unit);
    }
    if (hooks_.chosen) hooks_.chosen(runner.number, descent, chosen);
    const auto evaluated = oracle_.evaluate(chosen);
    for (const Evaluation& e : evaluated) known_.insert(e.unit);
    descent.observe(evaluated);
    if (hooks_.evaluated) hooks_.evaluated(evaluated);
  }
}

void Race::halve() {
  runners_.sort([](const Runner& a, const Runner& b) {  // stable
    return better(a.descent.best(), b.descent.best());
  });
  const std::size_t left = (runners_.size() + 1) / 2;
  while (runners_.size() > left) runners_.pop_back();
}

void Race::run() {
  // Rounds of halving, each with an equal part of the race.
  const auto rounds = std::max(1.0, std::ceil(std::log2(static_cast<double>(runners_.size()))));
  const double part = settings_.share * static_cast<double>(oracle_.remaining()) / rounds;
  double seen = 0;
  while (runners_.size() > 1) {
    seen += part / static_cast<double>(runners_.size());
    for (Runner& runner : runners_) advance(runner, static_cast<std::int64_t>(seen));
    halve();
  }
  while (true) advance(runners_.front(), std::ssize(runners_.front().descent.log()) + 1);
}

}  // namespace tilewright::model
