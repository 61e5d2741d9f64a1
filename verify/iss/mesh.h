// A mesh of tiles that exchange messages: what their programs compute together. A message is there
// as soon as both ends have asked for it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "verify/iss/tile.h"

namespace tilewright::iss {

enum class MeshState : std::uint8_t {
  kRunning,
  kHalted,    // every tile
  kFaulted,   // some tile
  kDeadlock,  // every tile that has not halted waits for a message that nobody sends or takes
};

class Mesh {
 public:
  Mesh(std::uint32_t columns, std::uint32_t rows) : columns_(columns), rows_(rows) {}

  // Row by row, from the North-West corner. `wmem` outlives the mesh.
  Tile& add(const TileShape& shape, std::span<const std::uint8_t> wmem);
  Tile& tile(std::uint32_t x, std::uint32_t y) { return *tiles_.at(y * columns_ + x); }

  // Moves the messages that both ends have asked for; whether there were any.
  bool deliver();
  // Cycles until every tile is done, of a mesh whose tiles are all timed (Tile::time) and halted.
  // Throws Error TW-ISS-004 when one is not timed.
  Cycle cycles() const;
  // At most `most` instructions a tile and round.
  MeshState run(std::uint64_t most = 1 << 20);
  // Of a deadlock or fault: which tile, at which instruction. Empty otherwise.
  std::string explanation() const;
  std::uint64_t retired() const;

 private:
  bool deliver_to(Tile& receiver);

  std::uint32_t columns_, rows_;
  std::vector<std::unique_ptr<Tile>> tiles_;
  std::vector<std::string> mismatches_;
};

}  // namespace tilewright::iss
