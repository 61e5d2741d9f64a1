// The reward (equations.md Eq. 34-44), from what one evaluation says.
#pragma once

#include <array>
#include <string>

#include "mdp/problem.h"

namespace tilewright {

enum class RewardForm { kDefault, kPaper };
RewardForm parse_reward_form(const std::string& text);  // "default" or "paper"; Error TW-MDP-002

// Constants of the algorithm, not of the hardware. Those lost from the paper are our choice.
struct RewardSettings {
  RewardForm form = RewardForm::kDefault;
  double base = 1;          // default form: value = base - score
  double feasible = 1;      // B_feas of a feasible design (Eq. 38)
  double power_margin = 0;  // paper form adds this times the power margin (Eq. 38)
  double cubic = 8;         // c3 (Eq. 39)
  double linear = 0.5;      // c1 (Eq. 39)
  double memory = 1;        // c_M (Eq. 40)
  double memory_cap = 10;   // no memory's overuse counts more: scratch can be all gone
  double hazard = 0;        // c_H (Eq. 41)
  // Paper form only. W (Eq. 42-44) for performance, power, area, and the share of a budget from
  // which the weights of power and area rise.
  std::array<double, 3> weights{0.4, 0.4, 0.2};
  double near_budget = 0.9;
};
RewardSettings reward_settings(RewardForm form);

// The terms of Eq. 34. `value` is w_f R_perf - w_p P~ - w_a A~; in the default form, where the
// weights are the score's, that is a constant minus the score.
struct RewardTerms {
  double value = 0, bonus = 0;
  double constraint = 0, memory = 0, hazard = 0;  // subtracted
  double total() const { return value + bonus - constraint - memory - hazard; }
};

RewardTerms reward_terms(const Evaluation& e, const References& references,
                         const RewardSettings& settings);

}  // namespace tilewright
