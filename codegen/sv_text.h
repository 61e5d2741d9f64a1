// The text of the generated SystemVerilog. Dialect: what Verilator 5.006 and Yosys 0.23 both read,
// as the hand-written library. Every function returns a whole file; same chip, same bytes.
#pragma once

#include <cstddef>
#include <string>

#include "codegen/chip.h"

namespace tilewright {

// <id>_pkg: mesh and uniform parameters, and one slice a tile with its configuration and WMEM
// depth.
std::string package_text(const Chip& chip);

// <id>_tile_cfgN: tcc_tile at one logic configuration; WMEM depth and images are instance
// parameters.
std::string wrapper_text(const Chip& chip, std::size_t config);

// <id>_tile: the wrapper of a configuration, or the shell.
std::string selector_text(const Chip& chip);

// <id>_tile_shell: a tile's ports and nothing inside.
std::string shell_text(const Chip& chip);

// <id>_top: the mesh.
std::string top_text(const Chip& chip);

}  // namespace tilewright
