// rtl/memory_images.json: what every memory of every tile is loaded with, or why with nothing.
#pragma once

#include <string>

#include "codegen/chip.h"
#include "codegen/weight_images.h"

namespace tilewright {

inline constexpr const char* kNoPrograms = "tile programs are not compiled yet";
inline constexpr const char* kNoVectors = "golden vectors come with the tile programs";

std::string memory_images_text(const Chip& chip, const EmitOptions& options,
                               const WeightImages& weights);

}  // namespace tilewright
