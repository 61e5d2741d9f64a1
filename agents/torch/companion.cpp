#include "agents/torch/companion.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "agents/torch/design_task.h"
#include "agents/torch/tensor_archive.h"
#include "agents/torch/transfer.h"
#include "mdp/environment.h"

namespace tilewright::rl {
namespace {

constexpr std::size_t kRewardWindow = 256;
constexpr std::size_t kReachWindow = 1000;  // newest designs that a step may come from
constexpr std::size_t kNeighbours = 2;      // steps remembered to and from a design
constexpr double kRounding = 1e-6;

// The step between two designs, if there is one: moves within -1..1, mesh deltas within two tiles.
std::optional<std::vector<float>> step_between(const Evaluation& from, const Evaluation& to) {
  const Shape& shape = design_shape();
  std::vector<float> action(static_cast<std::size_t>(shape.inputs()), 0.0F);
  for (std::size_t i = 0; i < kMeshActions; ++i) {
    const double delta = to.design[i] - from.design[i];
    if (std::abs(delta) > kMeshDeltaMax + kRounding) return std::nullopt;
    const auto choice = static_cast<std::size_t>(std::lround(delta) + kMeshDeltaMax);
    action[i * static_cast<std::size_t>(shape.choices) + choice] = 1;
  }
  const auto moves = static_cast<std::size_t>(shape.one_hot());
  for (std::size_t i = kMeshActions; i < kActionCount; ++i) {
    const double move = (to.unit[i] - from.unit[i]) / kStepSize;
    if (std::abs(move) > 1 + kRounding) return std::nullopt;
    action[moves + i - kMeshActions] = static_cast<float>(std::clamp(move, -1.0, 1.0));
  }
  return action;
}

double distance(const Evaluation& a, const Evaluation& b) {
  double sum = 0;
  for (std::size_t i = 0; i < kActionCount; ++i) sum += std::pow(a.unit[i] - b.unit[i], 2);
  return sum;
}

std::vector<Evaluation> best_of(const std::vector<Evaluation>& log, std::int64_t count) {
  std::vector<Evaluation> best(std::min(log.size(), static_cast<std::size_t>(count)));
  std::partial_sort_copy(log.begin(), log.end(), best.begin(), best.end(), better);
  return best;
}

void persist_status(StateArchive& archive, Companion::Status& s) {
  persist(archive, s.sac);
  archive(s.world_error, s.persistence, s.plan_gain, s.transitions, s.updates);
}

}  // namespace

CompanionSettings companion_settings() {
  CompanionSettings s;
  s.sac.experts = 4;
  s.sac.batch = 64;  // at 256 it would take most of a search's time
  return s;
}

Companion::Companion(Oracle& oracle, const CompanionSettings& settings, const std::string& name)
    : oracle_(oracle),
      box_(oracle.problem().box()),
      settings_(settings),
      agent_(design_shape(), settings.sac, gains_of(box_), oracle.stream(name + "/networks").bits(),
             oracle.stream(name + "/replay"), kNotes),
      random_(oracle.stream(name + "/explore")) {
  if (settings.world_model) {
    lookahead_.emplace(agent_.policy(), settings.lookahead, oracle.stream(name + "/world").bits(),
                       oracle.stream(name + "/plan"));
  }
  start_learned(agent_, oracle.options().earlier_learned);
}

void Companion::wait() {
  if (working_.valid()) done_ = working_.get();
}

void Companion::learn() {
  const std::vector<Evaluation>& log = oracle_.log();
  const auto count = std::ssize(log) - static_cast<std::int64_t>(seen_);
  if (count == 0) return;
  wait();
  if (done_) {
    ready_ = std::move(done_->proposals);
    status_ = done_->status;
    done_.reset();
  }
  while (seen_ < log.size()) remember(seen_++);
  agent_.set_reward_scale(recent_scale(rewards_, kRewardWindow));
  // With one thread the work is done when it is asked for; what it gives is the same.
  const auto when = oracle_.options().threads > 1 ? std::launch::async : std::launch::deferred;
  working_ = std::async(when, [this, count, elites = best_of(log, settings_.elites)] {
    at::set_num_threads(1);  // a setting of the thread
    return work(count, elites);
  });
}

// A design is what a step from its nearest neighbours leads to, and they are where a step from it
// leads.
void Companion::remember(std::size_t evaluation) {
  const std::vector<Evaluation>& log = oracle_.log();
  const Evaluation& e = log[evaluation];
  agent_.observe(policy_state(e.state));
  if (lookahead_) lookahead_->observe(outcome_of(e));
  rewards_.push_back(e.reward);
  std::vector<std::pair<double, const Evaluation*>> near;
  for (std::size_t i = evaluation - std::min(evaluation, kReachWindow); i < evaluation; ++i) {
    if (step_between(log[i], e)) near.emplace_back(distance(log[i], e), &log[i]);
  }
  const auto most = static_cast<std::ptrdiff_t>(std::min(near.size(), kNeighbours));
  std::partial_sort(near.begin(), near.begin() + most, near.end(),
                    [](const auto& a, const auto& b) {
                      return a.first != b.first ? a.first < b.first : a.second < b.second;
                    });
  for (std::ptrdiff_t i = 0; i < most; ++i) {
    const Evaluation& other = *near[static_cast<std::size_t>(i)].second;
    remember_step(other, e);
    remember_step(e, other);
  }
}

void Companion::remember_step(const Evaluation& from, const Evaluation& to) {
  const auto action = step_between(from, to);
  const PolicyState before = policy_state(from.state), after = policy_state(to.state);
  const std::vector<float> weights(kEnsemble, 1.0F);
  const std::vector<float> notes =
      design_notes(figures_of(outcome_of(from)), outcome_of(to), weights);
  agent_.remember({before, *action, to.reward, after, notes});
  ++transitions_;
}

// The first proposal starts from the best design there was a batch ago.
ActionVector Companion::step(const Evaluation& best) {
  if (!ready_.empty() && random_.uniform() >= settings_.epsilon) return ready_.front();
  return step_from(best.unit, to_step(sparse_action(random_)), box_);
}

void Companion::persist(StateArchive& archive) {
  wait();
  agent_.persist(archive);
  if (lookahead_) lookahead_->persist(archive);
  bool pending = done_.has_value();
  archive(seen_, rewards_, transitions_, updates_, ready_, random_, pending);
  archive.require(seen_ <= oracle_.log().size());
  persist_status(archive, status_);
  if (!pending) return;
  if (!done_) done_.emplace();
  archive(done_->proposals);
  persist_status(archive, done_->status);
}

std::string Companion::learned() {
  wait();
  return learned_by(agent_);
}

Companion::Outcomes Companion::work(std::int64_t evaluations, std::vector<Evaluation> elites) {
  Outcomes out;
  if (transitions_ >= settings_.warmup) {
    for (std::int64_t i = 0; i < evaluations * settings_.updates; ++i) {
      const Batch batch = agent_.update();
      if (lookahead_) lookahead_->update(batch);
      ++updates_;
    }
  }
  if (updates_ > 0) {
    for (const Evaluation& elite : elites) propose_from(elite, out);
  }
  out.status.sac = agent_.status();
  out.status.transitions = transitions_;
  out.status.updates = updates_;
  if (lookahead_) {
    out.status.world_error = lookahead_->learner().transition_error();
    out.status.persistence = lookahead_->learner().persistence();
  }
  return out;
}

void Companion::propose_from(const Evaluation& elite, Outcomes& out) {
  const PolicyState state = policy_state(elite.state);
  const Tensor seen =
      agent_.normaliser().apply(torch::tensor(at::ArrayRef<float>(state))).contiguous();
  for (std::int64_t i = 0; i < settings_.proposals; ++i) {
    std::vector<float> action = agent_.act(state, 1);
    if (settings_.mpc && lookahead_ && lookahead_->ready()) {
      MpcPlan plan = lookahead_->improve(
          {seen.data_ptr<float>(), static_cast<std::size_t>(seen.numel())}, action);
      out.status.plan_gain = plan.value - plan.policy_value;
      action = std::move(plan.action);
    }
    out.proposals.push_back(step_from(elite.unit, to_step(action), box_));
  }
}

}  // namespace tilewright::rl
