#include "verify/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <sstream>

namespace tilewright {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kKept = 1 << 19;  // of the output's beginning, and of its end
constexpr std::size_t kMaxLine = 300;
constexpr int kNotStarted = 127;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// In the child: only calls that are safe between fork and exec.
[[noreturn]] void become_tool(char* const* arguments, const char* folder, int output) {
  ::setpgid(0, 0);
  const int input = ::open("/dev/null", O_RDONLY);
  if (::chdir(folder) != 0 || input < 0 || ::dup2(input, 0) < 0 || ::dup2(output, 1) < 0 ||
      ::dup2(output, 2) < 0) {
    ::_exit(kNotStarted);
  }
  ::execvp(arguments[0], arguments);
  ::_exit(kNotStarted);
}

// Reads until the tool closes its output or time is up; true in the first case.
bool collect(int descriptor, Clock::time_point start, int timeout_s, std::string& output) {
  std::array<char, 1 << 16> block{};
  while (true) {
    const double left = timeout_s - seconds_since(start);
    pollfd waiting{descriptor, POLLIN, 0};
    if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left * 1000) + 1) == 0) {
      return false;
    }
    const ssize_t got = ::read(descriptor, block.data(), block.size());
    if (got == 0 || (got < 0 && errno != EINTR)) {
      return true;
    }
    if (got > 0) {
      output.append(block.data(), static_cast<std::size_t>(got));
      if (output.size() > 4 * kKept) {
        output.erase(kKept, output.size() - 2 * kKept);
      }
    }
  }
}

void reap(pid_t child, ToolRun& run) {
  int status = 0;
  rusage usage{};
  while (::wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  run.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  run.peak_mb = static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace

ToolRun run_tool(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
                 int timeout_s) {
  ToolRun run;
  std::vector<std::string> copies = arguments;
  std::vector<char*> pointers;
  pointers.reserve(copies.size() + 1);
  for (std::string& argument : copies) {
    pointers.push_back(argument.data());
  }
  pointers.push_back(nullptr);
  std::array<int, 2> pipe_ends{};
  if (::pipe2(pipe_ends.data(), O_CLOEXEC) != 0) {
    return run;
  }
  const auto start = Clock::now();
  const pid_t child = ::fork();
  if (child == 0) {
    become_tool(pointers.data(), folder.c_str(), pipe_ends[1]);
  }
  ::close(pipe_ends[1]);
  if (child > 0) {
    ::setpgid(child, child);
    run.timed_out = !collect(pipe_ends[0], start, timeout_s, run.output);
    if (run.timed_out) {
      ::kill(-child, SIGKILL);
    }
    reap(child, run);
    run.started = run.status != kNotStarted;
  }
  ::close(pipe_ends[0]);
  run.seconds = seconds_since(start);
  return run;
}

std::string first_failure(const ToolRun& run, const std::vector<std::string>& marks) {
  if (!run.started) {
    return "the tool could not be started";
  }
  if (run.timed_out) {
    return "no answer after " + std::to_string(static_cast<int>(run.seconds)) + " s";
  }
  std::istringstream lines(run.output);
  std::string last;
  for (std::string line; std::getline(lines, line);) {
    line = line.substr(0, kMaxLine);
    const auto in_line = [&](const std::string& mark) { return line.find(mark) != line.npos; };
    if (std::any_of(marks.begin(), marks.end(), in_line)) {
      return line;
    }
    last = line.empty() ? last : line;
  }
  return last.empty() ? "exit status " + std::to_string(run.status) : last;
}

}  // namespace tilewright
