// Options that several verbs share, and their form in a manifest.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "frontend/graph.h"
#include "mdp/problem.h"
#include "nodes/calibration.h"
#include "support/json_fwd.h"
#include "surrogate/surrogate.h"

namespace CLI {
class App;
}

namespace tilewright {

struct CommonOptions {
  std::uint64_t seed = 0;
  int threads = 1;
  bool json = false;
};

struct ModelOptions {
  std::string model;  // built-in name, .onnx file, or workload.json
  std::string dims;   // "batch=1,seq=2048"
  std::optional<std::int64_t> context;
  bool allow_opaque = false;
};

// What the design is judged against. An empty field takes the value of the design's own folder
// where there is one, else the default.
struct TargetOptions {
  std::optional<std::string> node, mode, calibration, node_file, weights, topology, ppa_weights,
      level;
  std::optional<double> power_budget_mw, area_budget_mm2, min_throughput, clock_mhz, batch,
      reticle_mm2;
  bool no_assumptions = false;
};

inline constexpr const char* kDefaultModel = "llama-tiny";
inline constexpr const char* kDefaultNode = "5nm";
inline constexpr const char* kDefaultMode = "high-performance";
inline constexpr const char* kDefaultCalibration = "physical";
inline constexpr const char* kPaperCalibration = "paper";  // of what reproduces the paper
inline constexpr const char* kDefaultLevel = "L1";

void add_options(CLI::App& verb, CommonOptions& options);
void add_options(CLI::App& verb, ModelOptions& options, const char* model_help);
void add_load_options(CLI::App& verb, ModelOptions& options);  // all of them but MODEL
// `one` adds --node and --mode; a sweep names many with options of its own.
void add_options(CLI::App& verb, TargetOptions& options, bool one = true);

// A mesh is written as no topology at all, and another one in full.
TargetOptions with_defaults(TargetOptions options, const TargetOptions& otherwise);
TargetOptions default_target();
// The calibration with the node file in it, if one is given. `options.calibration` must be set.
Calibration calibration_of(const TargetOptions& options);

// Only what was given; reading ignores keys of other option groups. `where` names the file.
Json to_json(const ModelOptions& options);
Json to_json(const TargetOptions& options);
TargetOptions target_from_json(const Json& json, const std::string& where);
// The command line that gives these options; of ModelOptions, all but MODEL.
std::vector<std::string> to_arguments(const ModelOptions& options);
std::vector<std::string> to_arguments(const TargetOptions& options);
// MODEL as a word that is no option, though the file's name may begin with a dash.
std::string model_argument(const std::string& model);

// "batch=1,seq=2048". Throws Error TW-CLI-005.
std::map<std::string, std::int64_t> parse_dims(const std::string& text);
// `context` when the user gave one, else that of the mode.
LoadOptions load_options(const ModelOptions& options, const Calibration& calibration, Mode mode);
Overrides overrides_of(const TargetOptions& options, const std::optional<std::int64_t>& context);

}  // namespace tilewright
