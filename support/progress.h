// A progress bar with ETA on a terminal; nothing in a pipe.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace tilewright {

class Progress {
 public:
  // `total` steps; writes to stderr only when it is a terminal.
  Progress(std::string label, std::int64_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  // Whether an update would be drawn: what it says need not be made otherwise.
  bool due() const;
  // `note` is a short status such as "best 0.98, 61 % feasible". Redraws at most ten times a
  // second.
  void update(std::int64_t done, const std::string& note = "");
  // One of the steps done took no time: the ETA leaves it out.
  void skip() { ++skipped_; }

 private:
  void draw(const std::string& note);
  std::string label_;
  std::int64_t total_, done_ = 0, skipped_ = 0;
  bool terminal_;
  std::chrono::steady_clock::time_point start_, last_;
};

}  // namespace tilewright
