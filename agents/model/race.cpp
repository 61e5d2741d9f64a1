#include "agents/model/race.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "agents/model/priors.h"
#include "support/state_archive.h"

namespace tilewright::model {
namespace {

constexpr std::int64_t kEarlierMost = 2000;  // designs of an earlier search that are looked at

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
  d.planner.least_step = reader.number("least_step", d.planner.least_step, 1e-6, 0.3);
  d.first = reader.integer("first", d.first, 1, 100000);
  d.first_step = reader.number("first_step", d.first_step, 0.001, 1);
  d.first_share = reader.number("first_share", d.first_share, 0.01, 1);
  d.batch = reader.integer("batch", d.batch, 1, 1000);
  d.tune_every = reader.integer("tune_every", d.tune_every, 1, 100000);
  d.far_batches = reader.integer("far_batches", d.far_batches, 0, 1000);
  s.descents = reader.integer("descents", s.descents, 0, 1000);
  s.share = reader.number("race", s.share, 0, 1);
  s.hopes = reader.integer("hopes", s.hopes, 0, 1000);
  s.l0_hopes = reader.integer("l0_hopes", s.l0_hopes, 0, 1000);
  return s;
}

Race::Race(Oracle& oracle, const RaceSettings& settings, const std::string& name, RaceHooks hooks)
    : oracle_(oracle), settings_(settings), name_(name), hooks_(std::move(hooks)) {
  constexpr std::int64_t kEvaluationsADescent = 575, kMostDescents = 8;
  const SearchOptions& options = oracle.options();
  if (options.free_model) {
    prior_ = closed_form_prior(oracle.problem());
    hopes_ = best_designs(search_closed_form(oracle.problem(), options.seed).log, kEarlierMost,
                          oracle.problem().box());
  } else if (!options.earlier.empty()) {
    prior_ = earlier_prior(oracle.problem(), settings.descent.model, options.earlier,
                           oracle.stream(name + "/earlier"));
    hopes_ = best_designs(options.earlier, kEarlierMost, oracle.problem().box());
  }
  std::int64_t count = settings.descents;
  if (count == 0)
    count = std::clamp<std::int64_t>(oracle.remaining() / kEvaluationsADescent, 1, kMostDescents);
  for (std::int64_t i = 0; i < count; ++i) runners_.push_back(make_runner(i));
  known_.insert(oracle.log().front().unit);
}

Race::Runner Race::make_runner(std::int64_t number) const {
  const auto stream = [&](const std::string& use) {
    return oracle_.stream(name_ + "/" + use + "/" + std::to_string(number));
  };
  DescentSettings settings = settings_.descent;
  settings.hopes = oracle_.options().free_model ? settings_.l0_hopes : settings_.hopes;
  settings.first = std::clamp<std::int64_t>(oracle_.options().evaluations / 10, 8, settings.first);
  return {number, Descent(oracle_.problem(), settings, oracle_.log().front(),
                          {stream("first"), stream("tune"), stream("plan")}, prior_, hopes_)};
}

// One batch; the oracle ends it when the budget is spent.
void Race::advance(Runner& runner) {
  using Designs = std::vector<ActionVector>;
  Descent& descent = runner.descent;
  Designs chosen = descent.next(known_, hooks_.propose ? hooks_.propose(descent) : Designs{});
  for (const ActionVector& unit : hooks_.insist ? hooks_.insist(descent) : Designs{}) {
    if (!known_.contains(unit)) chosen.push_back(unit);
  }
  if (hooks_.chosen) hooks_.chosen(runner.number, descent, chosen);
  const auto evaluated = oracle_.evaluate(chosen);
  for (const Evaluation& e : evaluated) known_.insert(e.unit);
  descent.observe(evaluated);
  if (hooks_.evaluated) hooks_.evaluated();
}

void Race::halve() {
  runners_.sort([](const Runner& a, const Runner& b) {  // stable
    return better(a.descent.best(), b.descent.best());
  });
  const std::size_t left = (runners_.size() + 1) / 2;
  while (runners_.size() > left) runners_.pop_back();
}

// Rounds of halving have equal parts of the race.
void Race::begin() {
  const auto rounds = std::max(1.0, std::ceil(std::log2(static_cast<double>(runners_.size()))));
  part_ = settings_.share * static_cast<double>(oracle_.remaining()) / rounds;
  seen_ = part_ / static_cast<double>(runners_.size());
  begun_ = true;
}

// Whose turn it is: the first that has not seen what its round gives it, or who is left.
Race::Runner& Race::next_runner() {
  while (runners_.size() > 1) {
    if (turn_ == std::ssize(runners_)) {
      halve();
      turn_ = 0;
      seen_ += part_ / static_cast<double>(runners_.size());
      continue;
    }
    Runner& runner = *std::next(runners_.begin(), turn_);
    if (std::ssize(runner.descent.log()) < static_cast<std::int64_t>(seen_)) return runner;
    ++turn_;
  }
  return runners_.front();
}

void Race::run() {
  if (!begun_) begin();
  while (true) {
    oracle_.rest();
    advance(next_runner());
  }
}

void Race::persist(StateArchive& archive) {
  std::vector<std::int64_t> numbers;
  for (const Runner& runner : runners_) numbers.push_back(runner.number);
  archive(begun_, part_, seen_, turn_, numbers);
  if (archive.reads()) {
    archive.require(!numbers.empty());
    runners_.clear();
    for (const std::int64_t number : numbers) runners_.push_back(make_runner(number));
    for (const Evaluation& e : oracle_.log()) known_.insert(e.unit);
  }
  for (Runner& runner : runners_) runner.descent.persist(archive);
}

}  // namespace tilewright::model
