#include "program.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "support/file.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

void redirect(const fs::path& file, int descriptor, int flags = O_WRONLY | O_CREAT | O_TRUNC) {
  const int opened = ::open(file.c_str(), flags, 0644);
  ::dup2(opened, descriptor);
  ::close(opened);
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
