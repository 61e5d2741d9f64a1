#include "program.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>
#include <utility>

#include "support/file.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

void redirect(const fs::path& file, int descriptor, int flags = O_WRONLY | O_CREAT | O_TRUNC) {
  const int opened = ::open(file.c_str(), flags, 0644);
  ::dup2(opened, descriptor);
  ::close(opened);
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

}  // namespace

void Program::SetUp() {
  const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
  folder_ = fs::temp_directory_path() /
            ("tilewright-cli-" + std::string(info->name()) + "-" + std::to_string(::getpid()));
  fs::remove_all(folder_);
  fs::create_directories(folder_);
}

void Program::TearDown() {
  fs::remove_all(folder_);
}

pid_t Program::start(const std::vector<std::string>& arguments) {
  std::vector<std::string> words{program_};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid == 0) {
    redirect(input_, STDIN_FILENO, O_RDONLY);
    redirect(folder_ / ".stdout", STDOUT_FILENO);
    redirect(folder_ / ".stderr", STDERR_FILENO);
    if (::chdir(folder_.c_str()) != 0) ::_exit(126);
    ::execv(program_.c_str(), argv.data());
    ::_exit(127);
  }
  return pid;
}

Outcome Program::wait(pid_t pid) {
  int status = 0;
  rusage usage{};
  ::wait4(pid, &status, 0, &usage);
  Outcome outcome;
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  outcome.out = read_file(folder_ / ".stdout");
  outcome.err = read_file(folder_ / ".stderr");
  outcome.cpu_seconds = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
  outcome.peak_mib = static_cast<double>(usage.ru_maxrss) / 1024;
  fs::remove(folder_ / ".stdout");
  fs::remove(folder_ / ".stderr");
  return outcome;
}

Outcome Program::run(const std::vector<std::string>& arguments) {
  const auto before = std::chrono::steady_clock::now();
  Outcome outcome = wait(start(arguments));
  outcome.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
  return outcome;
}

Outcome Program::run_other(const fs::path& program, const std::vector<std::string>& arguments) {
  const fs::path ours = std::exchange(program_, program);
  Outcome outcome = run(arguments);
  program_ = ours;
  return outcome;
}

namespace {

struct ProcessState {
  std::string state;  // empty: no such process
  pid_t parent = 0;
};

// From /proc/PID/stat, whose second word is a name in brackets.
ProcessState state_of(const fs::path& process) {
  std::ifstream in(process / "stat");
  std::string text;
  std::getline(in, text);
  const std::size_t bracket = text.rfind(')');
  ProcessState state;
  if (bracket == std::string::npos) return state;
  std::istringstream words(text.substr(bracket + 1));
  words >> state.state >> state.parent;
  return state;
}

}  // namespace

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> children;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const ProcessState state = state_of(entry.path());
    if (state.parent == pid && state.state != "Z") children.push_back(std::stoi(name));
  }
  return children;
}

bool is_running(pid_t pid) {
  const std::string state = state_of("/proc/" + std::to_string(pid)).state;
  return !state.empty() && state != "Z";
}

std::vector<pid_t> wait_for_children(pid_t pid, std::size_t count) {
  std::vector<pid_t> children;
  while (is_running(pid) && (children = children_of(pid)).size() < count) {
    std::this_thread::yield();
  }
  return children;
}

fs::path find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path != nullptr ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    std::error_code code;
    if (fs::is_regular_file(fs::path(folder) / name, code)) return fs::path(folder) / name;
  }
  return {};
}

void expect_one_error_line(const Outcome& outcome, const std::string& what) {
  EXPECT_EQ(outcome.status, 2) << what << "\n" << outcome.err;
  EXPECT_TRUE(outcome.err.starts_with("tilewright: TW-")) << what << ": " << outcome.err;
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1)
      << what << ": " << outcome.err;
  EXPECT_EQ(outcome.out, "") << what;
}

std::vector<std::pair<std::string, std::string>> contents(const fs::path& folder) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    files.emplace_back(entry.path().lexically_relative(folder).generic_string(),
                       read_file(entry.path()));
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace tilewright
