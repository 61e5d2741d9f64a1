#include "cli/sweep/schedule.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace tilewright {

Schedule::Schedule(std::vector<std::optional<std::size_t>> after, int retries)
    : after_(std::move(after)),
      states_(after_.size(), JobState::kNotRun),
      tries_left_(after_.size(), retries),
      waiting_(after_.size()) {
  std::iota(waiting_.begin(), waiting_.end(), std::size_t{0});
}

std::optional<std::size_t> Schedule::next() {
  const auto first = std::find_if(waiting_.begin(), waiting_.end(), [&](std::size_t job) {
    return !after_[job] || states_[*after_[job]] != JobState::kNotRun;
  });
  if (first == waiting_.end()) return std::nullopt;
  const std::size_t job = *first;
  waiting_.erase(first);
  ++running_;
  return job;
}

bool Schedule::ended(std::size_t job, Ending ending) {
  --running_;
  if (ending == Ending::kBusy) {
    waiting_.push_back(job);
    return true;
  }
  if (ending == Ending::kDied && tries_left_[job]-- > 0) {
    waiting_.push_front(job);
    return true;
  }
  const bool done = ending == Ending::kDone || ending == Ending::kDoneBefore;
  states_[job] = done ? JobState::kDone : JobState::kFailed;
  return false;
}

std::size_t Schedule::through() const {
  return states_.size() - waiting_.size() - running_;
}

}  // namespace tilewright
