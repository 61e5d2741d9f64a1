#include "codegen/chip.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>

#include "codegen/names.h"
#include "support/error.h"
#include "support/file.h"
#include "support/json.h"

namespace tilewright {
namespace {

constexpr std::int32_t kMaxMesh = 64;             // coordinates have 6 bits
constexpr std::int64_t kMaxWmemRows = 1LL << 24;  // tcc_pkg::WPTR_W
constexpr std::int64_t kFlatLanes = 1536, kTileAsLanes = 24;

void check(bool legal, const std::string& what, const Design& design) {
  if (!legal) {
    throw Error("TW-GEN-001", what, "design '" + comment_text(design.name) + "'",
                "project the design with arch/actions.h before emitting it");
  }
}

// A uniform parameter: whole, in its range, a multiple of `step`.
std::int32_t uniform(const Design& design, Action action, std::int32_t lo, std::int32_t hi,
                     std::int32_t step) {
  const double value = design.actions[action];
  const std::string name(action_info(action).name);
  check(std::isfinite(value) && value == std::floor(value), name + " is not whole", design);
  check(value >= lo && value <= hi && std::fmod(value, step) == 0,
        name + " is not a multiple of " + std::to_string(step) + " from " + std::to_string(lo) +
            " to " + std::to_string(hi),
        design);
  return static_cast<std::int32_t>(value);
}

bool power_of_two(std::int32_t value, std::int32_t lo, std::int32_t hi) {
  return value >= lo && value <= hi && std::has_single_bit(static_cast<std::uint32_t>(value));
}

void check_tile(const Design& design, std::size_t index) {
  const TileConfig& t = design.tiles[index];
  const std::string at = "tile " + std::to_string(index) + ": ";
  check(power_of_two(t.fetch, 1, kFetchMax), at + "FETCH", design);
  check(power_of_two(t.vlen_bits, kVlenMin, kVlenMax), at + "VLEN", design);
  check(t.dmem_kib >= kDmemStepKib && t.dmem_kib <= kDmemMaxKib && t.dmem_kib % kDmemStepKib == 0,
        at + "DMEM", design);
  check(t.imem_kib >= 1 && t.imem_kib <= kImemMaxKib, at + "IMEM", design);
  check(t.wmem_kib >= kWmemStepKib && t.wmem_kib % kWmemStepKib == 0 &&
            t.wmem_kib * 8192 / t.vlen_bits <= kMaxWmemRows,
        at + "WMEM", design);
}

std::string header(const Design& design, const EmitOptions& options) {
  return "Generated: edit the configuration, not this file.\n"
         "Tilewright " +
         comment_text(options.version) + ", seed " + std::to_string(options.seed) + "\nDesign " +
         comment_text(design.name) + "\nConfiguration " + sha256(to_text(to_json(design)));
}

void collect_configs(Chip& chip) {
  std::map<LogicConfig, std::int32_t> index;
  for (const TileConfig& tile : chip.tiles) {
    index.emplace(logic_of(tile), 0);
  }
  for (auto& [logic, position] : index) {
    position = static_cast<std::int32_t>(chip.configs.size());
    chip.configs.push_back({logic, 0, 0, 0});
  }
  for (std::size_t t = 0; t < chip.tiles.size(); ++t) {
    const std::int32_t at = index.at(logic_of(chip.tiles[t]));
    ChipConfig& config = chip.configs[static_cast<std::size_t>(at)];
    if (config.tiles++ == 0) {
      config.first_tile = static_cast<std::int32_t>(t);
    }
    config.wmem_kib = std::max(config.wmem_kib, chip.tiles[t].wmem_kib);
    chip.tile_config.push_back(at);
  }
}

}  // namespace

Chip make_chip(const Design& design, const EmitOptions& options) {
  check(design.mesh_w >= 1 && design.mesh_w <= kMaxMesh && design.mesh_h >= 1 &&
            design.mesh_h <= kMaxMesh,
        "mesh sides are not 1 to 64", design);
  check(design.tiles.size() == static_cast<std::size_t>(design.tile_count()),
        "the number of tiles is not mesh width times height", design);
  for (std::size_t t = 0; t < design.tiles.size(); ++t) {
    check_tile(design, t);
  }
  Chip chip;
  chip.id = design_identifier(design.name);
  chip.header = header(design, options);
  chip.mesh_w = design.mesh_w;
  chip.mesh_h = design.mesh_h;
  chip.stanum = uniform(design, kStanum, 1, 32, 1);
  chip.dflit_width = uniform(design, kDflit, 64, 8192, 64);
  chip.xr_wp = uniform(design, kXrWp, 1, 16, 1);
  chip.vr_wp = uniform(design, kVrWp, 1, 16, 1);
  chip.xdpnum = uniform(design, kXdpnum, 1, 16, 1);
  chip.vdpnum = uniform(design, kVdpnum, 1, 16, 1);
  chip.tiles = design.tiles;
  collect_configs(chip);
  check(chip.configs.size() <= kMaxLogicConfigs, "more than 16 distinct logic configurations",
        design);
  return chip;
}

std::int32_t network_rows(const Chip& chip) {
  return std::min(chip.mesh_h + 1, kMaxMesh);
}

void check_network(const Chip& chip, RouteFunction route) {
  const ChannelCheck check = check_channels(chip.mesh_w, chip.mesh_h, route);
  if (check.cycle.empty()) {
    return;
  }
  std::string ring;
  for (const std::string& channel : check.cycle) {
    ring += channel + ", ";
  }
  throw Error("TW-GEN-004", "the network can deadlock: " + ring + "and again",
              "design '" + chip.id + "'", "route so that no ring of channels is left");
}

bool fits_flat(const Chip& chip) {
  std::int64_t lanes = 0;
  for (const TileConfig& tile : chip.tiles) {
    lanes += kTileAsLanes + std::int64_t{tile.vlen_bits / 16} * (1 + chip.vdpnum);
  }
  return lanes <= kFlatLanes;
}

}  // namespace tilewright
