#include "agents/torch/sac_settings.h"

#include <algorithm>

#include "agents/settings.h"
#include "support/error.h"

namespace tilewright::rl {
namespace {

void read_learner(SettingsReader& reader, SacSettings& a) {
  a.hidden = reader.integer("hidden", a.hidden, 8, 4096);
  a.experts = reader.integer("experts", a.experts, 1, 64);
  a.balance = reader.number("balance", a.balance, 0, 10);
  a.batch = reader.integer("batch", a.batch, 1, 4096);
  a.replay.capacity = reader.integer("capacity", a.replay.capacity, 1000, 10000000);
  a.replay.exponent = reader.number("priority_exponent", a.replay.exponent, 0, 1);
  a.replay.correction = reader.number("priority_correction", a.replay.correction, 0, 1);
  a.discount = reader.number("discount", a.discount, 0, 0.9999);
  a.target_rate = reader.number("target_rate", a.target_rate, 1e-6, 1);
  a.learning_rate = reader.number("learning_rate", a.learning_rate, 1e-7, 1);
  a.layer_norm = reader.flag("layer_norm", a.layer_norm);
  a.normalise = reader.flag("normalise", a.normalise);
  a.arrival = reader.flag("arrival", a.arrival);
  a.temperature = reader.number("temperature", a.temperature, 1e-6, 10);
  a.temperature_rate = reader.number("temperature_rate", a.temperature_rate, 0, 1);
  a.entropy_target = reader.number("entropy_target", a.entropy_target, -1000, 18);
}

void read_loop(SettingsReader& reader, std::int64_t evaluations, SacLoop& l) {
  if (l.warmup == 0) l.warmup = std::clamp<std::int64_t>(evaluations / 10, 1, 1000);
  l.warmup = reader.integer("warmup", l.warmup, 1, 1000000);
  l.updates = reader.integer("updates", l.updates, 0, 100);
  l.horizon = reader.integer("horizon", l.horizon, 1, 10000);
  l.candidates = reader.integer("candidates", l.candidates, 1, 4096);
  l.proposals = reader.integer("proposals", l.proposals, 0, 4096);
  l.patience = reader.integer("patience", l.patience, 1, 10000);
  l.epsilon = reader.number("epsilon", l.epsilon, 1e-6, 1);
  l.epsilon_least = reader.number("epsilon_least", l.epsilon_least, 1e-6, 1);
  l.sparse_exploration = reader.flag("sparse_exploration", l.sparse_exploration);
  l.starts.best = reader.number("start_best", l.starts.best, 0, 1);
  l.starts.archive = reader.number("start_archive", l.starts.archive, 0, 1);
  const auto* fallback = l.reward == RewardForm::kPaper ? "paper" : "default";
  l.reward = parse_reward_form(reader.text("reward", fallback));
  l.scale_rewards = reader.flag("scale_rewards", l.scale_rewards);
  l.stop_patience = reader.integer("stop_patience", l.stop_patience, 0, 1000000000);
}

void read_models(SettingsReader& reader, SacSearchSettings& s) {
  s.loop.world_model = reader.flag("world_model", s.loop.world_model);
  s.loop.mpc_epsilon = reader.number("mpc_epsilon", s.loop.mpc_epsilon, 0, 1);
  s.loop.correction = reader.flag("correction", s.loop.correction);
  s.correction.least_confidence =
      reader.number("least_confidence", s.correction.least_confidence, 0, 1);
  s.loop.imagined = reader.integer("imagined", s.loop.imagined, 1, 1000);
  MpcSettings& m = s.lookahead.mpc;
  m.candidates = reader.integer("mpc_candidates", m.candidates, 1, 4096);
  m.horizon = reader.integer("mpc_horizon", m.horizon, 1, 100);
  m.noise = reader.number("mpc_noise", m.noise, 0, 2);
  m.discount = reader.number("mpc_discount", m.discount, 0, 1);
  m.blend = reader.number("mpc_blend", m.blend, 0, 1);
  m.own_later_actions = reader.flag("mpc_own_later_actions", m.own_later_actions);
  WorldSettings& w = s.lookahead.world;
  w.first = reader.integer("world_first", w.first, 1, 4096);
  w.second = reader.integer("world_second", w.second, 1, 4096);
  w.learning_rate = s.sac.learning_rate / 2;  // Eq. 69
}

}  // namespace

SacSearchSettings sac_settings() {
  return {};
}

SacSearchSettings paper_settings() {
  SacSearchSettings s;
  s.sac.experts = 4;
  s.sac.discount = 0.99;
  s.sac.learning_rate = 3e-4;
  s.sac.layer_norm = false;
  s.sac.normalise = false;
  s.sac.arrival = false;
  s.sac.temperature = 0.2;
  s.sac.entropy_target = -30;
  s.loop.candidates = 1;
  s.loop.proposals = 0;
  s.loop.patience = s.loop.horizon;
  s.loop.sparse_exploration = false;
  s.loop.starts = {0, 0.5};
  s.loop.reward = RewardForm::kPaper;
  s.loop.scale_rewards = false;
  s.loop.world_model = true;
  s.loop.mpc_epsilon = 0.3;
  return s;
}

SacSearchSettings read_sac_settings(const std::string& searcher, const SacSearchSettings& defaults,
                                    const SearchOptions& options) {
  SettingsReader reader(searcher, options);
  SacSearchSettings s = defaults;
  read_learner(reader, s.sac);
  read_loop(reader, options.evaluations, s.loop);
  read_models(reader, s);
  reader.finish();
  if (s.loop.starts.best + s.loop.starts.archive > 1) {
    throw Error("TW-AGENT-002", "start_best and start_archive add up to more than 1",
                "settings of searcher '" + searcher + "'",
                "what they leave is the initial design's share");
  }
  if (s.loop.correction && !s.loop.world_model) {
    throw Error("TW-AGENT-002", "the correction needs the world model",
                "settings of searcher '" + searcher + "'", "set world_model=1 as well");
  }
  return s;
}

}  // namespace tilewright::rl
