// A curve through every tile of a mesh on which neighbours stay neighbours.
#pragma once

#include <cstdint>
#include <vector>

namespace tilewright {

// Hilbert's curve generalised to any w x h: visits each tile once; consecutive tiles are mesh
// neighbours, but for at most one diagonal step where both sides are odd. out[position] = y * w +
// x.
void mesh_curve(std::int32_t w, std::int32_t h, std::vector<std::int32_t>& out);

}  // namespace tilewright
