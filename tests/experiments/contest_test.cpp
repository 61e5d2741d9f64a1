// The contest's rules, on records that are made here: what counts, what is void, what is stale, who
// is first.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "contest_runs.h"
#include "experiments/contest/best_known.h"
#include "experiments/contest/run.h"
#include "experiments/contest/tables.h"
#include "inputs.h"
#include "mdp/problem.h"
#include "support/error.h"
#include "support/file.h"
#include "support/json.h"

namespace tilewright {
namespace {

namespace fs = std::filesystem;
using contest_cases::judged;
using contest_cases::made_run;
using contest_cases::made_runs;
using contest_cases::plan_of;

const Entry& entry_of(const std::vector<Heat>& heats, std::size_t index) {
  return heats.front().entries.at(index);
}

TEST(ContestPlanTest, TheWholeContestIsCasesTimesEverything) {
  ContestPlan plan;
  plan.cases = default_cases();
  plan.tracks = {Track::kBlackBox, Track::kWithModel};
  plan.budgets = {460, 4600};
  plan.variants = every_searcher();
  const auto runs = runs_of(plan);
  EXPECT_EQ(runs.front().seed, 100U);
  std::set<std::string> keys;
  for (const RunSpec& run : runs) keys.insert(key_of(run));
  EXPECT_EQ(keys.size(), plan.variants.size() * 8 * 2 * 2 * 10);
  // Baselines stand in the second track as they are in the first, too.
  const auto baselines = std::count_if(plan.variants.begin(), plan.variants.end(),
                                       [](const Variant& v) { return !is_agent(v.searcher); });
  EXPECT_EQ(runs.size(), keys.size() + static_cast<std::size_t>(baselines) * 8 * 2 * 10);
}

TEST(ContestPlanTest, WithTheModelABaselineMayAlsoIgnoreIt) {
  ContestPlan plan = plan_of("cmaes,hybrid", 2);
  plan.tracks = {Track::kBlackBox, Track::kWithModel};
  const auto all = entrants(plan, Track::kWithModel);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[1].variant.label, "cmaes without L0");
  EXPECT_EQ(all[1].run_in, Track::kBlackBox);
  EXPECT_EQ(all[2].variant.label, "hybrid");
  // Runs: black box cmaes, hybrid; with the model cmaes, cmaes without L0, hybrid; two seeds each.
  const auto runs = runs_of(plan);
  ASSERT_EQ(runs.size(), 10U);
  EXPECT_EQ(key_of(runs[6]), key_of(runs[0]));
  std::vector<RunRecord> records;
  for (const std::size_t run : {0U, 1U, 2U, 3U, 4U, 5U, 8U, 9U}) {
    const double score = run < 2 ? 0.9 : 1 + 0.01 * static_cast<double>(run);
    records.push_back(made_run(runs[run], score));
  }
  const auto heats = judged(plan, records);
  ASSERT_EQ(heats.size(), 2U);
  EXPECT_TRUE(heats[1].entries[1].first);
  EXPECT_EQ(heats[1].entries[2].rival->label, "cmaes without L0");
  const Table standings = contest_standings_table(heats);
  ASSERT_EQ(standings.rows.size(), 3U);
  EXPECT_TRUE(std::holds_alternative<Missing>(standings.rows[2][1])) << "not in the black box";
  EXPECT_EQ(std::get<std::string>(standings.rows[2][2]), "1 of 1");
}

TEST(ContestPlanTest, AWarmStartNamesWhereItComesFrom) {
  const auto variants = parse_variants(
      {"hybrid;node=hybrid:from=7nm;model=hybrid:from=smolvlm-256m/14nm,from_budget=460,policy=0"});
  ASSERT_EQ(variants.size(), 3U);
  const ContestCase where = parse_cases({"llama-3.1-8b:3nm"}).front();
  const auto start = [&](const Variant& v) {
    return warm_start_of(spec_of(where, Track::kBlackBox, 100, v, 1));
  };
  EXPECT_FALSE(start(variants[0]));
  EXPECT_EQ(start(variants[1])->where, parse_cases({"llama-3.1-8b:7nm"}).front());
  EXPECT_EQ(start(variants[1])->budget, 4600);
  EXPECT_EQ(start(variants[2])->where, parse_cases({"smolvlm-256m:14nm"}).front());
  EXPECT_EQ(start(variants[2])->budget, 460);
  EXPECT_EQ(searcher_settings(variants[2].settings),
            (std::map<std::string, std::string>{{"policy", "0"}}));
  Variant bad = variants[1];
  bad.settings["from_budget"] = "many";
  EXPECT_THROW(start(bad), Error);
  bad.settings["from"] = "nobody/7nm";
  EXPECT_THROW(start(bad), Error);
}

TEST(ContestRules, AWarmStartIsARunOfTheOtherCase) {
  const auto& points = paper_inputs().smolvlm.points;
  const auto problem = [&](const ContestCase& c) {
    const auto at = std::find_if(points.begin(), points.end(),
                                 [&](const auto& point) { return point.node == c.node; });
    return Problem(at->surrogate, Level::kL1);
  };
  RunSpec cold = runs_of(plan_of("model")).front();
  cold.budget = 40;
  cold.where.node = points[0].node;
  RunSpec warm = cold;
  warm.settings = {{"from", points[1].node}, {"from_budget", "60"}};
  const auto record = contest_run(problem, warm, {"a", "b"});
  ASSERT_TRUE(record);
  EXPECT_EQ(record->evaluations, 40) << "those of the earlier search are not its own";
  EXPECT_EQ(record->initial_score, contest_run(problem, cold, {"a", "b"})->initial_score);
  EXPECT_NE(best_score(*record), best_score(*contest_run(problem, cold, {"a", "b"})));
}

TEST(ContestPlanTest, VariantsHaveSettingsAndLabels) {
  const auto variants =
      parse_variants({"random,sac:updates=0,epsilon=1,grid;plain=sac:updates=2;again=sac"});
  ASSERT_EQ(variants.size(), 5U);
  EXPECT_EQ(variants[1].label, "sac:updates=0,epsilon=1");
  EXPECT_EQ(variants[1].searcher, "sac");
  EXPECT_EQ(variants[1].settings,
            (std::map<std::string, std::string>{{"updates", "0"}, {"epsilon", "1"}}));
  EXPECT_EQ(variants[2].label, "grid");
  EXPECT_EQ(variants[3].label, "plain");
  EXPECT_EQ(variants[3].settings.at("updates"), "2");
  EXPECT_EQ(variants[4].label, "again");
  EXPECT_TRUE(variants[4].settings.empty());
  for (const char* bad : {"nobody", "sac:updates", "sac:=1", "sac:a=1,a=2", "=sac", "sac,sac"})
    EXPECT_THROW(parse_variants({bad}), Error) << bad;
}

TEST(ContestPlanTest, CasesKnowTheirModes) {
  const auto cases = parse_cases({"smolvlm-256m:7nm,llama-3.1-8b", "net.onnx:5nm:low-power"});
  ASSERT_EQ(cases.size(), 6U);
  EXPECT_EQ(cases[0].mode, "low-power");
  EXPECT_EQ(cases[1].mode, "high-performance");
  EXPECT_EQ(cases[5].mode, "low-power");
  EXPECT_THROW(parse_cases({"net.onnx:5nm"}), Error);
}

// What is cached is cached for one question: each part of it changes the file.
TEST(ContestCache, EveryPartOfTheQuestionAndOfTheCodeIsInTheKey) {
  const RunSpec base = runs_of(plan_of("random")).front();
  std::vector<RunSpec> others(9, base);
  others[0].where.node = "5nm";
  others[1].where.model = "other";
  others[2].where.mode = "low-power";
  others[3].where.level = "L0";
  others[4].track = Track::kWithModel;
  others[5].budget = 101;
  others[6].searcher = "grid";
  others[7].settings["a"] = "1";
  others[8].seed = 1;
  const CodeHashes code{"a", "b"};
  std::set<fs::path> paths{record_path("c", base, code), record_path("c", base, {"x", "b"}),
                           record_path("c", base, {"a", "x"})};
  for (const RunSpec& other : others) paths.insert(record_path("c", other, code));
  EXPECT_EQ(paths.size(), others.size() + 3);
}

TEST(ContestCache, ARecordReadsBackToTheSameBytes) {
  RunRecord run = made_run(runs_of(plan_of("cmaes:sigma=0.3")).front(), 0.1 + 0.2);
  run.marks.front().diagnostics = {std::numeric_limits<double>::quiet_NaN()};
  run.l0_calls = 7;
  const Json json = to_json(run);
  const RunRecord again = record_from_json(parse_json(json.dump(), "run"), "run");
  EXPECT_EQ(to_json(again).dump(), json.dump());
  EXPECT_TRUE(std::isnan(again.marks.front().diagnostics.front()));
  EXPECT_EQ(best_score(again), 0.1 + 0.2);
  Json broken = json;
  broken.erase("marks");
  EXPECT_THROW(record_from_json(broken, "run"), Error);
}

TEST(ContestCache, WhatIsNoRecordIsLeftOutAndNamed) {
  const fs::path folder =
      fs::temp_directory_path() / ("tilewright-runs-" + std::to_string(::getpid()));
  const RunRecord run = made_run(runs_of(plan_of("random")).front(), 1);
  write_record(folder, run);
  write_file(folder / "x/half.json", "{\"schema\":");
  write_file(folder / "x/.half.json.partial-1", "{");
  std::vector<fs::path> unreadable;
  const auto records = read_records(folder, unreadable);
  fs::remove_all(folder);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(key_of(records.front().spec), key_of(run.spec));
  EXPECT_EQ(unreadable, std::vector<fs::path>{folder / "x/half.json"});
}

TEST(ContestRules, L0InTheBlackBoxMakesTheWholeRowVoid) {
  const ContestPlan plan = plan_of("random,cmaes", 3);
  auto records = made_runs(plan, {1.1, 1.2, 1.3, 1.0, 1.0, 1.0});
  records[4].l0_calls = 3;
  EXPECT_EQ(void_reason(records[4]), "L0 was queried 3 times in the black box");
  const auto heats = judged(plan, records);
  EXPECT_EQ(entry_of(heats, 1).missing,
            "void, 1 of 3 runs: L0 was queried 3 times in the black box");
  EXPECT_FALSE(entry_of(heats, 1).first);
  EXPECT_TRUE(entry_of(heats, 0).first);
  const auto row = contest_summary_table(heats).rows.at(1);
  EXPECT_TRUE(std::holds_alternative<Missing>(row.back()));
  EXPECT_TRUE(std::holds_alternative<Missing>(row.at(6)));

  RunRecord open = records[4];
  open.spec.track = Track::kWithModel;
  EXPECT_EQ(void_reason(open), "");
  RunRecord closed_form = records[4];
  closed_form.spec.where.level = "L0";
  EXPECT_EQ(void_reason(closed_form), "");
}

// The counter is the process's own, so a query by anybody in it is seen.
TEST(ContestRules, TheCounterSeesAQueryOfTheRunsProcess) {
  const auto& surrogate = paper_inputs().smolvlm.points.front().surrogate;
  RunSpec spec = runs_of(plan_of("random")).front();
  spec.budget = 5;
  const auto problem = [&](const ContestCase&) { return Problem(surrogate, Level::kL1); };
  const auto before = contest_run(problem, spec, {"a", "b"});
  surrogate->evaluate_l0(surrogate->initial_design());
  const auto after = contest_run(problem, spec, {"a", "b"});
  ASSERT_TRUE(before && after);
  EXPECT_EQ(after->l0_calls, before->l0_calls + 1);
  EXPECT_NE(void_reason(*after), "");
}

TEST(ContestRules, ACrashVoidsOneRunAlone) {
  const ContestPlan plan = plan_of("random", 3);
  auto records = made_runs(plan, {1.1, 1.2, 1.3});
  records[1].failure = "the process died of signal 11";
  const auto heats = judged(plan, records);
  const Entry& entry = entry_of(heats, 0);
  EXPECT_EQ(entry.missing, "");
  EXPECT_EQ(entry.runs.size(), 2U);
  EXPECT_EQ(entry.voided, 1);
  EXPECT_DOUBLE_EQ(entry.median, 1.2);
  EXPECT_TRUE(is_due(entry.planned[1])) << "a crash is tried again";
  EXPECT_FALSE(is_due(entry.planned[0]));
}

TEST(ContestRules, AnEarlyEndCountsAndMoreThanTheBudgetDoesNot) {
  RunRecord run = made_run(runs_of(plan_of("grid")).front(), 1);
  run.evaluations = 60;
  EXPECT_EQ(void_reason(run), "");
  run.evaluations = 101;
  EXPECT_NE(void_reason(run), "");
}

TEST(ContestRules, OtherCodeIsStaleAndNeverUsed) {
  const ContestPlan plan = plan_of("random,cmaes", 2);
  auto records = made_runs(plan, {1.1, 1.2, 0.5, 0.5});
  records[2].code.searcher = "older";
  records[3].code.evaluation = "older";
  ProgramCode code;
  const auto runs = match(runs_of(plan), records, code);
  EXPECT_EQ(runs[2].state, RunState::kStale);
  EXPECT_EQ(runs[2].reason, "stale: run with an older searcher");
  EXPECT_EQ(runs[3].reason, "stale: run with an older evaluation");
  EXPECT_TRUE(is_due(runs[2]));
  const auto heats = judged(plan, records);
  EXPECT_EQ(entry_of(heats, 1).missing, "of 2 runs 0 not run and 2 stale");
  EXPECT_EQ(std::get<std::string>(contest_standings_table(heats).rows.at(0).at(1)), "1 of 1");
  // A record of an older searcher still shows what can be found; one of an older evaluation lies.
  EXPECT_EQ(runs_of_current_evaluation(records, code).size(), 3U);

  records.push_back(made_run(runs[2].spec, 1.0));
  EXPECT_EQ(match(runs_of(plan), records, code)[2].state, RunState::kValid);
}

TEST(ContestFigures, MediansRegretsAndArrivals) {
  const ContestPlan plan = plan_of("random", 6);
  auto records = made_runs(plan, {1.0, 1.005, 1.02, 1.3, 1.4, 1.5});
  records[5].improvements.clear();  // found nothing feasible
  BestKnown best;
  best.where = plan.cases.front();
  best.score = 1;
  const auto heats = judged(plan, records, {{best.where, best}});
  const Entry& entry = entry_of(heats, 0);
  EXPECT_DOUBLE_EQ(entry.median, (1.02 + 1.3) / 2);
  ASSERT_TRUE(entry.interval);
  EXPECT_EQ(entry.interval->low, 1.0);
  EXPECT_EQ(entry.interval->high, std::numeric_limits<double>::infinity());
  EXPECT_EQ(entry.arrived, 2);
  EXPECT_EQ(entry.evaluations_to_best, 100) << "two arrive at 50, four count their budget";
  EXPECT_DOUBLE_EQ(entry.feasible_share, 0.6);
  EXPECT_EQ(entry.distinct, 80);
  EXPECT_EQ(best_after(records[0], 49), 2.0);
  EXPECT_EQ(evaluations_to(records[0], 1.01), 50);
  EXPECT_EQ(mark_at(records[0], 49), nullptr);
  EXPECT_EQ(mark_at(records[0], 99)->evaluation, 50);
}

TEST(ContestFigures, FirstTiedAndBeaten) {
  // Medians 1.000, 1.001 (mixed with the first), 1.001 (always above the first), 1.100.
  const ContestPlan plan = plan_of("cmaes,sade,pso,random", 4);
  const auto heats = judged(plan, made_runs(plan, {0.9985, 0.999, 1.001, 1.002,    //
                                                   0.9980, 1.0, 1.002, 1.0025,     //
                                                   1.0009, 1.001, 1.0011, 1.0021,  //
                                                   1.1, 1.1, 1.1, 1.1}));
  EXPECT_TRUE(entry_of(heats, 0).first);
  EXPECT_TRUE(entry_of(heats, 1).first);
  EXPECT_LE(probability_below(entry_of(heats, 0).scores, entry_of(heats, 1).scores), 0.65);
  EXPECT_GT(probability_below(entry_of(heats, 0).scores, entry_of(heats, 2).scores), 0.65);
  EXPECT_FALSE(entry_of(heats, 2).first)
      << "its median is near, but the first is nearly always better";
  EXPECT_FALSE(entry_of(heats, 3).first);
  EXPECT_EQ(entry_of(heats, 3).rank, 4U);
  EXPECT_EQ(entry_of(heats, 3).rival->label, "cmaes");
  EXPECT_EQ(entry_of(heats, 0).rival->label, "sade");
  EXPECT_EQ(entry_of(heats, 3).rival->superiority, 0);
}

TEST(ContestFigures, AgentsAreNoBaselines) {
  const ContestPlan plan = plan_of("model,random;other=sac:updates=0", 2);
  const auto heats = judged(plan, made_runs(plan, {0.8, 0.8, 1.2, 1.2, 0.9, 0.9}));
  EXPECT_EQ(entry_of(heats, 0).rival->label, "random");
  EXPECT_EQ(entry_of(heats, 2).rival->label, "random");
  EXPECT_FALSE(entry_of(heats, 1).rival) << "the only baseline has no other";
  const Table standings = contest_standings_table(heats);
  EXPECT_EQ(std::get<std::string>(standings.rows.at(0).at(1)), "1 of 1");
  EXPECT_EQ(std::get<std::string>(standings.rows.at(1).at(1)), "0 of 1");
}

TEST(ContestFigures, NobodyIsFirstWhenNobodyFoundAnything) {
  const ContestPlan plan = plan_of("random,grid", 1);
  auto records = made_runs(plan, {1, 1});
  for (RunRecord& run : records) run.improvements.clear();
  const auto heats = judged(plan, records);
  EXPECT_FALSE(entry_of(heats, 0).first);
  EXPECT_FALSE(entry_of(heats, 1).first);
}

TEST(ContestBestKnown, TheLowestOfFileAndRunsAndOnlyOfThisEvaluation) {
  const ContestPlan plan = plan_of("cmaes,sade:population=30", 2);
  auto records = made_runs(plan, {1.1, 1.2, 1.05, 1.3});
  records[3].failure = "died";
  std::vector<const RunRecord*> runs;
  runs.reserve(records.size());
  for (const RunRecord& run : records) runs.push_back(&run);
  const auto found = best_of_runs(runs);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].score, 1.05);
  EXPECT_EQ(found[0].found_by, "sade:population=30");
  EXPECT_EQ(found[0].evaluation, 50);
  EXPECT_EQ(found[0].runs, 3);
  EXPECT_EQ(found[0].spent, 300);

  const fs::path file =
      fs::temp_directory_path() / ("tilewright-best-" + std::to_string(::getpid()));
  write_file(file, to_csv(best_known_table(found)));
  auto read = read_best_known(file);
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0].design, found[0].design);
  write_file(file, "model,score\nx,1\n");
  EXPECT_THROW(read_best_known(file), Error);
  fs::remove(file);
  EXPECT_TRUE(read_best_known(file).empty());

  const auto true_score = [&](const BestKnown&) { return std::optional(read[0].score); };
  const auto other_score = [](const BestKnown&) { return std::optional(0.9); };
  std::vector<ContestCase> refused;
  read[0].score = 1.0;
  EXPECT_EQ(combine(read, found, true_score, refused).begin()->second.source, "long runs");
  EXPECT_TRUE(refused.empty());
  read[0].score = 1.06;
  EXPECT_EQ(combine(read, found, true_score, refused).begin()->second.source, "this contest");
  read[0].score = 0.1;
  EXPECT_EQ(combine(read, found, other_score, refused).begin()->second.score, 1.05);
  EXPECT_EQ(refused.size(), 1U);
}

}  // namespace
}  // namespace tilewright
