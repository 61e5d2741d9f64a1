// Runs the program itself in other processes.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tilewright {

struct Job {
  std::string name;
  std::vector<std::string> arguments;  // without the program's name
  std::filesystem::path log;           // takes its stdout and stderr
};

inline constexpr int kSignalBase = 128;  // a status above it: the process was ended by a signal

// Processes of this one, each known by a number of the caller's. They are told to stop when this
// one ends, however it ends, and hear no signal of its terminal.
class Children {
 public:
  struct Ended {
    std::size_t index = 0;
    int status = 0;  // exit status; 128 + n for signal n
  };
  // `output` is a descriptor. Throws Error TW-CLI-016 when the process can't be started.
  void start(std::size_t index, const Job& job, int output);
  // One that has ended since; never waits.
  std::optional<Ended> poll();
  // Told once each, however often this is called.
  void stop();
  std::size_t running() const { return running_.size(); }

 private:
  struct Child {
    std::size_t index = 0;
    bool told = false;
  };
  std::map<pid_t, Child> running_;
};

// Between two looks at processes that run.
void wait_a_little();

// At most `at_once` at a time, in order. `on_end` hears the index and the exit status of each job
// as it ends. When a stop is requested no more are started and the running ones are told to stop.
// Throws as Children::start does.
void run_jobs(const std::vector<Job>& jobs, int at_once,
              const std::function<void(std::size_t, int)>& on_end);

}  // namespace tilewright
