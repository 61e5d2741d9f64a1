// tilewright contest: every searcher on every case, each run in a process of its own.
#include "cli/contest.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <thread>

#include "agents/searcher.h"
#include "cli/log.h"
#include "cli/options.h"
#include "cli/source.h"
#include "cli/verbs.h"
#include "support/error.h"
#include "support/file.h"
#include "support/json.h"
#include "support/stop.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

constexpr const char* kSchema = "tilewright.contest";
constexpr std::int64_t kLongBudget = 200000, kLongSeeds = 5;
// What looks for the best known designs when nobody is named: the strongest over long runs.
constexpr const char* kLongSearchers = "cmaes,pso,cobyla";

void require_settings(const Variant& variant) {
  if (variant.settings.empty()) return;
  SearchOptions options;
  options.settings = searcher_settings(variant.settings);
  make_searcher(variant.searcher, options);
}

void require_case(const ContestCase& where) {
  require_model(where.model);
  parse_mode(where.mode);
  parse_level(where.level);
  find_node(load_calibration(where.calibration), where.node);
}

template <typename T>
std::vector<T> or_else(const std::vector<T>& given, std::vector<T> otherwise) {
  return given.empty() ? std::move(otherwise) : given;
}

void claim(const fs::path& folder, const ContestPlan& plan) {
  const fs::path file = folder / "contest.json";
  if (fs::exists(folder) && !fs::is_empty(folder) && !fs::exists(file)) {
    throw Error("TW-FILE-004", "exists and was not written by tilewright contest", folder.string(),
                "name another folder with -o");
  }
  Json json{{"schema", kSchema}, {"schema_version", 1}};
  json["cases"] = Json::array();
  for (const ContestCase& where : plan.cases) json["cases"].push_back(to_json(where));
  for (const Track track : plan.tracks) json["tracks"].push_back(track_name(track));
  json["budgets"] = plan.budgets;
  for (const Variant& v : plan.variants) {
    json["searchers"].push_back(
        Json{{"label", v.label}, {"searcher", v.searcher}, {"settings", v.settings}});
  }
  json["first_seed"] = plan.first_seed;
  json["seeds"] = plan.seeds;
  write_file(file, to_text(json));
}

std::vector<RunRecord> records_in(const fs::path& cache) {
  std::vector<fs::path> unreadable;
  std::vector<RunRecord> records = read_records(cache, unreadable);
  for (const fs::path& file : unreadable)
    log_warning(fmt::format("{} is no record of a run and is left out", file.string()));
  return records;
}

int run_contest(const ContestOptions& o) {
  catch_stop_signals();
  const ContestPlan plan = plan_of(o);
  claim(o.output, plan);
  const fs::path cache = o.cache.empty() ? fs::path(o.output) / "runs" : fs::path(o.cache);
  ProgramCode code;
  std::vector<RunRecord> records = records_in(cache);
  if (!o.report_only) {
    run_due(match(runs_of(plan), records, code), fs::absolute(cache), o.jobs);
    records = records_in(cache);
    if (stop_requested())
      log_warning("the contest was interrupted; the same command goes on from here");
  }
  return report_contest(o, plan, records, code);
}

void add_choice(CLI::App& verb, ContestOptions& o) {
  verb.add_option("--cases", o.cases,
                  "MODEL:NODE, MODEL or MODEL:NODE:MODE (default Llama 3.1 8B and SmolVLM-256M at "
                  "3, 7, 14 and 28 nm)")
      ->type_name("CASE");
  verb.add_option("--searchers", o.searchers,
                  "NAME or LABEL=NAME:KEY=VALUE,..., separated by ';' (default every searcher)")
      ->type_name("LIST");
  verb.add_option("--budgets", o.budgets, "evaluations a run (default 460,4600)")
      ->type_name("N")
      ->delimiter(',')
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 40));
  verb.add_option("--tracks", o.tracks, "black-box, with-model (default both)")
      ->type_name("TRACK")
      ->delimiter(',');
  verb.add_option("--seeds", o.seeds, "runs of each (default 10)")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{100000}));
  verb.add_option("--first-seed", o.first_seed, "seed of the first of them")->capture_default_str();
  verb.add_option("--calibration", o.calibration, "set of constants")
      ->type_name("NAME")
      ->capture_default_str();
  verb.add_option("--level", o.level, "fidelity of an evaluation")
      ->type_name("LEVEL")
      ->capture_default_str();
}

}  // namespace

ContestPlan plan_of(const ContestOptions& o) {
  ContestPlan plan;
  plan.cases = o.cases.empty() ? default_cases() : parse_cases(o.cases);
  for (ContestCase& where : plan.cases) {
    where.calibration = o.calibration;
    where.level = o.level;
    require_case(where);
    where.node = find_node(load_calibration(where.calibration), where.node).node.name();
  }
  for (const std::string& track : o.tracks) plan.tracks.push_back(parse_track(track));
  plan.tracks =
      or_else(plan.tracks, o.best_known ? std::vector{Track::kBlackBox}
                                        : std::vector{Track::kBlackBox, Track::kWithModel});
  plan.budgets = or_else(
      o.budgets, o.best_known ? std::vector{kLongBudget} : std::vector<std::int64_t>{460, 4600});
  const auto names = or_else(o.searchers, o.best_known ? std::vector<std::string>{kLongSearchers}
                                                       : std::vector<std::string>{});
  plan.variants = names.empty() ? every_searcher() : parse_variants(names);
  for (const Variant& variant : plan.variants) require_settings(variant);
  plan.first_seed = o.first_seed;
  plan.seeds = o.seeds.value_or(o.best_known ? kLongSeeds : plan.seeds);
  return plan;
}

void add_contest(CLI::App& app, Run& run) {
  auto o = std::make_shared<ContestOptions>();
  o->calibration = kPaperCalibration;
  o->level = kDefaultLevel;
  o->jobs = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  CLI::App* verb =
      app.add_subcommand("contest", "every searcher on every case with equal budgets, resumable");
  add_choice(*verb, *o);
  verb->add_flag("--best-known", o->best_known,
                 "make long runs and write best_known.csv (defaults: 200000 evaluations, 5 seeds, "
                 "the strongest searchers)");
  verb->add_option("--best-known-file", o->best_known_file,
                   "best known designs that regret is measured from (default those installed)")
      ->type_name("FILE");
  verb->add_option("--reference", o->reference,
                   "label of a searcher: writes a table of every other against it")
      ->type_name("LABEL");
  verb->add_option("--cache", o->cache, "folder of the runs' records (default OUT/runs)")
      ->type_name("FOLDER");
  verb->add_option("--jobs", o->jobs, "processes at once")
      ->capture_default_str()
      ->check(CLI::Range(1, 1024));
  verb->add_flag("--report-only", o->report_only, "run nothing, write tables of what is there");
  verb->add_option("-o,--output", o->output, "folder to write")->type_name("FOLDER")->required();
  verb->add_flag("--json", o->json, "write JSON for machines instead of text");
  verb->add_flag(
      "-v,--verbose", [](std::int64_t times) { set_verbosity(times); },
      "say on stderr what is loaded and how long each phase takes; -vv says more");
  verb->footer(
      "Examples:\n"
      "  tilewright contest -o contest                          everything; hours\n"
      "  tilewright contest --cases llama-3.1-8b:3nm --budgets 460 --tracks black-box \\\n"
      "    --searchers model,cmaes,random -o small              minutes\n"
      "  tilewright contest --searchers 'sac;plain=sac:updates=0' --reference sac -o ablation\n"
      "  tilewright contest --searchers 'hybrid;warm=hybrid:from=7nm' --cases llama-3.1-8b:3nm \\\n"
      "    -o transfer                                          cold against warm\n"
      "  tilewright contest --best-known -o long                then copy long/best_known.csv\n"
      "  tilewright contest --report-only -o contest            tables of the runs so far\n"
      "Runs that are in the cache and of this program's code are not run again. docs/contest.md "
      "has the rules.\n"
      "Exit status 1: some runs are void, stale or missing.");
  verb->callback([o, &run] { run = [o] { return run_contest(*o); }; });
}

}  // namespace tilewright
