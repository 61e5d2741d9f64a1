// What the generated RTL is made from: a design checked and reduced to what the hardware is told.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "arch/channel_graph.h"
#include "arch/design.h"
#include "codegen/codegen.h"

namespace tilewright {

// One wrapper module.
struct ChipConfig {
  LogicConfig logic;
  std::int32_t tiles = 0;       // that use it
  std::int32_t first_tile = 0;  // lowest index of them
  std::int64_t wmem_kib = 0;    // deepest of them
};

struct Chip {
  std::string id;      // stem of modules and files
  std::string header;  // comment block that opens every generated file, without comment marks
  std::int32_t mesh_w = 1, mesh_h = 1;
  std::int32_t stanum = 1, dflit_width = 64, xr_wp = 1, vr_wp = 1, xdpnum = 1, vdpnum = 1;
  std::vector<ChipConfig> configs;        // ascending by logic configuration
  std::vector<std::int32_t> tile_config;  // by tile index
  std::vector<TileConfig> tiles;
};

// Throws Error TW-GEN-001 when the design is not one that the RTL can be built as. Nothing is
// rounded, clipped or mended here: what must be legal was made legal before.
Chip make_chip(const Design& design, const EmitOptions& options);

// Rows of the network: the mesh, and below it the host's, when the 6-bit coordinate has room for
// it.
std::int32_t network_rows(const Chip& chip);

// Throws Error TW-GEN-004, which names the channels, when packets could wait for each other in a
// ring: a chip whose network can stop for good is not emitted.
void check_network(const Chip& chip, RouteFunction route = route_xy);

// Verilator copies the logic of every instance, which costs it some 20 MB a tile and 1 MB a lane of
// tensor engine and vector unit; a chip beyond its reach is shown to it with one whole tile a
// configuration (see the generated top).
bool fits_flat(const Chip& chip);

}  // namespace tilewright
