// Weight images: for every tile the bytes of its slices, one after the other, in the model's own
// element order and little endian. weights/tile_XX_YY.bin and weights/manifest.json; for small
// models also weights/tile_XX_YY.hex, the same bytes as $readmemh rows of VLEN bits.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "arch/design.h"
#include "frontend/graph.h"
#include "frontend/workload.h"
#include "mapping/mapping.h"

namespace tilewright {

struct WeightImage {
  std::string file;  // relative to the artifact folder; empty: this tile holds no weights
  std::string hex;   // likewise; empty when not written
  std::string sha256;
  std::int64_t bytes = 0;
};

struct WeightImages {
  std::vector<std::filesystem::path> files;  // everything written, relative
  std::vector<WeightImage> tiles;            // by tile index; empty when not written
  std::int64_t bytes = 0;                    // sum over images: the model's weight bytes
  std::string missing;                       // why nothing was written; empty when written
};

// Images of $readmemh are written up to this many bytes of weights.
inline constexpr std::int64_t kMaxHexBytes = 1 << 20;

// Why weights can't be written ("weights of 'a' are not in the file"), or empty when all are at
// hand. Nothing is read.
std::string weights_missing(const Graph& graph, const Workload& workload);

// Bytes [first, second) of a tensor that hold elements [begin, end). A byte that two slices share
// (4-bit elements) belongs to the first.
std::pair<std::int64_t, std::int64_t> slice_bytes(DType type, std::int64_t begin, std::int64_t end);

// Writes below `folder`. One tensor is held in memory at a time. Throws Error TW-GEN-010 when
// slices do not cover every weight exactly once, TW-GEN-011 when a tile's do not fit its WMEM.
WeightImages write_weight_images(const Graph& graph, const Workload& workload,
                                 const std::vector<WeightSlice>& slices, const Design& design,
                                 const std::filesystem::path& folder);

}  // namespace tilewright
