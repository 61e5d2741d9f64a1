// The judges: each gate looks at an artifact folder from outside and says whether it holds. Nothing
// of the generator is used here; a gate knows the folder's layout and the tools, not how files were
// made.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace tilewright {

struct GateResult {
  std::string name;
  bool ran = false;     // false: this gate could not judge; `detail` says why
  bool passed = false;  // only with `ran`
  std::string figure;   // what was measured: "41 files, 7.1 MB"
  std::string detail;   // first failure, one line; empty when passed
  double seconds = 0;   // wall clock: to print, never to store in an artifact
};

// From cheap to thorough; a level includes those before it.
enum class GateLevel {
  kFiles = 0,      // the manifest's hashes, the weight images' sums
  kLint = 1,       // Verilator's lint of the whole chip
  kBenches = 2,    // the benches of the RTL library
  kStructure = 3,  // Yosys on every distinct tile wrapper
  kSynth = 4,      // the same, mapped to the cells of a library
  kFormal = 5,     // proofs of the RTL library
};
inline constexpr int kMaxGateLevel = static_cast<int>(GateLevel::kFormal);

struct GateOptions {
  // Build folder whose rtl_benches.txt lists the RTL library's benches, and rtl_proofs.txt its
  // proofs; empty, without that list, or with a bench not built: that gate does not run, and says
  // what to do.
  std::filesystem::path benches;
  // Folder with the RTL library that the benches were built from.
  std::filesystem::path rtl_library;
  std::filesystem::path liberty;  // cell library; empty: no synthesis
  int tool_timeout_s = 600;       // for one run of an external tool
};

// Names and levels, in the order they run.
struct GateInfo {
  std::string name;
  GateLevel level = GateLevel::kFiles;
  std::string judges;
};
std::vector<GateInfo> gate_list();

// Runs every gate up to `level` on `folder`. A gate that finds something wrong returns; only an
// unusable folder throws: Error TW-VERIFY-001. `on_result`, when given, hears each result as it
// comes.
std::vector<GateResult> run_gates(const std::filesystem::path& folder, int level,
                                  const GateOptions& options = {},
                                  const std::function<void(const GateResult&)>& on_result = {});

// True when at least one gate ran and none that ran failed.
bool all_passed(const std::vector<GateResult>& results);

}  // namespace tilewright
