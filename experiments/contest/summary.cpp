#include "experiments/contest/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tilewright {
namespace {

std::string why_missing(const std::vector<PlannedRun>& runs) {
  std::int64_t missing = 0, stale = 0, valid = 0, broken = 0;
  const PlannedRun* rule = nullptr;
  for (const PlannedRun& run : runs) {
    missing += run.state == RunState::kMissing ? 1 : 0;
    stale += run.state == RunState::kStale ? 1 : 0;
    valid += run.state == RunState::kValid ? 1 : 0;
    if (run.state != RunState::kVoid || !run.record->failure.empty()) continue;
    ++broken;
    if (rule == nullptr) rule = &run;
  }
  if (rule != nullptr)
    return fmt::format("void, {} of {} runs: {}", broken, runs.size(), rule->reason);
  if (missing + stale > 0)
    return fmt::format("of {} runs {} not run and {} stale", runs.size(), missing, stale);
  if (valid == 0) return "no run ended: " + (runs.empty() ? "none planned" : runs.front().reason);
  return "";
}

template <typename Figure>
double median_of(const std::vector<const RunRecord*>& runs, Figure figure) {
  std::vector<double> values;
  values.reserve(runs.size());
  for (const RunRecord* run : runs) values.push_back(static_cast<double>(figure(*run)));
  return median(std::move(values));
}

void measure(Entry& entry, const std::optional<BestKnown>& best) {
  for (const RunRecord* run : entry.runs) entry.scores.push_back(best_score(*run));
  entry.median = median(entry.scores);
  entry.interval = median_interval(entry.scores);
  const auto& runs = entry.runs;
  entry.feasible_share = median_of(runs, [](const RunRecord& run) {
    return static_cast<double>(run.marks.back().feasible) / static_cast<double>(run.evaluations);
  });
  entry.distinct = median_of(runs, [](const RunRecord& r) { return r.marks.back().distinct; });
  entry.distinct_feasible =
      median_of(runs, [](const RunRecord& r) { return r.marks.back().distinct_feasible; });
  entry.wall_s = median_of(runs, [](const RunRecord& r) { return r.wall_s; });
  entry.cpu_s = median_of(runs, [](const RunRecord& r) { return r.cpu_s; });
  if (!best) return;
  const double near = best->score + kArrived * std::fabs(best->score);
  entry.evaluations_to_best =
      median_of(runs, [&](const RunRecord& r) { return evaluations_to(r, near); });
  entry.arrived = std::count_if(runs.begin(), runs.end(),
                                [&](const RunRecord* r) { return best_score(*r) <= near; });
}

Entry entry_of(const Variant& variant, std::vector<PlannedRun> planned,
               const std::optional<BestKnown>& best) {
  Entry entry;
  entry.variant = variant;
  for (const PlannedRun& run : planned) {
    if (run.state == RunState::kValid) entry.runs.push_back(run.record);
    entry.voided += run.state == RunState::kVoid ? 1 : 0;
  }
  entry.missing = why_missing(planned);
  entry.planned = std::move(planned);
  if (entry.missing.empty()) measure(entry, best);
  return entry;
}

// The baseline with the lowest median, `but` left out; null without one.
const Entry* best_baseline(const std::vector<Entry>& entries, const Entry& but) {
  const Entry* best = nullptr;
  for (const Entry& entry : entries) {
    if (&entry == &but || !entry.missing.empty() || is_agent(entry.variant.searcher)) continue;
    if (best == nullptr || entry.median < best->median) best = &entry;
  }
  return best;
}

void compare(std::vector<Entry>& entries) {
  const Entry* winner = nullptr;
  for (const Entry& entry : entries) {
    if (entry.missing.empty() && (winner == nullptr || entry.median < winner->median))
      winner = &entry;
  }
  for (Entry& entry : entries) {
    if (!entry.missing.empty()) continue;
    entry.rank = 1 + static_cast<std::size_t>(
                         std::count_if(entries.begin(), entries.end(), [&](const Entry& other) {
                           return other.missing.empty() && other.median < entry.median;
                         }));
    if (const Entry* rival = best_baseline(entries, entry); rival != nullptr) {
      entry.rival = Rival{rival->variant.label, mann_whitney(entry.scores, rival->scores),
                          probability_below(entry.scores, rival->scores)};
    }
    entry.first =
        std::isfinite(winner->median) &&
        (&entry == winner || (entry.median - winner->median <= kTiedMedian &&
                              probability_below(winner->scores, entry.scores) <= kTiedSuperiority));
  }
}

}  // namespace

std::vector<Heat> judge_contest(const ContestPlan& plan, const std::vector<PlannedRun>& runs,
                                const std::map<ContestCase, BestKnown>& best) {
  std::vector<Heat> heats;
  auto next = runs.begin();
  for (const ContestCase& where : plan.cases) {
    for (const Track track : plan.tracks) {
      for (const std::int64_t budget : plan.budgets) {
        Heat heat{where, track, budget, {}, {}};
        if (const auto known = best.find(where); known != best.end()) heat.best = known->second;
        for (const Entrant& entrant : entrants(plan, track)) {
          const auto end = next + plan.seeds;
          heat.entries.push_back(entry_of(entrant.variant, {next, end}, heat.best));
          next = end;
        }
        compare(heat.entries);
        heats.push_back(std::move(heat));
      }
    }
  }
  return heats;
}

}  // namespace tilewright
