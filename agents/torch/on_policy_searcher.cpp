#include "agents/torch/on_policy_searcher.h"

#include <functional>
#include <utility>

#include "agents/settings.h"
#include "agents/torch/design_task.h"
#include "agents/torch/on_policy.h"
#include "agents/torch/starts.h"
#include "mdp/evaluation_archive.h"

namespace tilewright::rl {

template <class Archive>
void serialize(Archive& archive, WalkStep& s) {
  archive(s.state, s.action, s.reward, s.next_state, s.cut);
}

namespace {

struct WalkSettings {
  std::int64_t horizon = 32;
  std::int64_t round = 128;  // evaluations between two times of learning
  StartShares starts;
  RewardForm reward = RewardForm::kDefault;
};

using MakeLearner = std::function<std::unique_ptr<OnPolicyLearner>(std::uint64_t seed)>;

class OnPolicySearch final : public Searcher {
 public:
  OnPolicySearch(std::string name, const WalkSettings& settings, MakeLearner make)
      : name_(std::move(name)), settings_(settings), make_(std::move(make)) {}
  std::string name() const override { return name_; }
  void run(Oracle& oracle) override;
  std::vector<std::string> diagnostics() const override {
    return {"entropy",  "policy_loss",  "value_loss",       "clipped",
            "baseline", "gate_entropy", "gate_least_share", "reward"};
  }
  std::vector<double> diagnostics_row(std::int64_t evaluation) const override {
    const auto row = static_cast<std::size_t>(evaluation);
    return row < rows_.size() ? rows_[row] : std::vector<double>(diagnostics().size(), 0.0);
  }

 private:
  void note(const OnPolicyStatus& s, double reward) {
    rows_.push_back({s.entropy, s.policy_loss, s.value_loss, s.clipped, s.baseline, s.gate.entropy,
                     s.gate.least_share, reward});
  }

  std::string name_;
  WalkSettings settings_;
  MakeLearner make_;
  std::vector<std::vector<double>> rows_;
};

std::vector<float> row_of(const Tensor& rows) {
  const Tensor held = rows.contiguous();
  return {held.data_ptr<float>(), held.data_ptr<float>() + held.numel()};
}

std::vector<float> seen(const Evaluation& e) {
  const PolicyState state = policy_state(e.state);
  return {state.begin(), state.end()};
}

void OnPolicySearch::run(Oracle& oracle) {
  const auto learner = make_(oracle.stream(name_ + "/networks").bits());
  RandomStream random = oracle.stream(name_ + "/starts");
  Environment walk(oracle.problem(),
                   [&](const ActionVector& unit) { return oracle.evaluate(unit); },
                   {static_cast<int>(settings_.horizon), settings_.reward});
  Evaluation best = oracle.log().front();
  std::vector<WalkStep> steps;
  oracle.persist_with([&](StateArchive& archive) {
    learner->persist(archive);
    walk.persist(archive);
    archive(rows_, random, best, steps);
  });
  if (rows_.empty()) {
    walk.reset(best);
    note(learner->status(), walk.reward_of(best));
  }
  while (true) {
    oracle.rest();
    WalkStep s;
    s.state = seen(walk.current());
    const Tensor raw = learner->act(torch::tensor(at::ArrayRef<float>(s.state)).unsqueeze(0));
    s.action = row_of(raw);
    const Environment::Step step = walk.step(to_step(row_of(squashed(learner->shape(), raw))));
    s.reward = step.reward;
    s.next_state = seen(walk.current());
    steps.push_back(std::move(s));
    note(learner->status(), step.reward);
    if (better(walk.current(), best)) best = walk.current();
    const bool full = static_cast<std::int64_t>(steps.size()) >= settings_.round;
    if (step.done || full) {
      steps.back().cut = true;
      walk.reset(pick_start(oracle, best, settings_.starts, random));
    }
    if (full) {
      learner->learn(steps);
      steps.clear();
    }
  }
}

WalkSettings read_walk(SettingsReader& reader) {
  WalkSettings w;
  w.horizon = reader.integer("horizon", w.horizon, 1, 10000);
  w.round = reader.integer("round", w.round, 1, 1000000);
  w.reward = parse_reward_form(reader.text("reward", "default"));
  return w;
}

}  // namespace

std::unique_ptr<Searcher> make_ppo(const SearchOptions& options) {
  SettingsReader reader("ppo", options);
  const WalkSettings walk = read_walk(reader);
  PpoSettings p;
  p.hidden = reader.integer("hidden", p.hidden, 8, 4096);
  p.experts = reader.integer("experts", p.experts, 1, 64);
  p.discount = reader.number("discount", p.discount, 0, 0.9999);
  p.lambda = reader.number("lambda", p.lambda, 0, 1);
  p.clip = reader.number("clip", p.clip, 0.001, 10);
  p.entropy_weight = reader.number("entropy_weight", p.entropy_weight, 0, 10);
  p.learning_rate = reader.number("learning_rate", p.learning_rate, 1e-7, 1);
  p.epochs = static_cast<int>(reader.integer("epochs", p.epochs, 1, 1000));
  p.minibatch = reader.integer("minibatch", p.minibatch, 1, 100000);
  reader.finish();
  return std::make_unique<OnPolicySearch>("ppo", walk, [p](std::uint64_t seed) {
    return std::make_unique<Ppo>(design_shape(), p, seed);
  });
}

std::unique_ptr<Searcher> make_reinforce(const SearchOptions& options) {
  SettingsReader reader("reinforce", options);
  const WalkSettings walk = read_walk(reader);
  ReinforceSettings r;
  r.hidden = reader.integer("hidden", r.hidden, 8, 4096);
  r.experts = reader.integer("experts", r.experts, 1, 64);
  r.discount = reader.number("discount", r.discount, 0, 0.9999);
  r.entropy_weight = reader.number("entropy_weight", r.entropy_weight, 0, 10);
  r.learning_rate = reader.number("learning_rate", r.learning_rate, 1e-7, 1);
  reader.finish();
  return std::make_unique<OnPolicySearch>("reinforce", walk, [r](std::uint64_t seed) {
    return std::make_unique<Reinforce>(design_shape(), r, seed);
  });
}

}  // namespace tilewright::rl
