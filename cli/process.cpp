#include "cli/process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

#include "support/error.h"
#include "support/stop.h"

namespace tilewright {
namespace {

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  out.reserve(words.size() + 1);
  for (std::string& word : words) out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

std::vector<std::string> environment_of_child() {
  std::vector<std::string> words;
  for (char** variable = environ; *variable != nullptr; ++variable) words.emplace_back(*variable);
  words.push_back(std::string(kParentVariable) + "=" + std::to_string(::getpid()));
  return words;
}

int exit_status(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : kSignalBase + WTERMSIG(status);
}

}  // namespace

void Children::start(std::size_t index, const Job& job, int output) {
  std::vector<std::string> words{"tilewright"}, environment = environment_of_child();
  words.insert(words.end(), job.arguments.begin(), job.arguments.end());

  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // A process group of its own: Ctrl-C reaches this process alone, which tells its children once.
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  pid_t pid = 0;
  const int error = ::posix_spawn(&pid, "/proc/self/exe", &files, &attributes,
                                  pointers(words).data(), pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0)
    throw Error("TW-CLI-016", std::string("can't be started: ") + std::strerror(error), job.name);
  running_[pid] = {index};
}

std::optional<Children::Ended> Children::poll() {
  for (auto child = running_.begin(); child != running_.end(); ++child) {
    int status = 0;
    if (::waitpid(child->first, &status, WNOHANG) != child->first) continue;
    const Ended ended{child->second.index, exit_status(status)};
    running_.erase(child);
    return ended;
  }
  return std::nullopt;
}

void Children::stop() {
  for (auto& [pid, child] : running_) {
    if (!child.told) ::kill(pid, SIGTERM);
    child.told = true;
  }
}

void wait_a_little() {
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

namespace {

void start_with_log(Children& children, std::size_t index, const Job& job) {
  const int log = ::open(job.log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (log < 0)
    throw Error("TW-CLI-016", std::string("no log: ") + std::strerror(errno), job.log.string());
  try {
    children.start(index, job, log);
  } catch (...) {
    ::close(log);
    throw;
  }
  ::close(log);
}

}  // namespace

void run_jobs(const std::vector<Job>& jobs, int at_once,
              const std::function<void(std::size_t, int)>& on_end) {
  Children children;
  std::size_t next = 0;
  while (children.running() > 0 || (next < jobs.size() && !stop_requested())) {
    while (next < jobs.size() && std::cmp_less(children.running(), at_once) && !stop_requested()) {
      start_with_log(children, next, jobs[next]);
      ++next;
    }
    if (stop_requested()) children.stop();
    if (const auto ended = children.poll()) {
      on_end(ended->index, ended->status);
    } else {
      wait_a_little();
    }
  }
}

}  // namespace tilewright
