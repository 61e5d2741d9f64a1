#include "agents/torch/sac_searcher.h"

#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <utility>

#include "agents/torch/cheap_evaluation.h"
#include "agents/torch/convergence.h"
#include "agents/torch/design_task.h"
#include "agents/torch/sac_settings.h"
#include "agents/torch/transfer.h"
#include "mdp/evaluation_archive.h"

namespace tilewright::rl {
namespace {

constexpr std::size_t kRewardWindow = 256;

// What a row of diagnostics says beside the agent's status.
struct Watched {
  double epsilon = 0, reward = 0;
  double plan_gain = 0;   // return that MPC expects beyond the policy's
  double confidence = 0;  // of the correction in what was evaluated
  double imagined = 0;    // cheap evaluations in the place of this one, before it
  double updates = 0;     // so far
};

// A step that was chosen, as the parts that rate it want it.
struct Choice {
  std::vector<float> action;
  Tensor state, step;  // [states] normalised, [steps]
};

// One search: the agent, what it learns besides, and the walk.
class Run {
 public:
  Run(const SacSearchSettings& settings, Oracle& oracle,
      std::function<void(const SacStatus&, const WorldLearner*, const Watched&)> note);
  void search();
  void persist(StateArchive& archive);
  std::string learned() { return learned_by(agent_); }

 private:
  std::vector<float> any_action() {
    return settings_.loop.sparse_exploration ? sparse_action(random_) : dense_action(random_);
  }
  Choice choose();
  std::vector<float> planned(const std::vector<float>& own, const Tensor& state);
  bool imagine(const Choice& choice);
  void take(const Choice& choice);
  void learn();
  void begin();
  double best_score() const;
  Tensor normalised(const Evaluation& e) const;

  const SacSearchSettings settings_;
  Oracle& oracle_;
  std::function<void(const SacStatus&, const WorldLearner*, const Watched&)> note_;
  RandomStream random_;
  SacAgent agent_;
  std::optional<Lookahead> lookahead_;
  std::optional<CheapEvaluation> cheap_;
  Environment walk_;
  EpsilonSchedule epsilon_;
  Convergence convergence_;
  Evaluation best_;
  std::vector<double> rewards_;
  std::int64_t stale_ = 0;
  bool begun_ = false;
  Watched watched_;
};

Run::Run(const SacSearchSettings& settings, Oracle& oracle,
         std::function<void(const SacStatus&, const WorldLearner*, const Watched&)> note)
    : settings_(settings),
      oracle_(oracle),
      note_(std::move(note)),
      random_(oracle.stream("sac/explore")),
      agent_(design_shape(), settings.sac, gains_of(oracle.problem().box()),
             oracle.stream("sac/networks").bits(), oracle.stream("sac/replay"), kNotes),
      walk_(oracle.problem(), [this](const ActionVector& unit) { return oracle_.evaluate(unit); },
            {static_cast<int>(settings.loop.horizon), settings.loop.reward}),
      epsilon_(oracle.remaining(), settings.loop.epsilon, settings.loop.epsilon_least),
      convergence_(settings.loop.stop_patience),
      best_(oracle.log().front()) {
  if (settings.loop.world_model) {
    lookahead_.emplace(agent_.policy(), settings.lookahead, oracle.stream("sac/world").bits(),
                       oracle.stream("sac/plan"));
    lookahead_->observe(outcome_of(best_));
  }
  if (settings.loop.correction) {
    cheap_.emplace(oracle.problem(), settings.correction, oracle.options().free_model,
                   oracle.stream("sac/correction").bits(), oracle.stream("sac/bootstrap"));
  }
  if (!settings.loop.scale_rewards) agent_.set_reward_scale({0, 1, false});
  start_learned(agent_, oracle.options().earlier_learned);
}

Tensor Run::normalised(const Evaluation& e) const {
  const PolicyState seen = policy_state(e.state);
  return agent_.normaliser().apply(torch::tensor(at::ArrayRef<float>(seen)));
}

double Run::best_score() const {
  return best_.feasible ? best_.score : std::numeric_limits<double>::infinity();
}

// MPC on the policy's action, where the world model is worth it.
std::vector<float> Run::planned(const std::vector<float>& own, const Tensor& state) {
  watched_.plan_gain = 0;
  const bool plan =
      lookahead_ && lookahead_->ready() && epsilon_.value() < settings_.loop.mpc_epsilon;
  if (!plan) return own;
  const MpcPlan better =
      lookahead_->improve({state.data_ptr<float>(), static_cast<std::size_t>(state.numel())}, own);
  watched_.plan_gain = better.value - better.policy_value;
  return better.action;
}

Choice Run::choose() {
  const SacLoop& loop = settings_.loop;
  const PolicyState seen = policy_state(walk_.current().state);
  const bool explore = oracle_.used() < loop.warmup || random_.uniform() < epsilon_.value();
  Choice choice;
  choice.state = normalised(walk_.current());
  if (explore) {
    choice.action = any_action();
    watched_.plan_gain = 0;
  } else {
    std::vector<std::vector<float>> proposals;
    for (std::int64_t i = 0; i < loop.proposals; ++i) proposals.push_back(any_action());
    choice.action = planned(agent_.act(seen, loop.candidates, proposals), choice.state);
  }
  choice.step =
      world_steps(design_shape(), torch::tensor(at::ArrayRef<float>(choice.action)).unsqueeze(0))
          .squeeze(0);
  return choice;
}

// True if the step need not be evaluated: then it is remembered as what is expected of it. The
// design's own places are known; the rest of where it arrives is the world model's.
bool Run::imagine(const Choice& choice) {
  if (!cheap_ || !lookahead_->ready()) return false;
  const ActionVector unit =
      step_from(walk_.current().unit, to_step(choice.action), oracle_.problem().box());
  const Figures base = cheap_->base(walk_.current(), unit);
  const CheapEvaluation::Verdict verdict =
      cheap_->judge(choice.state, choice.step, base, best_score());
  watched_.confidence = verdict.confidence;
  if (!verdict.enough) return false;
  const Lookahead::Arrival arrival = lookahead_->expect(choice.state, choice.step);
  const Tensor seen = agent_.normaliser().restore(arrival.state).contiguous();
  std::vector<float> next(seen.data_ptr<float>(), seen.data_ptr<float>() + seen.numel());
  const auto places = policy_places_of_actions();
  for (std::size_t i = 0; i < kActionCount; ++i) next[places[i]] = static_cast<float>(unit[i]);
  const std::vector<float> notes(static_cast<std::size_t>(kNotes), 0.0F);
  const PolicyState before = policy_state(walk_.current().state);
  agent_.remember(
      {before, choice.action, agent_.reward_scale().restore(arrival.reward), next, notes});
  watched_.imagined += 1;
  return true;
}

// The evaluation, and what follows from it.
void Run::take(const Choice& choice) {
  const PolicyState before = policy_state(walk_.current().state);
  const Evaluation from = walk_.current();
  const double promised =
      lookahead_ && lookahead_->ready() ? lookahead_->expect(choice.state, choice.step).reward : 0;
  const double held = agent_.reward_scale().apply(walk_.reward_of(best_));
  const Environment::Step step = walk_.step(to_step(choice.action));
  const Evaluation& to = walk_.current();
  const PolicyState after = policy_state(to.state);
  std::vector<float> notes(static_cast<std::size_t>(kNotes), 0.0F);
  if (lookahead_) {
    const std::vector<float> weights =
        cheap_ ? cheap_->draw_weights() : std::vector<float>(kEnsemble, 1.0F);
    const Figures base = cheap_ ? cheap_->base(from, to.unit) : figures_of(outcome_of(from));
    notes = design_notes(base, outcome_of(to), weights);
    lookahead_->observe(outcome_of(to));
  }
  agent_.observe(after);
  agent_.remember({before, choice.action, step.reward, after, notes});
  rewards_.push_back(step.reward);
  watched_.epsilon = epsilon_.value();
  watched_.reward = step.reward;
  learn();
  note_(agent_.status(), lookahead_ ? &lookahead_->learner() : nullptr, watched_);
  watched_.imagined = watched_.confidence = 0;
  epsilon_.advance(!oracle_.archive().members().empty());
  const bool improved = better(to, best_);
  if (improved) best_ = to;
  stale_ = improved ? 0 : stale_ + 1;
  // Without a world model nobody promises anything.
  const double doubt = lookahead_ ? std::sqrt(lookahead_->learner().head_error()) : 0;
  convergence_.note(best_score(), lookahead_ && promised > held + doubt);
  if (step.done || stale_ >= settings_.loop.patience) {
    walk_.reset(pick_start(oracle_, best_, settings_.loop.starts, random_));
    stale_ = 0;
  }
}

void Run::learn() {
  if (oracle_.used() < settings_.loop.warmup) return;
  if (settings_.loop.scale_rewards) agent_.set_reward_scale(recent_scale(rewards_, kRewardWindow));
  for (std::int64_t i = 0; i < settings_.loop.updates; ++i) {
    const Batch batch = agent_.update();
    watched_.updates += 1;
    if (lookahead_) lookahead_->update(batch);
    if (cheap_) cheap_->update(batch);
  }
}

void Run::begin() {
  walk_.reset(best_);
  agent_.observe(policy_state(best_.state));
  watched_.epsilon = epsilon_.value();
  watched_.reward = walk_.reward_of(best_);
  rewards_ = {watched_.reward};
  note_(agent_.status(), nullptr, watched_);
  begun_ = true;
}

void Run::persist(StateArchive& archive) {
  agent_.persist(archive);
  if (lookahead_) lookahead_->persist(archive);
  if (cheap_) cheap_->persist(archive);
  walk_.persist(archive);
  epsilon_.persist(archive);
  convergence_.persist(archive);
  Watched& w = watched_;
  archive(random_, best_, rewards_, stale_, begun_, w.epsilon, w.reward, w.plan_gain, w.confidence,
          w.imagined, w.updates);
}

void Run::search() {
  if (!begun_) begin();
  while (!convergence_.reached()) {
    oracle_.rest();
    Choice choice = choose();
    for (std::int64_t i = 0; i < settings_.loop.imagined && imagine(choice); ++i) {
      choice = choose();
    }
    take(choice);
  }
}

class Sac final : public Searcher {
 public:
  Sac(std::string name, const SacSearchSettings& settings)
      : name_(std::move(name)), settings_(settings) {}
  std::string name() const override { return name_; }
  void run(Oracle& oracle) override {
    run_.emplace(settings_, oracle,
                 [this](const SacStatus& s, const WorldLearner* world, const Watched& w) {
                   note(s, world, w);
                 });
    oracle.persist_with([this](StateArchive& archive) {
      archive(rows_);
      run_->persist(archive);
    });
    run_->search();
  }
  std::string learned() override { return run_ ? run_->learned() : std::string(); }
  std::vector<std::string> diagnostics() const override {
    return {"epsilon",     "alpha",     "alpha_mesh",   "entropy",          "mesh_entropy",
            "critic_loss", "reward",    "gate_entropy", "gate_least_share", "world_error",
            "persistence", "plan_gain", "confidence",   "imagined",         "updates"};
  }
  std::vector<double> diagnostics_row(std::int64_t evaluation) const override {
    const auto row = static_cast<std::size_t>(evaluation);
    return row < rows_.size() ? rows_[row] : std::vector<double>(diagnostics().size(), 0.0);
  }

 private:
  void note(const SacStatus& s, const WorldLearner* world, const Watched& w) {
    rows_.push_back({w.epsilon, s.alpha.moves, s.alpha.choices, s.entropy, s.choice_entropy,
                     s.critic_loss, w.reward, s.gate.entropy, s.gate.least_share,
                     world != nullptr ? world->transition_error() : 0,
                     world != nullptr ? world->persistence() : 0, w.plan_gain, w.confidence,
                     w.imagined, w.updates});
  }

  std::string name_;
  SacSearchSettings settings_;
  std::optional<Run> run_;
  std::vector<std::vector<double>> rows_;
};

}  // namespace

std::unique_ptr<Searcher> make_sac(const SearchOptions& options) {
  return std::make_unique<Sac>("sac", read_sac_settings("sac", sac_settings(), options));
}

std::unique_ptr<Searcher> make_paper(const SearchOptions& options) {
  return std::make_unique<Sac>("paper", read_sac_settings("paper", paper_settings(), options));
}

}  // namespace tilewright::rl
