#include "cli/sweep/workers.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <vector>

#include "support/error.h"
#include "support/file_lock.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

// A process that was killed could not say so itself.
void note_death(const fs::path& log, int signal) {
  std::ofstream(log, std::ios::app) << fmt::format("tilewright: ended by signal {}\n", signal);
}

// What a process that was killed had half written beside the job's folder.
void remove_leftovers(const SearchJob& job) {
  std::vector<fs::path> leftovers;
  for (const auto& entry : fs::directory_iterator(job.log.parent_path())) {
    const std::string name = entry.path().filename().string();
    for (const char* what : {".partial-", ".checkpoint.partial-"}) {
      if (name.starts_with("." + job.name + what)) leftovers.push_back(entry.path());
    }
  }
  for (const fs::path& leftover : leftovers) fs::remove_all(leftover);
}

}  // namespace

LocalWorkers::LocalWorkers(const std::vector<SearchJob>& jobs, int at_once)
    : jobs_(jobs), at_once_(static_cast<std::size_t>(at_once)) {}

bool LocalWorkers::is_one_free() const {
  return children_.running() + known_.size() < at_once_;
}

void LocalWorkers::start(std::size_t index) {
  const SearchJob& job = jobs_[index];
  const bool was_begun = fs::exists(job.log);
  const auto lock = FileLock::try_lock(job.log);
  if (!lock) {
    known_.push_back({index, Ending::kBusy});
    return;
  }
  if (was_begun) remove_leftovers(job);
  if (results_.has(job)) {
    fs::remove(job.log);
    known_.push_back({index, Ending::kDoneBefore});
  } else {
    if (::ftruncate(lock->descriptor(), 0) != 0)
      throw Error("TW-FILE-003", "can't be emptied", job.log.string());
    children_.start(index, {job.name, to_arguments(job.compile), job.log}, lock->descriptor());
  }
}

std::optional<Report> LocalWorkers::poll() {
  if (!known_.empty()) {
    const Report report = known_.front();
    known_.pop_front();
    return report;
  }
  const auto ended = children_.poll();
  if (!ended) return std::nullopt;
  return Report{ended->index, judge(jobs_[ended->index], ended->status)};
}

// Status 1 is a design that is not feasible: a result. A folder that does not answer the job is of
// a search that somebody stopped.
Ending LocalWorkers::judge(const SearchJob& job, int status) {
  if (status > kSignalBase) {
    note_death(job.log, status - kSignalBase);
    // Unless another sweep has taken the job up since.
    if (FileLock::try_lock(job.log)) remove_leftovers(job);
    return Ending::kDied;
  }
  if (status > 1) return Ending::kUnusable;
  fs::remove(job.log);
  return results_.has(job) ? Ending::kDone : Ending::kDied;
}

}  // namespace tilewright
