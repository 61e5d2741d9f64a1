// A curve through every tile of a mesh on which neighbours stay neighbours.
#pragma once

#include <cstdint>
#include <vector>

namespace tilewright {

// A tile's place in the mesh; x grows to the east, y to the south. Sides are at most 1024.
struct MeshPoint {
  std::int16_t x = 0, y = 0;
  bool operator==(const MeshPoint&) const = default;
};

// Hilbert's curve generalised to any w x h: visits each tile once; consecutive tiles are mesh
// neighbours, but for at most one diagonal step where both sides are odd. out[position] = tile.
void mesh_curve(std::int32_t w, std::int32_t h, std::vector<MeshPoint>& out);

// A closed way through every tile: rows to and fro, and back along the first column. Neighbours on
// it, the last tile and the first among them, are mesh neighbours, but for one diagonal step where
// both sides are odd (no closed way is without one), and but for a single line of tiles, which is
// folded: there they are two apart.
void ring_curve(std::int32_t w, std::int32_t h, std::vector<MeshPoint>& out);

}  // namespace tilewright
