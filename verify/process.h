// Runs an external tool: an argument vector, never a shell.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace tilewright {

struct ToolRun {
  bool started = false;    // false: not found or not executable
  bool timed_out = false;  // the tool and its children were killed
  int status = -1;         // exit status; 128 + signal when killed by one
  std::string output;      // stdout and stderr together; of a long one beginning and end
  double seconds = 0;
  double peak_mb = 0;  // resident memory of the largest process

  bool ok() const { return started && !timed_out && status == 0; }
};

// Runs arguments[0], found by PATH, in `folder`, with no input. `timeout_s` > 0.
ToolRun run_tool(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
                 int timeout_s);

// Why a run failed, in one line: the first line of its output that contains one of `marks`, or the
// last.
std::string first_failure(const ToolRun& run, const std::vector<std::string>& marks);

}  // namespace tilewright
