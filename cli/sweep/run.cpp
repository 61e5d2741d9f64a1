#include "cli/sweep/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <thread>

#include "cli/log.h"
#include "cli/process.h"
#include "cli/source.h"
#include "cli/sweep/ranked.h"
#include "cli/version.h"
#include "cluster/ranks.h"
#include "support/error.h"
#include "support/file.h"
#include "support/json.h"
#include "support/progress.h"
#include "support/stop.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

constexpr const char* kSweepSchema = "tilewright.sweep";
constexpr int kSweepSchemaVersion = 2;  // 2: jobs are named after their workload

std::vector<std::optional<std::size_t>> predecessors(const std::vector<SearchJob>& jobs) {
  std::vector<std::optional<std::size_t>> after;
  after.reserve(jobs.size());
  for (const SearchJob& job : jobs) after.push_back(job.after);
  return after;
}

void say(const SearchJob& job, Ending ending, bool again) {
  switch (ending) {
    case Ending::kDone:
      log_phase(fmt::format("job {} is done", job.name));
      break;
    case Ending::kDoneBefore:
      log_phase(fmt::format("job {} was done already", job.name));
      break;
    case Ending::kBusy:
      log_detail(fmt::format("job {} is in the hands of another program", job.name));
      break;
    case Ending::kUnusable:
      log_warning(fmt::format("job {} can't work: see {}", job.name, job.log.string()));
      break;
    case Ending::kDied:
      if (!stop_requested()) {
        log_warning(fmt::format("job {} died{}", job.name,
                                again ? " and is tried again" : ": see " + job.log.string()));
      }
      break;
  }
}

}  // namespace

void claim_folder(const fs::path& folder, const std::vector<SearchJob>& jobs) {
  for (const SearchJob& job : jobs) require_model(job.compile.model.model);
  if (fs::exists(folder) && !fs::is_empty(folder) && !fs::exists(folder / "sweep.json")) {
    throw Error("TW-FILE-004", "exists and was not written by tilewright sweep", folder.string(),
                "name another folder with -o");
  }
  fs::create_directories(folder / "jobs");
  const std::string text = to_text(Json{
      {"schema", kSweepSchema}, {"schema_version", kSweepSchemaVersion}, {"program", kVersion}});
  // Tasks of a job array come here at the same time.
  const fs::path file = folder / "sweep.json";
  if (!fs::exists(file) || read_file(file) != text) write_file(file, text);
}

std::vector<JobState> deal_jobs(const std::vector<SearchJob>& jobs, Workers& workers,
                                const RunOptions& options) {
  Schedule schedule(predecessors(jobs), options.retries);
  Progress progress(options.label, std::ssize(jobs));
  while (!schedule.finished() && !(stop_requested() && schedule.running() == 0)) {
    while (workers.is_one_free() && !stop_requested()) {
      const auto job = schedule.next();
      if (!job) break;
      workers.start(*job);
    }
    if (stop_requested()) workers.stop();
    const auto report = workers.poll();
    if (report) {
      const SearchJob& job = jobs[report->job];
      say(job, report->ending, schedule.ended(report->job, report->ending));
      if (report->ending == Ending::kDoneBefore) progress.skip();
    }
    progress.update(static_cast<std::int64_t>(schedule.through()),
                    fmt::format("{} running", schedule.running()));
    if (!report || report->ending == Ending::kBusy) wait_a_little();
  }
  return schedule.states();
}

std::optional<std::vector<JobState>> run_search_jobs(const std::vector<SearchJob>& jobs,
                                                     const fs::path& folder,
                                                     const RunOptions& options) {
  const auto cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  if (!is_launched()) {
    claim_folder(folder, jobs);
    LocalWorkers workers(jobs, options.at_once.value_or(cores));
    return deal_jobs(jobs, workers, options);
  }
  const std::unique_ptr<Ranks> ranks = open_ranks();
  const RankPlan plan{plan_mark(jobs), options.at_once.value_or(1), Seconds(options.silence_s)};
  LocalWorkers own(jobs, plan.at_once);
  if (ranks->rank() != 0) {
    if (serve(*ranks, own, plan)) ranks->finish();
    return std::nullopt;
  }
  claim_folder(folder, jobs);
  RankedWorkers workers(*ranks, own, plan);
  std::vector<JobState> states = deal_jobs(jobs, workers, options);
  workers.dismiss();
  return states;
}

}  // namespace tilewright
