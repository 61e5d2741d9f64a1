// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Has the generator emit a chip of mixed_mesh.h, of so many columns, into the folder given. Files
// whose contents stay the same are not touched, so that nothing is verilated again for them.
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "../codegen/synthetic.h"
#include "mixed_mesh.h"
#include "support/error.h"
#include "support/file.h"
#include "support/scratch.h"

namespace {

namespace fs = std::filesystem;
using namespace tilewright;

Design mixed_design(const rtl::MixedMesh& mesh) {
  Design design;
  design.name = rtl::kMixedName;
  design.mesh_w = static_cast<std::int32_t>(mesh.columns);
  design.mesh_h = static_cast<std::int32_t>(mesh.rows);
  design.actions[kDflit] = rtl::kMixedFlitBits;
  for (const Action action : {kStanum, kXrWp, kVrWp, kXdpnum, kVdpnum}) {
    design.actions[action] = 2;
  }
  for (const rtl::MixedTile& tile : mesh.tiles) {
    const rtl::TileShape shape = tile.shape();
    design.tiles.push_back({static_cast<std::int32_t>(shape.fetch_size),
                            static_cast<std::int32_t>(shape.vlen),
                            static_cast<std::int32_t>(shape.dmem_kib),
                            static_cast<std::int32_t>(tile.imem_kib()), tile.wmem_kib});
  }
  return design;
}

void emit(const fs::path& folder, const rtl::MixedMesh& mesh) {
  const ScratchFolder fresh;
  for (const fs::path& file : emit_without_weights(mixed_design(mesh), fresh.path()).files) {
    const std::string text = read_file(fresh.path() / file);
    if (!fs::exists(folder / file) || read_file(folder / file) != text) {
      fs::create_directories((folder / file).parent_path());
      write_file(folder / file, text);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: rtl_emit_mixed_mesh FOLDER 2|3\n";
    return 2;
  }
  try {
    emit(argv[1], rtl::mixed_mesh(static_cast<std::uint32_t>(std::atoi(argv[2]))));
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return 0;
}
