#include "agents/model/race.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "agents/model/priors.h"
#include "support/state_archive.h"

namespace tilewright::model {
namespace {

constexpr std::int64_t kEarlierMost = 2000;  // designs of an earlier search that are looked at
// A mesh with one row or column more or less is a neighbour where that changes the number of tiles
// by at least a tenth; among larger ones a descent finds its way.
constexpr int kLongestJumpedSide = 10;

// The best of an earlier search, in the unit box of this one.
std::vector<ActionVector> best_designs(const std::vector<Evaluation>& log, std::int64_t count,
                                       const DesignBox& box) {
  std::vector<Evaluation> best(std::min(log.size(), static_cast<std::size_t>(count)));
  std::partial_sort_copy(log.begin(), log.end(), best.begin(), best.end(), better);
  std::vector<ActionVector> units;
  for (const Evaluation& e : best) units.push_back(to_unit(project(e.design, box), box));
  return units;
}

template <typename Runners>
void keep_best(Runners& runners, std::size_t count) {
  runners.sort([](const auto& a, const auto& b) {  // stable
    return better(a.descent.best(), b.descent.best());
  });
  while (runners.size() > count) runners.pop_back();
}

// The first, from `turn` on, that has fewer evaluations of its own than `seen`.
template <typename Runners>
auto* next_below(Runners& runners, double seen, std::int64_t& turn) {
  for (; turn < std::ssize(runners); ++turn) {
    auto& runner = *std::next(runners.begin(), turn);
    if (runner.descent.own() < static_cast<std::int64_t>(seen)) return &runner;
  }
  return static_cast<typename Runners::value_type*>(nullptr);
}

// What a challenger may come to: short of a margin, it will pay about as much to mend it.
double promise(const Evaluation& e) {
  return e.score + e.violation;
}

std::array<int, 2> mesh_of(const ActionVector& design) {
  return {static_cast<int>(std::lround(design[kMeshW])),
          static_cast<int>(std::lround(design[kMeshH]))};
}

std::vector<std::array<int, 2>> neighbours(const std::array<int, 2>& mesh, const DesignBox& box) {
  std::vector<std::array<int, 2>> found;
  for (const std::size_t side : {kMeshW, kMeshH}) {
    for (const int step : {-1, 1}) {
      std::array<int, 2> other = mesh;
      other[side] += step;
      const bool inside = other[side] >= box.lo[side] && other[side] <= box.hi[side];
      if (inside && mesh[side] <= kLongestJumpedSide) found.push_back(other);
    }
  }
  return found;
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
  s.challenge = reader.number("challenge", s.challenge, 0, 1);
  s.challenge_last = reader.number("challenge_last", s.challenge_last, 1, 100);
  s.challenge_first = reader.integer("challenge_first", s.challenge_first, 1, 1000);
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
  while (made_ < count) runners_.push_back(make_runner(made_++));
  settled_ = count == 1;
  known_.insert(oracle.log().front().unit);
}

DescentStreams Race::streams_of(std::int64_t number) const {
  const auto stream = [&](const std::string& use) {
    return oracle_.stream(name_ + "/" + use + "/" + std::to_string(number));
  };
  return {stream("first"), stream("tune"), stream("plan")};
}

DescentSettings Race::settings_of_descents() const {
  DescentSettings settings = settings_.descent;
  settings.hopes = oracle_.options().free_model ? settings_.l0_hopes : settings_.hopes;
  settings.first = std::clamp<std::int64_t>(oracle_.options().evaluations / 10, 8, settings.first);
  return settings;
}

Race::Runner Race::make_runner(std::int64_t number) const {
  return {number, Descent(oracle_.problem(), settings_of_descents(), oracle_.log().front(),
                          streams_of(number), prior_, hopes_)};
}

Race::Runner Race::make_challenger(std::int64_t number, const Mesh& mesh) const {
  const Descent& leader = runners_.front().descent;
  const DesignBox& box = oracle_.problem().box();
  ActionVector design = leader.best().design;
  for (const std::size_t side : {kMeshW, kMeshH}) design[side] = mesh[side];
  const ActionVector unit = to_unit(design, box);
  DescentSettings settings = settings_of_descents();
  settings.first = settings_.challenge_first;
  return {number,
          Descent(oracle_.problem(), settings,
                  Confinement{{unit[kMeshW], unit[kMeshH]}, leader.best().unit, leader.log()},
                  streams_of(number), prior_)};
}

// One batch; the oracle ends it when the budget is spent.
void Race::advance(Runner& runner) {
  using Designs = std::vector<ActionVector>;
  Descent& descent = runner.descent;
  Designs chosen = descent.next(known_, hooks_.propose ? hooks_.propose(descent) : Designs{});
  for (const ActionVector& unit : hooks_.insist ? hooks_.insist(descent) : Designs{}) {
    const ActionVector kept = descent.kept_to(unit);
    if (!known_.contains(kept)) chosen.push_back(kept);
  }
  if (hooks_.chosen) hooks_.chosen(runner.number, descent, chosen);
  const auto evaluated = oracle_.evaluate(chosen);
  for (const Evaluation& e : evaluated) known_.insert(e.unit);
  descent.observe(evaluated);
  if (hooks_.evaluated) hooks_.evaluated();
}

// Whose turn it is; nobody's when one is left.
Race::Runner* Race::next_racer() {
  while (runners_.size() > 1) {
    if (Runner* runner = next_below(runners_, seen_, turn_)) return runner;
    keep_best(runners_, (runners_.size() + 1) / 2);
    turn_ = 0;
    seen_ += part_ / static_cast<double>(runners_.size());
  }
  return nullptr;
}

// Whose turn it is; nobody's when the best has had its evaluations.
Race::Runner* Race::next_challenger() {
  const double share = settings_.challenge * static_cast<double>(oracle_.options().evaluations);
  if (Runner* runner = next_below(challengers_, seen_, turn_)) return runner;
  challengers_.sort([](const Runner& a, const Runner& b) {
    return promise(a.descent.best()) < promise(b.descent.best());
  });
  while (challengers_.size() > 1) challengers_.pop_back();
  turn_ = 0;
  seen_ = share * settings_.challenge_last;
  return next_below(challengers_, seen_, turn_);
}

Race::Runner& Race::next_runner() {
  if (Runner* runner = next_racer()) return *runner;
  while (true) {
    if (challengers_.empty() && !settled_) challenge();
    if (settled_) return runners_.front();
    if (Runner* runner = next_challenger()) return *runner;
    end_challenge();
  }
}

// Meshes that some descent has dwelt on had their chance.
void Race::challenge() {
  const Mesh leads = mesh_of(runners_.front().descent.best().design);
  const double share = settings_.challenge * static_cast<double>(oracle_.options().evaluations);
  std::map<Mesh, std::int64_t> seen;
  for (const Evaluation& e : oracle_.log()) ++seen[mesh_of(e.design)];
  for (const Mesh& mesh : neighbours(leads, oracle_.problem().box())) {
    if (static_cast<double>(seen[mesh]) < share)
      challengers_.push_back(make_challenger(made_++, mesh));
  }
  settled_ = challengers_.empty();
  seen_ = share;
  turn_ = 0;
}

// The best challenger leads if it is better, and is challenged in turn.
void Race::end_challenge() {
  Runner& challenger = challengers_.front();
  settled_ = !better(challenger.descent.best(), runners_.front().descent.best());
  if (!settled_) {
    challenger.descent.release();
    runners_.clear();
    runners_.splice(runners_.end(), challengers_, challengers_.begin());
  }
  challengers_.clear();
}

// Rounds of halving have equal parts of the race.
void Race::begin() {
  const auto rounds = std::max(1.0, std::ceil(std::log2(static_cast<double>(runners_.size()))));
  part_ = settings_.share * static_cast<double>(oracle_.remaining()) / rounds;
  seen_ = part_ / static_cast<double>(runners_.size());
  begun_ = true;
}

void Race::run() {
  if (!begun_) begin();
  while (true) {
    oracle_.rest();
    advance(next_runner());
  }
}

void Race::persist(StateArchive& archive) {
  const auto numbers_of = [](const Runners& runners) {
    std::vector<std::int64_t> numbers;
    for (const Runner& runner : runners) numbers.push_back(runner.number);
    return numbers;
  };
  std::vector<std::int64_t> numbers = numbers_of(runners_), challenging = numbers_of(challengers_);
  archive(begun_, part_, seen_, turn_, made_, settled_, numbers, challenging);
  if (archive.reads()) {
    archive.require(!numbers.empty());
    runners_.clear();
    for (const std::int64_t number : numbers) runners_.push_back(make_runner(number));
    for (const std::int64_t number : challenging)
      challengers_.push_back(make_challenger(number, {}));
    for (const Evaluation& e : oracle_.log()) known_.insert(e.unit);
  }
  for (Runner& runner : runners_) runner.descent.persist(archive);
  for (Runner& runner : challengers_) runner.descent.persist(archive);
}

}  // namespace tilewright::model
