// The benches of the hand-written RTL library, which are built with the program. They speak for
// this artifact only if its copy of the library is the one they were built from, so that is judged
// first.
#include <algorithm>

#include "support/error.h"
#include "support/file.h"
#include "verify/artifact.h"
#include "verify/gates.h"
#include "verify/process.h"
#include "verify/scratch.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kMaxSource = 1 << 20;

bool is_bench(const fs::directory_entry& entry) {
  return entry.is_regular_file() && !entry.path().has_extension() &&
         entry.path().filename().string().starts_with("rtl_bench_") &&
         (entry.status().permissions() & fs::perms::owner_exec) != fs::perms::none;
}

std::vector<fs::path> find_benches(const fs::path& folder) {
  std::vector<fs::path> benches;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    if (is_bench(entry)) {
      benches.push_back(fs::absolute(entry.path()));
    }
  }
  std::sort(benches.begin(), benches.end());
  return benches;
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
  const std::vector<fs::path> benches = find_benches(options.benches);
  if (benches.empty()) {
    return not_run("no built benches were found; build the tests to have them");
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
