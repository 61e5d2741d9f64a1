// tilewright contest-run: one run of a contest. `tilewright contest` starts it in a process of its
// own, so that a crash voids that run alone and the counter of L0 queries is the run's.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <set>

#include "cli/contest.h"
#include "cli/log.h"
#include "cli/process.h"
#include "cli/source.h"
#include "cli/target.h"
#include "cli/verbs.h"
#include "experiments/contest/run.h"
#include "support/file.h"
#include "support/json.h"
#include "support/progress.h"
#include "support/stop.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

constexpr int kStopped = 1;

int run_one(const std::string& text, const std::string& cache) {
  catch_stop_signals();
  const RunSpec spec = run_spec_from_json(parse_json(text, "--run"), "--run");
  const CodeHashes code = current_hashes(spec.where.calibration, spec.searcher);
  const auto record = contest_run(problem_of, spec, code);
  if (!record) return kStopped;
  write_record(cache, *record);
  return 0;
}

// What the process said last, or which signal ended it.
std::string cause_of_death(int status, const fs::path& log) {
  if (status > kSignalBase)
    return fmt::format("the process died of signal {}", status - kSignalBase);
  constexpr std::size_t kMost = 300;
  std::string said = fs::exists(log) ? read_file(log) : "";
  while (!said.empty() && said.back() == '\n') said.pop_back();
  said = said.substr(said.find_last_of('\n') + 1).substr(0, kMost);
  return fmt::format("the process ended with status {}: {}", status, said);
}

void note_death(const PlannedRun& run, const Job& job, int status, const fs::path& cache) {
  RunRecord record;
  record.spec = run.spec;
  record.code = run.code;
  record.failure = cause_of_death(status, job.log);
  write_record(cache, record);
  log_warning(fmt::format("{}: {}", job.name, record.failure));
}

}  // namespace

Problem problem_of(const ContestCase& where) {
  TargetOptions options = default_target();
  options.node = where.node;
  options.mode = where.mode;
  options.calibration = where.calibration;
  options.level = where.level;
  auto calibration = std::make_shared<const Calibration>(load_calibration(where.calibration));
  const LoadOptions load = load_options(ModelOptions{}, *calibration, parse_mode(where.mode));
  const Source source = load_source(where.model, load);
  const Target target = make_target(options, std::move(calibration), source.workload, Overrides{});
  return {target.surrogate, target.level};
}

Job contest_job(const RunSpec& spec, const CodeHashes& code, const fs::path& cache) {
  return {name_of(spec),
          {"contest-run", "--run", to_json(spec).dump(), "--cache", cache.string()},
          record_path(cache, spec, code).replace_extension(".log")};
}

void run_due(const std::vector<PlannedRun>& runs, const fs::path& cache, int at_once) {
  std::vector<const PlannedRun*> due;
  std::vector<Job> jobs;
  std::int64_t total = 0, done = 0;
  std::set<std::string> planned;  // one run may stand in several heats
  for (const PlannedRun& run : runs) {
    if (!planned.insert(key_of(run.spec)).second) continue;
    total += run.spec.budget;
    if (!is_due(run)) {
      done += run.spec.budget;
      continue;
    }
    due.push_back(&run);
    jobs.push_back(contest_job(run.spec, run.code, cache));
    fs::create_directories(jobs.back().log.parent_path());
  }
  Progress progress("contest", total);
  progress.update(done);
  std::size_t ended = 0;
  run_jobs(jobs, at_once, [&](std::size_t i, int status) {
    // A process that was told to stop has not failed.
    if (status != 0 && !stop_requested()) note_death(*due[i], jobs[i], status, cache);
    fs::remove(jobs[i].log);
    done += due[i]->spec.budget;
    progress.update(done, fmt::format("run {} of {}: {}", ++ended, jobs.size(), jobs[i].name));
  });
}

void add_contest_run(CLI::App& app, Run& run) {
  auto text = std::make_shared<std::string>(), cache = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand("contest-run", "one run of a contest")->group("");
  verb->add_option("--run", *text, "run as JSON")->type_name("JSON")->required();
  verb->add_option("--cache", *cache, "folder of the records")->type_name("FOLDER")->required();
  verb->callback([text, cache, &run] { run = [text, cache] { return run_one(*text, *cache); }; });
}

}  // namespace tilewright
