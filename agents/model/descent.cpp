#include "agents/model/descent.h"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

#include "mdp/evaluation_archive.h"

namespace tilewright::model {
namespace {

// The best of a log, best first.
std::vector<const Evaluation*> best_of(std::span<const Evaluation> log, std::int64_t count) {
  std::vector<const Evaluation*> order;
  for (const Evaluation& e : log) order.push_back(&e);
  const auto most = std::min(order.size(), static_cast<std::size_t>(count));
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(most), order.end(),
                    [](const Evaluation* a, const Evaluation* b) {
                      return better(*a, *b) || (!better(*b, *a) && a < b);
                    });
  order.resize(most);
  return order;
}

}  // namespace

Descent::Descent(const Problem& problem, const DescentSettings& settings, const Evaluation& start,
                 DescentStreams streams, const std::shared_ptr<const Prior>& prior,
                 std::vector<ActionVector> hopes)
    : settings_(settings),
      has_prior_(prior != nullptr),
      random_(std::move(streams.first)),
      model_(problem, settings.model, std::move(streams.tune), prior),
      planner_(problem, settings.planner, std::move(streams.plan)),
      origin_(start.unit),
      log_{start},
      best_(start),
      hopes_(std::move(hopes)) {}

Descent::Descent(const Problem& problem, const DescentSettings& settings, Confinement confinement,
                 DescentStreams streams, const std::shared_ptr<const Prior>& prior)
    : settings_(settings),
      has_prior_(prior != nullptr),
      random_(std::move(streams.first)),
      model_(problem, settings.model, std::move(streams.tune), prior),
      planner_(problem, settings.planner, std::move(streams.plan)),
      log_(std::move(confinement.seen)),
      seen_(std::ssize(log_)) {
  best_.violation = std::numeric_limits<double>::infinity();
  planner_.keep_to(confinement.mesh);
  origin_ = kept_to(confinement.start);
}

// Some coordinates of the start moved: enough to see which way each leads.
std::vector<ActionVector> Descent::first_designs() {
  std::vector<ActionVector> designs(static_cast<std::size_t>(settings_.first), origin_);
  for (ActionVector& unit : designs) {
    for (double& u : unit) {
      if (random_.uniform() < settings_.first_share)
        u = std::clamp(u + settings_.first_step * random_.normal(), 0.0, 1.0);
    }
    unit = kept_to(unit);
  }
  if (seen_ > 0) designs.front() = origin_;  // which nobody evaluated
  return designs;
}

std::vector<ActionVector> Descent::next(std::set<ActionVector> known,
                                        const std::vector<ActionVector>& proposals) {
  const bool far = (has_prior_ || seen_ > 0) && batches_ < settings_.far_batches;
  if (batches_++ == 0) {
    if (!has_prior_ || seen_ > 0) return first_designs();
    if (!hopes_.empty()) {
      const auto tried = std::min(std::ssize(hopes_), settings_.hopes);
      return {hopes_.begin(), hopes_.begin() + tried};
    }
  }
  // An earlier search with nothing better than the start says little: look around first.
  if (batches_ == 2 && !hopes_.empty() && !better(best_, log_.front())) return first_designs();
  model_.learn(log_, batches_ <= 3 || batches_ % settings_.tune_every == 0);
  constexpr double kWorstScore = 2;  // which any feasible design improves on
  const double best = best_.feasible ? best_.score : kWorstScore;
  std::vector<ActionVector> starts, chosen;
  const auto mine = std::span<const Evaluation>(log_).last(static_cast<std::size_t>(own()));
  for (const Evaluation* e : best_of(mine, settings_.planner.elites)) starts.push_back(e->unit);
  std::vector<ActionVector> all = proposals;
  if (far) all.insert(all.end(), hopes_.begin(), hopes_.end());
  for (std::int64_t i = 0; i < settings_.batch; ++i) {
    const Point point =
        planner_.plan(model_, best, starts, all, known, far ? settings_.far_rounds : 1);
    model_.pretend(point);
    known.insert(point.unit);
    chosen.push_back(point.unit);
  }
  return chosen;
}

void Descent::observe(const std::vector<Evaluation>& evaluations) {
  for (const Evaluation& e : evaluations) {
    log_.push_back(e);
    if (better(e, best_)) best_ = e;
  }
}

void Descent::persist(StateArchive& archive) {
  archive(random_, origin_, log_, seen_, best_, hopes_, batches_);
  model_.persist(archive);
  planner_.persist(archive);
}

}  // namespace tilewright::model
