// Designs, a model and folders made up for tests of emission.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "arch/design.h"
#include "codegen/codegen.h"

namespace tilewright {

struct Uniform {
  int dflit = 64, stanum = 1, ports = 1;
};

// Tiles of `configs` drawn at random; WMEM depths in 64 KiB steps from 64 to 64 * `depths`.
Design synthetic_design(int mesh_w, int mesh_h, const Uniform& uniform,
                        const std::vector<LogicConfig>& configs, int depths, std::uint64_t seed);

std::vector<LogicConfig> random_configs(std::size_t count, std::uint64_t seed);

EmitOptions emit_options();  // the library of this source tree, 1.2 GHz

// Emits `design` for an empty model.
EmitReport emit_without_weights(const Design& design, const std::filesystem::path& folder);

// Writes manifest.json over every file below `folder`.
void write_manifest(const std::filesystem::path& folder);

// All bytes below `folder`, with their names, in a fixed order.
std::string fingerprint(const std::filesystem::path& folder);

}  // namespace tilewright
