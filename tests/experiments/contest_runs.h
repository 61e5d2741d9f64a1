// Records of runs that never ran, with this program's hashes.
#pragma once

#include <string>
#include <vector>

#include "experiments/contest/collection.h"
#include "experiments/contest/summary.h"

namespace tilewright::contest_cases {

inline ContestPlan plan_of(const std::string& searchers, std::int64_t seeds = 1) {
  ContestPlan plan;
  plan.cases = {{"llama-tiny", "high-performance", "3nm"}};
  plan.tracks = {Track::kBlackBox};
  plan.budgets = {100};
  plan.variants = parse_variants({searchers});
  plan.seeds = seeds;
  return plan;
}

// A run that reaches `score` at evaluation 50 of 100, from 2 at the first.
inline RunRecord made_run(const RunSpec& spec, double score) {
  RunRecord run;
  run.spec = spec;
  run.code = current_hashes(spec.where.calibration, spec.searcher);
  run.initial_score = 2;
  run.initial_feasible = true;
  run.evaluations = spec.budget;
  run.improvements = {{1, 2.0}, {50, score}};
  run.best_design.fill(score);
  run.diagnostic_columns = {"entropy"};
  run.marks = {{50, 30, 40, 25, {1.5}}, {spec.budget, 60, 80, 50, {0.5}}};
  run.wall_s = 1;
  run.cpu_s = 2;
  return run;
}

// One score a run, in the plan's order.
inline std::vector<RunRecord> made_runs(const ContestPlan& plan,
                                        const std::vector<double>& scores) {
  std::vector<RunRecord> runs;
  for (const RunSpec& spec : runs_of(plan)) runs.push_back(made_run(spec, scores.at(runs.size())));
  return runs;
}

inline std::vector<Heat> judged(const ContestPlan& plan, const std::vector<RunRecord>& records,
                                const std::map<ContestCase, BestKnown>& best = {}) {
  ProgramCode code;
  return judge_contest(plan, match(runs_of(plan), records, code), best);
}

}  // namespace tilewright::contest_cases
