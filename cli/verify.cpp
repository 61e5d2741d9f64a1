// tilewright verify: the gates on an artifact folder.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "cli/options.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "support/error.h"
#include "support/file.h"
#include "support/json.h"
#include "verify/verify.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

struct VerifyOptions {
  CommonOptions common;
  std::string folder, level = "lint", benches, liberty;
  int tool_timeout_s = GateOptions{}.tool_timeout_s;
};

struct LevelName {
  const char* name;
  GateLevel level;
};
constexpr LevelName kLevels[] = {{"files", GateLevel::kFiles}, {"lint", GateLevel::kLint},
                                 {"sim", GateLevel::kBenches}, {"structure", GateLevel::kStructure},
                                 {"synth", GateLevel::kSynth}, {"formal", GateLevel::kFormal}};

int gate_level(const std::string& text) {
  std::string known;
  for (const LevelName& level : kLevels) {
    if (text == level.name || text == std::to_string(static_cast<int>(level.level)))
      return static_cast<int>(level.level);
    known += (known.empty() ? "" : ", ") + std::string(level.name);
  }
  throw Error("TW-CLI-018", "no level is called '" + text + "'", "--level", "take one of " + known);
}

Json as_json(const GateResult& r) {
  return {{"gate", r.name},     {"ran", r.ran},       {"passed", r.passed},
          {"figure", r.figure}, {"detail", r.detail}, {"seconds", r.seconds}};
}

std::string as_line(const GateResult& r) {
  const char* verdict = !r.ran ? "skipped" : r.passed ? "passed" : "FAILED";
  std::string line = fmt::format("  {:<12}{:<9}", r.name, verdict);
  if (!r.figure.empty()) line += r.figure + " ";
  if (!r.detail.empty()) line += (r.figure.empty() ? "" : "- ") + r.detail + " ";
  return line + fmt::format("({:.1f} s)\n", r.seconds);
}

// A build tree keeps the benches beside the program.
fs::path program_folder() {
  std::error_code code;
  return fs::read_symlink("/proc/self/exe", code).parent_path();
}

int run_verify(const VerifyOptions& o) {
  GateOptions options;
  options.benches = o.benches.empty() ? program_folder() : fs::path(o.benches);
  options.rtl_library = data_folder() / "rtl";
  options.liberty = o.liberty;
  options.tool_timeout_s = o.tool_timeout_s;
  const auto on_result = [&](const GateResult& r) {
    if (!o.common.json) print(as_line(r));
  };
  const std::vector<GateResult> results =
      run_gates(o.folder, gate_level(o.level), options, on_result);
  if (o.common.json) {
    Json json = Json::array();
    for (const GateResult& r : results) json.push_back(as_json(r));
    print_json(Json{{"passed", all_passed(results)}, {"gates", json}});
  }
  return all_passed(results) ? 0 : 1;
}

}  // namespace

void add_verify(CLI::App& app, Run& run) {
  auto o = std::make_shared<VerifyOptions>();
  CLI::App* verb =
      app.add_subcommand("verify", "runs the gates on an artifact folder, deeper with --level");
  verb->add_option("DIR", o->folder, "artifact folder")->type_name("")->required();
  verb->add_option("--level", o->level,
                   "files, lint, sim, structure, synth or formal; each includes those before it")
      ->type_name("LEVEL")
      ->capture_default_str();
  verb->add_option("--benches", o->benches,
                   "folder of the RTL library's built benches (default beside the program)")
      ->type_name("FOLDER");
  verb->add_option("--liberty", o->liberty, "cell library for the level synth")->type_name("FILE");
  verb->add_option("--tool-timeout", o->tool_timeout_s, "seconds for one run of an external tool")
      ->capture_default_str()
      ->check(CLI::Range(1, 1 << 20));
  add_options(*verb, o->common);
  verb->footer(
      "Examples:\n"
      "  tilewright verify demo --level lint\n"
      "  tilewright verify demo --level structure --json\n"
      "  tilewright verify demo --level synth --liberty cells.lib --tool-timeout 7200\n"
      "  tilewright verify demo --level formal --tool-timeout 7200\n"
      "Exit status 1: a gate failed, or none could run.");
  verb->callback([o, &run] { run = [o] { return run_verify(*o); }; });
}

}  // namespace tilewright
