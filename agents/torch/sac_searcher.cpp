#include "agents/torch/sac_searcher.h"

#include <algorithm>

#include "agents/settings.h"
#include "agents/torch/sac.h"

namespace tilewright::rl {
namespace {

constexpr std::size_t kRewardWindow = 256;

struct LoopSettings {
  // Evaluations before the first update; 0: a tenth of the budget, 1000 at most.
  std::int64_t warmup = 0;
  std::int64_t updates = 1;  // an evaluation
  std::int64_t horizon = 32;
  std::int64_t candidates = 8;  // actions of the policy that the critics choose from
  std::int64_t proposals = 64;  // actions of epsilon's kind among them
  std::int64_t patience = 1;  // steps without a better design after which a trajectory is given up
  double epsilon = 0.5, epsilon_least = 0.1;
  RewardForm reward = RewardForm::kDefault;
};

struct Settings {
  SacSettings sac;
  LoopSettings loop;
};

Settings read_settings(const SearchOptions& options) {
  SettingsReader reader("sac", options);
  Settings s;
  SacSettings& a = s.sac;
  a.hidden = reader.integer("hidden", a.hidden, 8, 4096);
  a.batch = reader.integer("batch", a.batch, 1, 4096);
  a.replay.capacity = reader.integer("capacity", a.replay.capacity, 1000, 10000000);
  a.replay.exponent = reader.number("priority_exponent", a.replay.exponent, 0, 1);
  a.replay.correction = reader.number("priority_correction", a.replay.correction, 0, 1);
  a.discount = reader.number("discount", a.discount, 0, 0.9999);
  a.target_rate = reader.number("target_rate", a.target_rate, 1e-6, 1);
  a.learning_rate = reader.number("learning_rate", a.learning_rate, 1e-7, 1);
  a.layer_norm = reader.integer("layer_norm", 1, 0, 1) == 1;
  a.temperature = reader.number("temperature", a.temperature, 1e-6, 10);
  a.temperature_rate = reader.number("temperature_rate", a.temperature_rate, 0, 1);
  a.entropy_target = reader.number("entropy_target", a.entropy_target, -1000, 18);
  LoopSettings& l = s.loop;
  l.warmup = reader.integer("warmup", 0, 0, 1000000);
  if (l.warmup == 0) l.warmup = std::clamp<std::int64_t>(options.evaluations / 10, 1, 1000);
  l.updates = reader.integer("updates", l.updates, 0, 100);
  l.horizon = reader.integer("horizon", l.horizon, 1, 10000);
  l.candidates = reader.integer("candidates", l.candidates, 1, 4096);
  l.proposals = reader.integer("proposals", l.proposals, 0, 4096);
  l.patience = reader.integer("patience", l.patience, 1, 10000);
  l.epsilon = reader.number("epsilon", l.epsilon, 1e-6, 1);
  l.epsilon_least = reader.number("epsilon_least", l.epsilon_least, 1e-6, 1);
  l.reward = parse_reward_form(reader.text("reward", "default"));
  reader.finish();
  return s;
}

StepAction to_step(const ActionInputs& inputs) {
  StepAction step;
  for (std::size_t head = 0; head < kMeshActions; ++head) {
    const auto* first = inputs.data() + head * static_cast<std::size_t>(kMeshChoices);
    const auto* most = std::max_element(first, first + kMeshChoices);
    step.mesh[head] = static_cast<int>(most - first) - kMeshDeltaMax;
  }
  for (std::size_t i = 0; i < kContinuousActions; ++i) {
    step.move[kMeshActions + i] = static_cast<double>(inputs[kMeshInputs + i]);
  }
  return step;
}

// Epsilon's random action: a few coordinates move, the others stay.
ActionInputs exploring_action(RandomStream& random) {
  constexpr double kMovedShare = 0.15;
  constexpr double kDeviation = 1;
  ActionInputs inputs{};
  for (std::int64_t head = 0; head < kMeshHeads; ++head) {
    std::int64_t choice = kMeshDeltaMax;
    if (random.uniform() < kMovedShare)
      choice = static_cast<std::int64_t>(random.below(kMeshChoices));
    inputs[static_cast<std::size_t>(head * kMeshChoices + choice)] = 1;
  }
  for (std::int64_t i = kMeshInputs; i < kActionInputs; ++i) {
    if (random.uniform() >= kMovedShare) continue;
    const double move = std::clamp(kDeviation * random.normal(), -1.0, 1.0);
    inputs[static_cast<std::size_t>(i)] = static_cast<float>(move);
  }
  return inputs;
}

std::vector<ActionInputs> exploring_actions(std::int64_t count, RandomStream& random) {
  std::vector<ActionInputs> actions;
  for (std::int64_t i = 0; i < count; ++i) actions.push_back(exploring_action(random));
  return actions;
}

// A unit of a move is a tenth of the box, a unit of a mesh delta one tile.
ActionGains gains_of(const DesignBox& box) {
  ActionGains gains{};
  gains.fill(static_cast<float>(kStepSize));
  for (std::size_t i = 0; i < kMeshActions; ++i) {
    gains[i] = static_cast<float>(1 / std::max(box.hi[i] - box.lo[i], 1.0));
  }
  return gains;
}

class Sac final : public Searcher {
 public:
  explicit Sac(const Settings& settings) : settings_(settings) {}
  std::string name() const override { return "sac"; }
  void run(Oracle& oracle) override;
  std::vector<std::string> diagnostics() const override {
    return {"epsilon", "alpha", "alpha_mesh", "entropy", "mesh_entropy", "critic_loss", "reward"};
  }
  std::vector<double> diagnostics_row(std::int64_t evaluation) const override {
    const auto row = static_cast<std::size_t>(evaluation);
    return row < rows_.size() ? rows_[row] : std::vector<double>(diagnostics().size(), 0.0);
  }

 private:
  void note(double epsilon, const SacStatus& status, double reward) {
    rows_.push_back({epsilon, status.alpha.moves, status.alpha.mesh, status.entropy,
                     status.mesh_entropy, status.critic_loss, reward});
  }

  Settings settings_;
  std::vector<std::vector<double>> rows_;
};

// Where a trajectory starts: mostly the best design so far, else another member of the archive
// picked by random weights, else the initial design.
const Evaluation& pick_start(const Oracle& oracle, const Evaluation& best, RandomStream& random) {
  constexpr double kFromBest = 0.7, kFromArchive = 0.25;
  const double draw = random.uniform();
  if (draw < kFromBest) return best;
  if (draw < kFromBest + kFromArchive) {
    std::array<double, 3> weights{};
    for (double& w : weights) w = random.uniform(0.05, 1);
    const Evaluation* member =
        oracle.archive().select(weights, oracle.problem().surrogate().references());
    if (member != nullptr) return *member;
  }
  return oracle.log().front();
}

void Sac::run(Oracle& oracle) {
  const LoopSettings& loop = settings_.loop;
  RandomStream random = oracle.stream("sac/explore");
  SacAgent agent(settings_.sac, gains_of(oracle.problem().box()),
                 oracle.stream("sac/networks").bits(), oracle.stream("sac/replay"));
  Environment walk(oracle.problem(),
                   [&](const ActionVector& unit) { return oracle.evaluate(unit); },
                   {static_cast<int>(loop.horizon), loop.reward});
  EpsilonSchedule epsilon(oracle.remaining(), loop.epsilon, loop.epsilon_least);

  Evaluation best = oracle.log().front();
  walk.reset(best);
  agent.observe(policy_state(best.state));
  note(epsilon.value(), agent.status(), walk.reward_of(best));
  std::int64_t stale = 0;
  std::vector<double> rewards{walk.reward_of(best)};
  while (true) {
    const PolicyState before = policy_state(walk.current().state);
    const bool explore = oracle.used() < loop.warmup || random.uniform() < epsilon.value();
    const ActionInputs action =
        explore ? exploring_action(random)
                : agent.act(before, loop.candidates, exploring_actions(loop.proposals, random));
    const Environment::Step step = walk.step(to_step(action));
    const PolicyState after = policy_state(walk.current().state);
    agent.observe(after);
    agent.remember(before, action, step.reward, after);
    rewards.push_back(step.reward);
    if (oracle.used() >= loop.warmup) {
      agent.set_reward_scale(recent_scale(rewards, kRewardWindow));
      for (std::int64_t i = 0; i < loop.updates; ++i) agent.update();
    }
    note(epsilon.value(), agent.status(), step.reward);
    epsilon.advance(!oracle.archive().members().empty());
    const bool improved = better(walk.current(), best);
    if (improved) best = walk.current();
    stale = improved ? 0 : stale + 1;
    if (step.done || stale >= loop.patience) {
      walk.reset(pick_start(oracle, best, random));
      stale = 0;
    }
  }
}

}  // namespace

std::unique_ptr<Searcher> make_sac(const SearchOptions& options) {
  return std::make_unique<Sac>(read_settings(options));
}

}  // namespace tilewright::rl
