// Who does jobs. A worker is a process of its own, so that a crash is that job's alone.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "cli/process.h"
#include "cli/sweep/plan.h"
#include "cli/sweep/result.h"
#include "cli/sweep/schedule.h"

namespace tilewright {

struct Report {
  std::size_t job = 0;
  Ending ending = Ending::kDone;
};

class Workers {
 public:
  virtual ~Workers() = default;
  virtual bool is_one_free() const = 0;
  // Only when one is free. How it ends is reported, even when that is at once.
  virtual void start(std::size_t job) = 0;
  // Never waits.
  virtual std::optional<Report> poll() = 0;
  // Those that run are told to leave a checkpoint and end; they are reported as any.
  virtual void stop() = 0;
};

// Processes on this machine. Each locks its job's log while it runs, so that no two, of whatever
// sweep, work on one job.
class LocalWorkers : public Workers {
 public:
  // `jobs` must outlive it.
  LocalWorkers(const std::vector<SearchJob>& jobs, int at_once);
  bool is_one_free() const override;
  void start(std::size_t job) override;
  std::optional<Report> poll() override;
  void stop() override { children_.stop(); }

 private:
  Ending judge(const SearchJob& job, int status);

  const std::vector<SearchJob>& jobs_;
  std::size_t at_once_;
  Results results_;
  Children children_;
  std::deque<Report> known_;  // without a process
};

}  // namespace tilewright
