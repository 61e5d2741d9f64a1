// A design: the mesh, what every tile is, and the choices that the partition was made with.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "arch/actions.h"
#include "arch/topology.h"
#include "support/json_fwd.h"

namespace tilewright {

// What one tile is built as (paper Table 7, the per-tile parameters).
struct TileConfig {
  std::int32_t fetch = 1;        // FETCH_SIZE: 1, 2, 4, 8 or 16 instruction words a cycle
  std::int32_t vlen_bits = 128;  // VLEN: a power of two, 128..2048
  std::int32_t dmem_kib = 16;    // DMEM: multiple of 16, 16..512
  std::int32_t imem_kib = 1;     // IMEM: 1..128
  std::int64_t wmem_kib = 64;    // weight ROM depth in KiB, a multiple of 64
  bool operator==(const TileConfig&) const = default;
};

// The chip. Tile (x, y) has index y * mesh_w + x; x grows to the east, y to the south.
struct Design {
  std::string name;
  std::string workload;    // name of the model it was made for
  std::string node;        // "3nm"
  std::string mode;        // "high-performance" or "low-power"
  ActionVector actions{};  // projected values (Eq. 68)
  std::int32_t mesh_w = 1, mesh_h = 1;
  Topology topology;
  std::vector<TileConfig> tiles;     // mesh_w * mesh_h of them
  std::vector<std::string> assumed;  // what the rate needs and the artifacts do not contain

  std::int32_t tile_count() const { return mesh_w * mesh_h; }
  bool operator==(const Design&) const = default;
};

inline constexpr const char* kDesignSchema = "tilewright.design";
inline constexpr int kDesignSchemaVersion = 1;

Json to_json(const Design& design);
// Throws Error TW-ARCH-001 when a value is outside its legal range or the counts disagree.
Design design_from_json(const Json& json, const std::string& where);

// The legal values of per-tile parameters.
inline constexpr std::int32_t kVlenMin = 128, kVlenMax = 2048;
inline constexpr std::int32_t kFetchMax = 16;
inline constexpr std::int32_t kDmemStepKib = 16, kDmemMaxKib = 512;
inline constexpr std::int32_t kImemMaxKib = 128;
inline constexpr std::int64_t kWmemStepKib = 64;
inline constexpr int kMaxLogicConfigs = 16;

// A distinct logic configuration (FETCH, VLEN, DMEM, IMEM); WMEM depth is an instance parameter.
struct LogicConfig {
  std::int32_t fetch = 1, vlen_bits = 128, dmem_kib = 16, imem_kib = 1;
  auto operator<=>(const LogicConfig&) const = default;
};
LogicConfig logic_of(const TileConfig& tile);

}  // namespace tilewright
