#include "agents/torch/hybrid.h"

#include <algorithm>

#include "agents/model/race.h"
#include "agents/settings.h"
#include "agents/torch/companion.h"
#include "support/state_archive.h"

namespace tilewright::rl {
namespace {

struct Settings {
  model::RaceSettings race;
  CompanionSettings companion;
  bool policy = true;
  bool steps = true;  // the policy takes a step of its own with every batch
};

Settings read_settings(const SearchOptions& options) {
  SettingsReader reader("hybrid", options);
  Settings s;
  s.race = model::read_race_settings(reader);
  s.companion = companion_settings();
  CompanionSettings& c = s.companion;
  s.policy = reader.flag("policy", s.policy);
  s.steps = reader.flag("steps", s.steps);
  c.epsilon = reader.number("epsilon", c.epsilon, 0, 1);
  c.sac.batch = reader.integer("batch", c.sac.batch, 1, 4096);
  c.sac.experts = reader.integer("experts", c.sac.experts, 1, 64);
  c.sac.replay.exponent = reader.number("priority_exponent", c.sac.replay.exponent, 0, 1);
  c.sac.layer_norm = reader.flag("layer_norm", c.sac.layer_norm);
  c.sac.discount = reader.number("discount", c.sac.discount, 0, 0.9999);
  c.world_model = reader.flag("world_model", c.world_model);
  c.mpc = reader.flag("mpc", c.mpc);
  c.updates = reader.integer("updates", c.updates, 0, 100);
  c.elites = reader.integer("proposal_starts", c.elites, 1, 1000);
  c.proposals = reader.integer("proposals", c.proposals, 0, 1000);
  reader.finish();
  return s;
}

class Hybrid final : public Searcher {
 public:
  explicit Hybrid(const Settings& settings) : settings_(settings) {}
  std::string name() const override { return "hybrid"; }
  bool plans_with_free_model() const override { return true; }

  std::vector<std::string> diagnostics() const override {
    return {"descent",          "noise",       "rough_variance", "proposed",    "alpha",
            "alpha_mesh",       "entropy",     "mesh_entropy",   "critic_loss", "gate_entropy",
            "gate_least_share", "world_error", "persistence",    "plan_gain",   "updates"};
  }
  std::vector<double> diagnostics_row(std::int64_t evaluation) const override {
    const auto row = static_cast<std::size_t>(evaluation);
    return row < rows_.size() ? rows_[row] : std::vector<double>(diagnostics().size(), 0.0);
  }

  void run(Oracle& oracle) override {
    if (settings_.policy) companion_.emplace(oracle, settings_.companion, "hybrid");
    model::Race race(oracle, settings_.race, "model", hooks(oracle));
    oracle.persist_with([&](StateArchive& archive) {
      archive(rows_);
      if (companion_) companion_->persist(archive);
      race.persist(archive);
    });
    if (companion_) companion_->learn();
    race.run();
  }
  std::string learned() override { return companion_ ? companion_->learned() : std::string(); }

 private:
  model::RaceHooks hooks(const Oracle& oracle) {
    model::RaceHooks hooks;
    hooks.chosen = [&](std::int64_t number, const model::Descent& descent,
                       const std::vector<ActionVector>& batch) {
      note(oracle, number, descent, batch);
    };
    if (!companion_) return hooks;
    hooks.propose = [&](const model::Descent&) { return companion_->proposals(); };
    hooks.evaluated = [&] { companion_->learn(); };
    if (!settings_.steps) return hooks;
    hooks.insist = [&](const model::Descent& descent) {
      return std::vector<ActionVector>{companion_->step(descent.best())};
    };
    return hooks;
  }

  void note(const Oracle& oracle, std::int64_t number, const model::Descent& descent,
            const std::vector<ActionVector>& batch) {
    const auto width = diagnostics().size();
    rows_.resize(static_cast<std::size_t>(oracle.used()), std::vector<double>(width, 0.0));
    const model::Kernel& kernel = descent.model().kernel();
    const Companion::Status status = companion_ ? companion_->status() : Companion::Status{};
    const SacStatus& sac = status.sac;
    for (const ActionVector& unit : batch) {
      const bool proposed = companion_ && is_proposal(companion_->proposals(), unit);
      rows_.push_back({static_cast<double>(number), kernel.noise, kernel.rough_variance,
                       proposed ? 1.0 : 0.0, sac.alpha.moves, sac.alpha.choices, sac.entropy,
                       sac.choice_entropy, sac.critic_loss, sac.gate.entropy, sac.gate.least_share,
                       status.world_error, status.persistence, status.plan_gain,
                       static_cast<double>(status.updates)});
    }
  }

  static bool is_proposal(const std::vector<ActionVector>& proposals, const ActionVector& unit) {
    return std::find(proposals.begin(), proposals.end(), unit) != proposals.end();
  }

  Settings settings_;
  std::optional<Companion> companion_;
  std::vector<std::vector<double>> rows_;
};

}  // namespace

std::unique_ptr<Searcher> make_hybrid(const SearchOptions& options) {
  return std::make_unique<Hybrid>(read_settings(options));
}

}  // namespace tilewright::rl
