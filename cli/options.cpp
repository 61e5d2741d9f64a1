#include "cli/options.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <utility>

#include "cli/log.h"
#include "support/error.h"
#include "support/json.h"
#include "support/table.h"

namespace tilewright {
namespace {

constexpr const char* kTargetGroup = "Target";
constexpr const char* kCommonGroup = "Every verb";

struct NumberOption {
  const char* name;
  const char* key;
  const char* unit;
  const char* help;
  std::optional<double> TargetOptions::*member;
};
constexpr NumberOption kNumbers[] = {
    {"--power-budget", "power_budget_mw", "MILLIWATT",
     "power that a design may draw (default that of the node and mode)",
     &TargetOptions::power_budget_mw},
    {"--area-budget", "area_budget_mm2", "MM2",
     "area that a design may take (default that of the node and mode)",
     &TargetOptions::area_budget_mm2},
    {"--min-throughput", "min_throughput", "RATE",
     "least tokens or inferences a second (default that of the node and mode)",
     &TargetOptions::min_throughput},
    {"--clock", "clock_mhz", "MHZ", "fixes the clock (default searched)",
     &TargetOptions::clock_mhz},
    {"--batch", "batch", "N", "sequences served at once (default that of the mode)",
     &TargetOptions::batch},
    {"--reticle", "reticle_mm2", "MM2",
     "area above which a die is flagged (default one reticle field)", &TargetOptions::reticle_mm2}};

struct TextOption {
  const char* name;
  const char* key;
  const char* value;
  const char* help;
  std::optional<std::string> TargetOptions::*member;
};
constexpr TextOption kTexts[] = {
    {"--node", "node", "NODE", "process node, 3nm to 28nm, between rows too (default 5nm)",
     &TargetOptions::node},
    {"--mode", "mode", "MODE", "high-performance or low-power (default high-performance)",
     &TargetOptions::mode},
    {"--calibration", "calibration", "NAME",
     "set of constants: physical, paper, or in evaluate both (default physical)",
     &TargetOptions::calibration},
    {"--node-file", "node_file", "FILE",
     "TOML with columns of a node in place of the calibration's (nodes/README.md)",
     &TargetOptions::node_file},
    {"--weights", "weights", "FORMAT[,NAMES=FORMAT...]",
     "fp16, int8, int4 or int3, and others for some weights: int4,*head*=fp16 (default as in the "
     "file)",
     &TargetOptions::weights},
    {"--topology", "topology", "KIND[:KEY=VALUE,...]",
     "how tiles are joined: mesh, torus, ring, hierarchical or chiplets:columns=8 "
     "(docs/topology.md; "
     "default mesh; RTL is of a mesh alone)",
     &TargetOptions::topology},
    {"--ppa-weights", "ppa_weights", "RATE,POWER,AREA",
     "weights of rate, power and area in the score (default those of the mode)",
     &TargetOptions::ppa_weights},
    {"--level", "level", "LEVEL",
     "fidelity: L0, the closed form, or L1, the mapped graph (default L1)", &TargetOptions::level}};

}  // namespace

void add_options(CLI::App& verb, CommonOptions& options) {
  verb.add_option("--seed", options.seed, "seed of every random draw")
      ->capture_default_str()
      ->group(kCommonGroup);
  verb.add_option("--threads", options.threads, "threads to compute with")
      ->capture_default_str()
      ->check(CLI::Range(1, 1024))
      ->group(kCommonGroup);
  verb.add_flag("--json", options.json, "write JSON for machines instead of text")
      ->group(kCommonGroup);
  verb.add_flag(
          "-v,--verbose", [](std::int64_t times) { set_verbosity(times); },
          "say on stderr what is loaded and how long each phase takes; -vv says more")
      ->group(kCommonGroup);
}

void add_options(CLI::App& verb, ModelOptions& options, const char* model_help) {
  verb.add_option("MODEL", options.model, model_help)->type_name("");
  add_load_options(verb, options);
}

void add_load_options(CLI::App& verb, ModelOptions& options) {
  verb.add_option("--dim", options.dims, "binds symbolic dimensions")->type_name("NAME=N,...");
  verb.add_option("--context", options.context, "tokens of KV cache (default that of the mode)")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 32));
  verb.add_flag("--allow-opaque", options.allow_opaque,
                "count operators of other domains as data movement");
}

void add_options(CLI::App& verb, TargetOptions& options, bool one) {
  for (const TextOption& option : kTexts) {
    if (!one && (option.member == &TargetOptions::node || option.member == &TargetOptions::mode))
      continue;
    verb.add_option(option.name, options.*option.member, option.help)
        ->option_text(option.value)
        ->group(kTargetGroup);
  }
  for (const NumberOption& option : kNumbers) {
    verb.add_option(option.name, options.*option.member, option.help)
        ->option_text(option.unit)
        ->group(kTargetGroup);
  }
  verb.add_flag("--no-assumptions", options.no_assumptions, "no drafts, no KV compaction, batch 1")
      ->group(kTargetGroup);
}

TargetOptions with_defaults(TargetOptions options, const TargetOptions& otherwise) {
  for (const TextOption& option : kTexts) {
    if (!(options.*option.member)) options.*option.member = otherwise.*option.member;
  }
  for (const NumberOption& option : kNumbers) {
    if (!(options.*option.member)) options.*option.member = otherwise.*option.member;
  }
  options.no_assumptions = options.no_assumptions || otherwise.no_assumptions;
  if (options.topology) {
    const Topology topology = parse_topology(*options.topology);
    options.topology.reset();
    if (!topology.mesh()) options.topology = to_text(topology);
  }
  return options;
}

TargetOptions default_target() {
  TargetOptions options;
  options.node = kDefaultNode;
  options.mode = kDefaultMode;
  options.calibration = kDefaultCalibration;
  options.level = kDefaultLevel;
  return options;
}

Calibration calibration_of(const TargetOptions& options) {
  Calibration calibration = load_calibration(options.calibration.value());
  if (options.node_file) apply_node_file(calibration, *options.node_file);
  return calibration;
}

Json to_json(const ModelOptions& options) {
  Json json = Json::object();
  if (!options.dims.empty()) json["dim"] = options.dims;
  if (options.context) json["context"] = *options.context;
  if (options.allow_opaque) json["allow_opaque"] = true;
  return json;
}

Json to_json(const TargetOptions& options) {
  Json json = Json::object();
  for (const TextOption& option : kTexts) {
    if (options.*option.member) json[option.key] = *(options.*option.member);
  }
  for (const NumberOption& option : kNumbers) {
    if (options.*option.member) json[option.key] = *(options.*option.member);
  }
  if (options.no_assumptions) json["no_assumptions"] = true;
  return json;
}

TargetOptions target_from_json(const Json& json, const std::string& where) {
  TargetOptions options;
  for (const TextOption& option : kTexts) {
    if (json.contains(option.key))
      options.*option.member = required<std::string>(json, option.key, where);
  }
  for (const NumberOption& option : kNumbers) {
    if (json.contains(option.key))
      options.*option.member = required<double>(json, option.key, where);
  }
  if (json.contains("no_assumptions"))
    options.no_assumptions = required<bool>(json, "no_assumptions", where);
  return options;
}

std::vector<std::string> to_arguments(const ModelOptions& options) {
  std::vector<std::string> arguments;
  if (!options.dims.empty()) arguments.insert(arguments.end(), {"--dim", options.dims});
  if (options.context)
    arguments.insert(arguments.end(), {"--context", std::to_string(*options.context)});
  if (options.allow_opaque) arguments.emplace_back("--allow-opaque");
  return arguments;
}

std::vector<std::string> to_arguments(const TargetOptions& options) {
  std::vector<std::string> arguments;
  for (const TextOption& option : kTexts) {
    if (const auto& value = options.*option.member)
      arguments.insert(arguments.end(), {option.name, *value});
  }
  for (const NumberOption& option : kNumbers) {
    if (const auto& value = options.*option.member) {
      arguments.insert(arguments.end(), {option.name, format_number({*value})});
    }
  }
  if (options.no_assumptions) arguments.emplace_back("--no-assumptions");
  return arguments;
}

std::string model_argument(const std::string& model) {
  return model.starts_with('-') ? "./" + model : model;
}

std::map<std::string, std::int64_t> parse_dims(const std::string& text) {
  std::map<std::string, std::int64_t> dims;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const std::string pair = text.substr(at, end - at);
    const std::size_t equals = pair.find('=');
    std::int64_t value = 0;
    const char* last = pair.data() + pair.size();
    const char* first = equals == std::string::npos ? last : pair.data() + equals + 1;
    const auto parsed = std::from_chars(first, last, value);
    if (equals == 0 || parsed.ec != std::errc() || parsed.ptr != last || value < 1) {
      throw Error("TW-CLI-005", "'" + pair + "' is not name=value with a positive whole value",
                  "--dim", "write --dim batch=1,seq=2048");
    }
    dims[pair.substr(0, equals)] = value;
    at = end + 1;
  }
  return dims;
}

LoadOptions load_options(const ModelOptions& options, const Calibration& calibration, Mode mode) {
  LoadOptions load;
  load.dims = parse_dims(options.dims);
  load.allow_opaque = options.allow_opaque;
  const auto constants = calibration.modes.find(mode);
  if (options.context) {
    load.context = *options.context;
  } else if (constants != calibration.modes.end()) {
    load.context = static_cast<std::int64_t>(constants->second.scalars.get("context"));
  }
  return load;
}

Overrides overrides_of(const TargetOptions& options, const std::optional<std::int64_t>& context) {
  Overrides overrides;
  overrides.power_budget_mw = options.power_budget_mw;
  overrides.area_budget_mm2 = options.area_budget_mm2;
  overrides.min_tok_s = options.min_throughput;
  overrides.clock_mhz = options.clock_mhz;
  overrides.batch = options.batch;
  overrides.reticle_mm2 = options.reticle_mm2;
  if (context) overrides.context = static_cast<double>(*context);
  overrides.no_assumptions = options.no_assumptions;
  if (options.topology) overrides.topology = parse_topology(*options.topology);
  if (options.weights) overrides.weights = parse_weight_formats(*options.weights);
  if (options.ppa_weights) overrides.ppa_weights = parse_ppa_weights(*options.ppa_weights);
  return overrides;
}

}  // namespace tilewright
