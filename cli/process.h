// Runs the program itself in other processes.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace tilewright {

struct Job {
  std::string name;
  std::vector<std::string> arguments;  // without the program's name
  std::filesystem::path log;           // takes its stdout and stderr
};

// At most `at_once` at a time, in order. `on_end` hears the index and the exit status (128 + n for
// signal n) of each job as it ends. When a stop is requested no more are started and the running
// ones are told to stop. Throws Error TW-CLI-016 when a process can't be started.
void run_jobs(const std::vector<Job>& jobs, int at_once,
              const std::function<void(std::size_t, int)>& on_end);

}  // namespace tilewright
