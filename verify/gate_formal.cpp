// Proofs of the RTL library, on the artifact's own copy of it: those that the build listed in
// rtl_proofs.txt, a command a line in which "{rtl}" stands for the folder of the sources.
#include <algorithm>
#include <sstream>

#include "support/error.h"
#include "support/file.h"
#include "support/scratch.h"
#include "verify/artifact.h"
#include "verify/gates.h"
#include "verify/process.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

constexpr const char* kList = "rtl_proofs.txt";
constexpr std::uint64_t kMaxList = 1 << 16;

std::vector<std::vector<std::string>> listed_proofs(const fs::path& list, const fs::path& rtl) {
  std::vector<std::vector<std::string>> proofs;
  std::istringstream lines(read_file(list, kMaxList));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::vector<std::string> command;
    for (std::string word; words >> word;) command.push_back(word == "{rtl}" ? rtl.string() : word);
    if (!command.empty()) proofs.push_back(std::move(command));
  }
  return proofs;
}

// The proofs' scripts put the folder's name into scripts of other tools: it is one of ours.
void copy_sources(const RtlSources& rtl, const fs::path& to) {
  for (const std::string& file : rtl.files) fs::copy_file(rtl.folder / file, to / file);
  for (const auto& entry : fs::directory_iterator(rtl.folder)) {
    const bool header = entry.is_regular_file() && entry.path().extension() == ".svh";
    if (header) fs::copy_file(entry.path(), to / entry.path().filename());
  }
}

}  // namespace

GateResult gate_formal(const fs::path& folder, const GateOptions& options) {
  const fs::path list = options.benches / kList;
  if (!fs::is_regular_file(list))
    return not_run("no list of proofs here: configure the sources and name that, --benches BUILD");
  const ScratchFolder scratch;
  copy_sources(read_rtl_sources(folder), scratch.path());
  std::string figure;
  for (const auto& command : listed_proofs(list, scratch.path())) {
    const ToolRun run = run_tool(command, scratch.path(), options.tool_timeout_s);
    if (!run.started) return not_run(command.front() + " can't be run");
    if (!run.ok()) return failed(figure, first_failure(run, {"refuted", "NEVER", "FAIL", "rror"}));
    const auto begin = run.output.rfind("PASS ");
    if (begin == std::string::npos) return failed(figure, command.back() + " does not say PASS");
    const auto end = run.output.find('\n', begin);
    figure += (figure.empty() ? "" : "; ") + run.output.substr(begin + 5, end - begin - 5);
  }
  return passed(figure);
}

}  // namespace tilewright
