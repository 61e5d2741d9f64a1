// Runs the program and looks at what a shell would see.
#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace tilewright {

struct Outcome {
  int status = -1;  // exit status; 128 + n when signal n ended it
  std::string out, err;
  double seconds = 0;
  double cpu_seconds = 0;  // of all its threads, in user and system mode
  double peak_mib = 0;
};

// With a folder of its own, which is the working directory of what it runs.
class Program : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  Outcome run(const std::vector<std::string>& arguments);
  // The same for another program.
  Outcome run_other(const std::filesystem::path& program,
                    const std::vector<std::string>& arguments);
  pid_t start(const std::vector<std::string>& arguments);
  Outcome wait(pid_t pid);

  std::filesystem::path folder_;
  std::filesystem::path program_ = TILEWRIGHT_BINARY_DIR "/tilewright";
  std::filesystem::path input_ = "/dev/null";  // what it reads on stdin
};

// Exactly one line "tilewright: TW-...".
void expect_one_error_line(const Outcome& outcome, const std::string& what);

// Running processes whose parent is `pid`.
std::vector<pid_t> children_of(pid_t pid);
bool is_running(pid_t pid);
// The children of `pid` when there are `count` of them; fewer when it ended before.
std::vector<pid_t> wait_for_children(pid_t pid, std::size_t count);

// Where PATH finds a program; empty when it does not.
std::filesystem::path find_program(const std::string& name);

// Relative path -> content of every file below `folder`.
std::vector<std::pair<std::string, std::string>> contents(const std::filesystem::path& folder);

}  // namespace tilewright
