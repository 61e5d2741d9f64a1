// Settings of the searchers `sac` and `paper`.
#pragma once

#include "agents/searcher.h"
#include "agents/torch/correction.h"
#include "agents/torch/lookahead.h"
#include "agents/torch/sac.h"
#include "agents/torch/starts.h"
#include "mdp/reward.h"

namespace tilewright::rl {

struct SacLoop {
  // Evaluations before the first update; 0: a tenth of the budget, 1000 at most.
  std::int64_t warmup = 0;
  std::int64_t updates = 1;  // an evaluation
  std::int64_t horizon = 32;
  std::int64_t candidates = 8;  // actions of the policy that the critics choose from
  std::int64_t proposals = 64;  // actions of epsilon's kind among them
  std::int64_t patience = 1;  // steps without a better design after which a trajectory is given up
  double epsilon = 0.5, epsilon_least = 0.1;
  bool sparse_exploration = true;  // else all coordinates are drawn
  StartShares starts;
  RewardForm reward = RewardForm::kDefault;
  bool scale_rewards = true;       // by the recent ones; else they are learned as they are
  bool world_model = false;        // learned, and planned in by MPC
  double mpc_epsilon = 1;          // plans while epsilon is below
  bool correction = false;         // wants the world model, which says where a cheap step arrives
  std::int64_t imagined = 4;       // cheap evaluations in a row, at most
  std::int64_t stop_patience = 0;  // evaluations; 0: the budget is used (convergence.h)
};

struct SacSearchSettings {
  SacSettings sac;
  SacLoop loop;
  LookaheadSettings lookahead;
  CorrectionSettings correction;
};

// Ours, and the paper's plain configuration with the constants that it gives: Eq. 54-55 with four
// experts, discount .99, alpha from .2 towards -30, prioritised replay, world model and MPC below
// epsilon .3; no proposals, no scaling of observations or rewards, no layer norm, no place of
// arrival in the critics, walks to their horizon from the initial design or the archive, and its
// reward.
SacSearchSettings sac_settings();
SacSearchSettings paper_settings();

// `defaults` overlaid by options.settings; throws Error TW-AGENT-002.
SacSearchSettings read_sac_settings(const std::string& searcher, const SacSearchSettings& defaults,
                                    const SearchOptions& options);

}  // namespace tilewright::rl
