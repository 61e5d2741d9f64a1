// Table 4: the terms of the reward, with the ranges that a search of ours met.
#include <algorithm>
#include <functional>

#include "agents/searcher.h"
#include "experiments/printed.h"
#include "experiments/statistics.h"
#include "experiments/table_builder.h"
#include "experiments/tables.h"
#include "mdp/normalise.h"
#include "mdp/reward.h"

namespace tilewright {
namespace {

constexpr const char* kSearcher = "paper";  // the paper's own configuration and reward

struct Term {
  const char* name;
  const char* type;
  std::function<double(const Evaluation&, const RewardTerms&, const References&)> of;
};

// In the order of the printed rows, whose symbols are lost: they are told apart by description.
std::vector<Term> terms() {
  return {{"Performance", "Reward",
           [](const Evaluation& e, const RewardTerms&, const References& r) {
             return 2 - bounded_ratio(r.tok_s, e.tok_s);
           }},
          {"Power", "Penalty",
           [](const Evaluation& e, const RewardTerms&, const References& r) {
             return bounded_ratio(e.power_mw, r.power_mw);
           }},
          {"Area", "Penalty",
           [](const Evaluation& e, const RewardTerms&, const References& r) {
             return bounded_ratio(e.area_mm2, r.area_mm2);
           }},
          {"Feasibility", "Bonus",
           [](const Evaluation&, const RewardTerms& t, const References&) { return t.bonus; }},
          {"Constraint violation", "Penalty",
           [](const Evaluation&, const RewardTerms& t, const References&) { return t.constraint; }},
          {"Memory overuse", "Penalty",
           [](const Evaluation&, const RewardTerms& t, const References&) { return t.memory; }},
          {"Data hazards", "Penalty",
           [](const Evaluation&, const RewardTerms& t, const References&) { return t.hazard; }},
          {"Total", "Total",
           [](const Evaluation&, const RewardTerms& t, const References&) { return t.total(); }}};
}

}  // namespace

std::vector<ExperimentTable> table04(const ExperimentInputs& inputs) {
  const std::string id = "table04_reward_components";
  const PrintedTable printed(inputs.printed, id);
  const PaperPoint& point = inputs.llama.points.front();
  SearchOptions options;
  options.evaluations = inputs.episodes;
  options.seed = inputs.seed;
  options.threads = inputs.threads;
  const SearchResult search =
      run_search(Problem(point.surrogate, parse_level(inputs.level)), kSearcher, options);

  TableBuilder out(id, "Terms of the reward over " + std::to_string(search.log.size()) +
                           " evaluations of Llama 3.1 8B at " + point.node +
                           " by the paper's agent and reward");
  out.label("Term");
  out.label("Type");
  for (const char* name : {"Least", "Median", "Largest"}) out.figure(name);
  if (printed.exists()) out.label("As printed");
  const std::vector<Term> all = terms();
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::vector<double> values;
    for (const Evaluation& e : search.log) {
      const References& references = point.surrogate->references();
      values.push_back(all[i].of(
          e, reward_terms(e, references, reward_settings(RewardForm::kPaper)), references));
    }
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    std::vector<Cell> row{std::string(all[i].name), std::string(all[i].type), Number{*least, 4},
                          Number{median(values), 4}, Number{*most, 4}};
    if (printed.exists()) row.emplace_back(printed.rows().at(i + 1).at(3));
    out.ours(std::move(row));
  }
  return {out.take()};
}

}  // namespace tilewright
