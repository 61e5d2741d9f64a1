#include "arch/design.h"

#include <bit>

#include "support/error.h"
#include "support/json.h"

namespace tilewright {
namespace {

void check(bool legal, const std::string& what, const std::string& where) {
  if (!legal) throw Error("TW-ARCH-001", what, where, "take a value of paper Table 7");
}

void check_tile(const TileConfig& t, std::size_t index, const std::string& where) {
  const auto power_of_two = [](std::int32_t v) {
    return v > 0 && std::has_single_bit(static_cast<std::uint32_t>(v));
  };
  const std::string at = where + ": tile " + std::to_string(index);
  check(power_of_two(t.fetch) && t.fetch <= kFetchMax, "FETCH is not 1, 2, 4, 8 or 16", at);
  check(power_of_two(t.vlen_bits) && t.vlen_bits >= kVlenMin && t.vlen_bits <= kVlenMax,
        "VLEN is not a power of two from 128 to 2048", at);
  check(t.dmem_kib >= kDmemStepKib && t.dmem_kib <= kDmemMaxKib && t.dmem_kib % kDmemStepKib == 0,
        "DMEM is not a multiple of 16 KiB from 16 to 512", at);
  check(t.imem_kib >= 1 && t.imem_kib <= kImemMaxKib, "IMEM is not 1 to 128 KiB", at);
  check(t.wmem_kib >= 0 && t.wmem_kib % kWmemStepKib == 0, "WMEM is not a multiple of 64 KiB", at);
}

}  // namespace

LogicConfig logic_of(const TileConfig& tile) {
  return {tile.fetch, tile.vlen_bits, tile.dmem_kib, tile.imem_kib};
}

Json to_json(const Design& design) {
  Json json;
  json["schema"] = kDesignSchema;
  json["schema_version"] = kDesignSchemaVersion;
  json["name"] = design.name;
  json["workload"] = design.workload;
  json["node"] = design.node;
  json["mode"] = design.mode;
  json["mesh"] = {{"w", design.mesh_w}, {"h", design.mesh_h}};
  if (!design.topology.mesh()) json["topology"] = to_text(design.topology);
  Json actions;
  for (std::size_t i = 0; i < kActionCount; ++i) {
    actions[std::string(action_info(i).name)] = design.actions[i];
  }
  json["actions"] = actions;
  json["assumed"] = design.assumed;
  json["tile_columns"] = {"fetch", "vlen_bits", "dmem_kib", "imem_kib", "wmem_kib"};
  Json tiles = Json::array();
  for (const auto& t : design.tiles) {
    tiles.push_back({t.fetch, t.vlen_bits, t.dmem_kib, t.imem_kib, t.wmem_kib});
  }
  json["tiles"] = tiles;
  return json;
}

Design design_from_json(const Json& json, const std::string& where) {
  check_schema(json, kDesignSchema, kDesignSchemaVersion, where);
  Design design;
  design.name = required<std::string>(json, "name", where);
  design.workload = required<std::string>(json, "workload", where);
  design.node = required<std::string>(json, "node", where);
  design.mode = required<std::string>(json, "mode", where);
  design.assumed = required<std::vector<std::string>>(json, "assumed", where);
  const auto mesh = required<Json>(json, "mesh", where);
  design.mesh_w = required<std::int32_t>(mesh, "w", where);
  design.mesh_h = required<std::int32_t>(mesh, "h", where);
  check(design.mesh_w >= 1 && design.mesh_h >= 1 && design.mesh_w <= 64 && design.mesh_h <= 64,
        "mesh sides are not 1 to 64", where);
  if (json.contains("topology"))
    design.topology = parse_topology(required<std::string>(json, "topology", where));
  const auto actions = required<Json>(json, "actions", where);
  for (std::size_t i = 0; i < kActionCount; ++i) {
    design.actions[i] = required<double>(actions, std::string(action_info(i).name).c_str(), where);
  }
  const auto tiles = required<std::vector<std::vector<std::int64_t>>>(json, "tiles", where);
  check(tiles.size() == static_cast<std::size_t>(design.tile_count()),
        "the number of tiles is not mesh width times height", where);
  for (const auto& row : tiles) {
    check(row.size() == 5, "a tile does not have five columns", where);
    for (const auto v : row)
      check(v >= 0 && v <= (1LL << 30), "a tile's value is out of range", where);
    design.tiles.push_back({static_cast<std::int32_t>(row[0]), static_cast<std::int32_t>(row[1]),
                            static_cast<std::int32_t>(row[2]), static_cast<std::int32_t>(row[3]),
                            row[4]});
    check_tile(design.tiles.back(), design.tiles.size() - 1, where);
  }
  return design;
}

}  // namespace tilewright
