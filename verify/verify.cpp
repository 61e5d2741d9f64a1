#include "verify/verify.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "support/error.h"
#include "support/json.h"
#include "verify/gates.h"

namespace tilewright {
namespace {

struct Entry {
  const char* name;
  GateLevel level;
  Gate run;
  const char* judges;
  const char* part;  // what the gate judges, a folder that a compile may leave out
};

constexpr std::array kGates{
    Entry{"files", GateLevel::kFiles, gate_files,
          "every file has the hash that manifest.json gives", ""},
    Entry{"weights", GateLevel::kFiles, gate_weights, "the images hold every weight exactly once",
          "weights"},
    Entry{"channels", GateLevel::kFiles, gate_channels,
          "no ring of channels in which packets could wait for each other", "rtl"},
    Entry{"lint", GateLevel::kLint, gate_lint, "verilator --lint-only -Wall on the top, no waivers",
          "rtl"},
    Entry{"benches", GateLevel::kBenches, gate_benches,
          "the library's benches, for this very library", "rtl"},
    Entry{"structure", GateLevel::kStructure, gate_structure,
          "yosys hierarchy -check, proc, check -assert on every distinct tile wrapper", "rtl"},
    Entry{"synth", GateLevel::kSynth, gate_synth,
          "yosys maps every distinct tile to the cells of a library", "rtl"},
    Entry{"formal", GateLevel::kFormal, gate_formal,
          "the library's proofs of core and router, on the artifact's copy", "rtl"},
};

// Why the manifest says that `part` is not there; empty when it is there, or nothing is said.
std::string why_left_out(const std::filesystem::path& folder, const std::string& part) {
  if (part.empty() || std::filesystem::exists(folder / part)) return "";
  const Json manifest = read_json(folder / "manifest.json");
  const Json::json_pointer lines("/result/not_generated");
  if (!manifest.contains(lines)) return "";
  for (const Json& line : manifest.at(lines)) {
    const std::string text = line.is_string() ? line.get<std::string>() : "";
    if (text.starts_with(part + "/: ")) return text.substr(part.size() + 3);
  }
  return "";
}

GateResult judge(const Entry& gate, const std::filesystem::path& folder,
                 const GateOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  GateResult result;
  try {
    const std::string why = why_left_out(folder, gate.part);
    result = why.empty() ? gate.run(folder, options)
                         : not_run("the folder holds no " + std::string(gate.part) + "/: " + why);
  } catch (const Error& error) {
    result = failed("", error.what());
  }
  result.name = gate.name;
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace

GateResult passed(std::string figure) {
  return {"", true, true, std::move(figure), "", 0};
}
GateResult failed(std::string figure, std::string detail) {
  return {"", true, false, std::move(figure), std::move(detail), 0};
}
GateResult not_run(std::string why) {
  return {"", false, false, "", std::move(why), 0};
}

std::vector<GateInfo> gate_list() {
  std::vector<GateInfo> list;
  list.reserve(kGates.size());
  for (const Entry& gate : kGates) {
    list.push_back({gate.name, gate.level, gate.judges});
  }
  return list;
}

std::vector<GateResult> run_gates(const std::filesystem::path& folder, int level,
                                  const GateOptions& options,
                                  const std::function<void(const GateResult&)>& on_result) {
  if (!std::filesystem::is_directory(folder)) {
    throw Error("TW-VERIFY-001", "no such folder", folder.string(),
                "name the folder that 'compile -o' wrote");
  }
  std::vector<GateResult> results;
  for (const Entry& gate : kGates) {
    if (static_cast<int>(gate.level) <= level) {
      results.push_back(judge(gate, folder, options));
      if (on_result) {
        on_result(results.back());
      }
    }
  }
  return results;
}

bool all_passed(const std::vector<GateResult>& results) {
  const auto ran = [](const GateResult& r) { return r.ran; };
  const auto bad = [](const GateResult& r) { return r.ran && !r.passed; };
  return std::any_of(results.begin(), results.end(), ran) &&
         std::none_of(results.begin(), results.end(), bad);
}

}  // namespace tilewright
