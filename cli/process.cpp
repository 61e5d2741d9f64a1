#include "cli/process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <map>
#include <thread>

#include "support/error.h"
#include "support/stop.h"

namespace tilewright {
namespace {

constexpr auto kPoll = std::chrono::milliseconds(20);

pid_t start(const Job& job) {
  std::vector<std::string> words{"tilewright"};
  words.insert(words.end(), job.arguments.begin(), job.arguments.end());
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, job.log.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
  pid_t pid = 0;
  const int error = ::posix_spawn(&pid, "/proc/self/exe", &files, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0)
    throw Error("TW-CLI-016", std::string("can't be started: ") + std::strerror(error), job.name);
  return pid;
}

int exit_status(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

void run_jobs(const std::vector<Job>& jobs, int at_once,
              const std::function<void(std::size_t, int)>& on_end) {
  std::map<pid_t, std::size_t> running;
  std::size_t next = 0;
  bool told = false;
  while (!running.empty() || (next < jobs.size() && !stop_requested())) {
    while (next < jobs.size() && std::ssize(running) < at_once && !stop_requested()) {
      running[start(jobs[next])] = next;
      ++next;
    }
    if (stop_requested() && !told) {
      for (const auto& [pid, index] : running) ::kill(pid, SIGTERM);
      told = true;
    }
    int status = 0;
    const pid_t ended = ::waitpid(-1, &status, WNOHANG);
    if (const auto found = running.find(ended); found != running.end()) {
      const std::size_t index = found->second;
      running.erase(found);
      on_end(index, exit_status(status));
    } else {
      std::this_thread::sleep_for(kPoll);
    }
  }
}

}  // namespace tilewright
