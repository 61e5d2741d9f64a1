#include "synthetic.h"

#include <algorithm>

#include "support/file.h"
#include "support/json.h"
#include "support/random.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      files.push_back(entry.path().lexically_relative(folder));
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

Design synthetic_design(int mesh_w, int mesh_h, const Uniform& uniform,
                        const std::vector<LogicConfig>& configs, int depths, std::uint64_t seed) {
  RandomStream random(seed, "synthetic design");
  Design design;
  design.name = "synthetic";
  design.mesh_w = mesh_w;
  design.mesh_h = mesh_h;
  design.actions[kDflit] = uniform.dflit;
  design.actions[kStanum] = uniform.stanum;
  for (const Action port : {kXrWp, kVrWp, kXdpnum, kVdpnum}) {
    design.actions[port] = uniform.ports;
  }
  for (int t = 0; t < mesh_w * mesh_h; ++t) {
    const LogicConfig& logic = configs[random.below(configs.size())];
    const auto steps =
        static_cast<std::int64_t>(1 + random.below(static_cast<std::uint64_t>(depths)));
    design.tiles.push_back(
        {logic.fetch, logic.vlen_bits, logic.dmem_kib, logic.imem_kib, kWmemStepKib * steps});
  }
  return design;
}

std::vector<LogicConfig> random_configs(std::size_t count, std::uint64_t seed) {
  RandomStream random(seed, "configs");
  std::vector<LogicConfig> configs;
  while (configs.size() < count) {
    const LogicConfig config{1 << random.below(5), 128 << random.below(5),
                             16 * static_cast<std::int32_t>(1 + random.below(32)),
                             static_cast<std::int32_t>(1 + random.below(128))};
    if (std::find(configs.begin(), configs.end(), config) == configs.end()) {
      configs.push_back(config);
    }
  }
  return configs;
}

EmitOptions emit_options() {
  EmitOptions options;
  options.rtl_library = fs::path(TILEWRIGHT_SOURCE_DIR) / "rtl";
  options.version = "9.8.7";
  options.seed = 42;
  options.clock_mhz = 1200;
  return options;
}

EmitReport emit_without_weights(const Design& design, const fs::path& folder) {
  const Workload nothing;
  const Mapper mapper(nothing);
  return emit_design(design, Mapping{}, mapper, nullptr, emit_options(), folder);
}

void write_manifest(const fs::path& folder) {
  Json json;
  json["files"] = Json::object();
  fs::remove(folder / "manifest.json");
  for (const fs::path& file : files_below(folder)) {
    json["files"][file.generic_string()] = sha256_of_file(folder / file);
  }
  write_file(folder / "manifest.json", to_text(json));
}

std::string fingerprint(const fs::path& folder) {
  std::string text;
  for (const fs::path& file : files_below(folder)) {
    text += file.generic_string() + " " + sha256_of_file(folder / file) + "\n";
  }
  return text;
}

}  // namespace tilewright
