// The benches of the hand-written RTL library, which are built with the tests: exactly those that
// the build listed in rtl_benches.txt, which are those that "ctest -L rtl" runs. (What else has
// that label judges the library's sources, lint and Yosys, as two other gates here judge the
// artifact's.) Benches speak for this artifact only if its copy of the library is the one they were
// built from, so that is judged first.
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

constexpr std::uint64_t kMaxSource = 1 << 20;

constexpr const char* kList = "rtl_benches.txt";

// The listed benches; empty when there is no list.
std::vector<fs::path> listed_benches(const fs::path& folder) {
  std::vector<fs::path> benches;
  if (!fs::is_regular_file(folder / kList)) {
    return benches;
  }
  std::istringstream lines(read_file(folder / kList, kMaxSource));
  for (std::string name; std::getline(lines, name);) {
    if (!name.empty()) {
      benches.push_back(fs::absolute(folder / fs::path(name).filename()));
    }
  }
  return benches;
}

bool is_built(const fs::path& bench) {
  std::error_code code;
  const fs::file_status status = fs::status(bench, code);
  return fs::is_regular_file(status) &&
         (status.permissions() & fs::perms::owner_exec) != fs::perms::none;
}

// The first library file of the artifact that differs from the installed library's; empty: none.
std::string changed_file(const RtlSources& rtl, const fs::path& library) {
  for (const std::string& name : rtl.files) {
    if (name.starts_with("tcc_") &&
        (!fs::is_regular_file(library / name) ||
         read_file(library / name, kMaxSource) != read_file(rtl.folder / name, kMaxSource))) {
      return name;
    }
  }
  return "";
}

}  // namespace

GateResult gate_benches(const fs::path& folder, const GateOptions& options) {
  const std::vector<fs::path> benches = listed_benches(options.benches);
  if (benches.empty()) {
    return not_run(
        "no benches here: configure the sources, build all of them (cmake --build BUILD) "
        "and name that folder, --benches BUILD");
  }
  const auto absent = std::find_if_not(benches.begin(), benches.end(), is_built);
  if (absent != benches.end()) {
    return not_run(absent->filename().string() + " is not built: cmake --build " +
                   options.benches.string());
  }
  const std::string changed = changed_file(read_rtl_sources(folder), options.rtl_library);
  if (!changed.empty()) {
    return failed("", "rtl/" + changed + " is not the file that the benches were built from");
  }
  std::size_t good = 0;
  for (const fs::path& bench : benches) {
    const ScratchFolder scratch;  // benches write their memory images where they run
    const ToolRun run = run_tool({bench.string()}, scratch.path(), options.tool_timeout_s);
    if (!run.ok()) {
      return failed(std::to_string(good) + " benches good before it",
                    bench.filename().string() + ": " + first_failure(run, {"FAIL", "rror"}));
    }
    ++good;
  }
  return passed(std::to_string(good) + " benches");
}

}  // namespace tilewright
