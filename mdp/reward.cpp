#include "mdp/reward.h"

#include <algorithm>

#include "mdp/normalise.h"
#include "support/error.h"

namespace tilewright {
namespace {

// Eq. 35-37 and 42-44: the weights of power and area rise as their budgets near.
double weighted_value(const Evaluation& e, const References& r, const RewardSettings& s) {
  const auto rise = [&](double margin) { return 1 + std::max(0.0, (1 - margin) - s.near_budget); };
  const double f = s.weights[0];
  const double p = s.weights[1] * rise(e.margins[kMarginPower]);
  const double a = s.weights[2] * rise(e.margins[kMarginArea]);
  const double performance = 2 - bounded_ratio(r.tok_s, e.tok_s);
  return (f * performance - p * bounded_ratio(e.power_mw, r.power_mw) -
          a * bounded_ratio(e.area_mm2, r.area_mm2)) /
         (f + p + a);
}

// Eq. 38.
double feasible_bonus(const Evaluation& e, const RewardSettings& s) {
  if (!e.feasible) return 0;
  return s.feasible * (1 + s.power_margin * std::max(0.0, e.margins[kMarginPower]));
}

// Eq. 39.
double constraint_cost(const Evaluation& e, const RewardSettings& s) {
  double cost = 0;
  for (const double margin : e.margins) {
    const double size = std::max(0.0, -margin);
    cost += s.cubic * size * size * size + s.linear * size;
  }
  return cost;
}

// Eq. 40. A memory's margin is what it has over what it needs, less one.
double memory_cost(const Evaluation& e, const RewardSettings& s) {
  double cost = 0;
  for (const auto memory : {kMarginWmem, kMarginDmem, kMarginImem}) {
    const double have_over_need = 1 + e.margins[memory];
    const double overuse = have_over_need > 0 ? 1 / have_over_need - 1 : s.memory_cap;
    cost += std::clamp(overuse, 0.0, s.memory_cap);
  }
  return s.memory * cost;
}

}  // namespace

RewardForm parse_reward_form(const std::string& text) {
  if (text == "default") return RewardForm::kDefault;
  if (text == "paper") return RewardForm::kPaper;
  throw Error("TW-MDP-002", "no reward is called '" + text + "'", "reward",
              "use 'default' or 'paper'");
}

RewardSettings reward_settings(RewardForm form) {
  RewardSettings settings;
  settings.form = form;
  if (form == RewardForm::kPaper) {
    settings.power_margin = 0.5;
    settings.hazard = 0.05;
  }
  return settings;
}

RewardTerms reward_terms(const Evaluation& e, const References& references,
                         const RewardSettings& settings) {
  RewardTerms terms;
  terms.value = settings.form == RewardForm::kDefault ? settings.base - e.score
                                                      : weighted_value(e, references, settings);
  terms.bonus = feasible_bonus(e, settings);
  terms.constraint = constraint_cost(e, settings);
  terms.memory = memory_cost(e, settings);
  terms.hazard = settings.hazard * e.hazards;
  return terms;
}

}  // namespace tilewright
