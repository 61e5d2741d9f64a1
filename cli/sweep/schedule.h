// Which job is next, which is tried again, which is through. Knows no process and no clock.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

namespace tilewright {

// How one try of a job ended.
enum class Ending {
  kDone,        // its folder is there
  kDoneBefore,  // and was there already
  kUnusable,    // it can't work, however often it is tried
  kDied,        // a signal or a machine ended it, or somebody told it to stop
  kBusy,        // another program works on it
};

enum class JobState { kNotRun, kDone, kFailed };

class Schedule {
 public:
  // `after[i]` is the job that must have ended before job i starts, and comes before it in the
  // list. A job that died is tried again `retries` times.
  Schedule(std::vector<std::optional<std::size_t>> after, int retries);

  // The first job that may start now; it counts as running until `ended`.
  std::optional<std::size_t> next();
  // True: it will be dealt again. A busy job goes to the end of the queue and has not used a try.
  bool ended(std::size_t job, Ending ending);
  bool finished() const { return waiting_.empty() && running_ == 0; }
  std::size_t running() const { return running_; }
  std::size_t through() const;  // jobs that have ended for good
  const std::vector<JobState>& states() const { return states_; }

 private:
  std::vector<std::optional<std::size_t>> after_;
  std::vector<JobState> states_;
  std::vector<int> tries_left_;
  std::deque<std::size_t> waiting_;
  std::size_t running_ = 0;
};

}  // namespace tilewright
