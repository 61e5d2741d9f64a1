#include "codegen/weight_images.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>

#include "frontend/frontend.h"
#include "support/error.h"
#include "support/file.h"
#include "support/json.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

constexpr const char* kSchema = "tilewright.weights";
constexpr int kSchemaVersion = 1;

// A slice with its bytes in the tensor and its place in the tile's image.
struct Piece {
  WeightSlice slice;
  std::int64_t first_byte = 0, bytes = 0;
  std::int64_t offset = 0;
};

std::map<std::string, const Tensor*> tensors_by_name(const Graph& graph) {
  std::map<std::string, const Tensor*> by_name;
  for (const Tensor& tensor : graph.tensors) {
    if (tensor.is_weight) {
      by_name.emplace(tensor.name, &tensor);
    }
  }
  return by_name;
}

// The graph's tensor of every weight of the workload; null when there is none.
std::vector<const Tensor*> match_tensors(const Graph& graph, const Workload& workload) {
  const auto by_name = tensors_by_name(graph);
  std::vector<const Tensor*> tensors;
  for (const WeightTensor& weight : workload.weights) {
    const auto found = by_name.find(weight.name);
    tensors.push_back(found == by_name.end() ? nullptr : found->second);
  }
  return tensors;
}

bool at_hand(const Tensor* tensor) {
  if (tensor == nullptr || tensor->location.kind == WeightLocation::Kind::kNone) {
    return false;
  }
  if (tensor->location.kind != WeightLocation::Kind::kExternal) {
    return true;
  }
  std::error_code code;
  return fs::is_regular_file(tensor->location.file, code);
}

std::string two_digits(std::int64_t value) {
  return (value < 10 ? "0" : "") + std::to_string(value);
}

std::string image_stem(const Design& design, std::size_t tile) {
  const auto w = static_cast<std::size_t>(design.mesh_w);
  return "weights/tile_" + two_digits(static_cast<std::int64_t>(tile % w)) + "_" +
         two_digits(static_cast<std::int64_t>(tile / w));
}

Error bad_plan(const std::string& what, const std::string& where) {
  return Error("TW-GEN-010", what, where, "", ErrorKind::kInternal);
}

// Pieces in plan order, their offsets counted up tile by tile; fills image sizes.
std::vector<Piece> lay_out(const std::vector<const Tensor*>& tensors,
                           const std::vector<WeightSlice>& slices, const Design& design,
                           std::vector<WeightImage>& images) {
  std::vector<Piece> pieces;
  for (const WeightSlice& slice : slices) {
    const auto tile = static_cast<std::size_t>(slice.tile);
    const auto weight = static_cast<std::size_t>(slice.weight);
    if (tile >= images.size() || weight >= tensors.size()) {
      throw bad_plan("a weight slice names a tile or weight that is not there", "weight plan");
    }
    const auto [first, last] = slice_bytes(tensors[weight]->type, slice.begin, slice.end);
    pieces.push_back({slice, first, last - first, images[tile].bytes});
    images[tile].bytes += last - first;
    if (images[tile].bytes > design.tiles[tile].wmem_kib * 1024) {
      throw Error("TW-GEN-011",
                  "the tile's weights do not fit its WMEM of " +
                      std::to_string(design.tiles[tile].wmem_kib) + " KiB",
                  "tile " + std::to_string(tile), "map the model again for this design");
    }
  }
  return pieces;
}

// The pieces of each weight, in element order; throws unless they cover it exactly.
std::vector<std::vector<Piece>> by_weight(const std::vector<Piece>& pieces,
                                          const Workload& workload) {
  std::vector<std::vector<Piece>> of(workload.weights.size());
  for (const Piece& piece : pieces) {
    of[static_cast<std::size_t>(piece.slice.weight)].push_back(piece);
  }
  for (std::size_t w = 0; w < of.size(); ++w) {
    std::sort(of[w].begin(), of[w].end(),
              [](const Piece& a, const Piece& b) { return a.slice.begin < b.slice.begin; });
    std::int64_t at = 0;
    for (const Piece& piece : of[w]) {
      if (piece.slice.begin != at || piece.slice.end <= at) {
        throw bad_plan("the weight is not covered exactly once", workload.weights[w].name);
      }
      at = piece.slice.end;
    }
    if (at != workload.weights[w].count) {
      throw bad_plan("the weight is not covered to its end", workload.weights[w].name);
    }
  }
  return of;
}

void write_at(const fs::path& path, std::int64_t offset, std::string_view bytes) {
  const auto mode =
      std::ios::binary | std::ios::out | (fs::exists(path) ? std::ios::in : std::ios::trunc);
  std::fstream file(path, mode);
  file.seekp(offset);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) {
    throw Error("TW-GEN-012", "can't be written", path.string(), "check the disk's free space");
  }
}

void write_tensor(const Graph& graph, const Tensor& tensor, const std::vector<Piece>& pieces,
                  const std::vector<WeightImage>& images, const fs::path& folder) {
  const std::string bytes = read_weight(graph, tensor);
  const Piece& last = pieces.back();
  if (last.first_byte + last.bytes != static_cast<std::int64_t>(bytes.size())) {
    throw bad_plan("the weight's bytes are not as many as its elements", tensor.name);
  }
  for (const Piece& piece : pieces) {
    write_at(folder / images[static_cast<std::size_t>(piece.slice.tile)].file, piece.offset,
             std::string_view(bytes).substr(static_cast<std::size_t>(piece.first_byte),
                                            static_cast<std::size_t>(piece.bytes)));
  }
}

// $readmemh text: one row of VLEN bits a line, the row's last byte first.
std::string hex_rows(std::string_view bytes, std::int32_t vlen_bits) {
  static constexpr std::array<char, 17> kDigits{"0123456789abcdef"};
  const auto row_bytes = static_cast<std::size_t>(vlen_bits / 8);
  std::string text;
  for (std::size_t row = 0; row < bytes.size(); row += row_bytes) {
    for (std::size_t i = row_bytes; i-- > 0;) {
      const auto byte = row + i < bytes.size() ? static_cast<unsigned char>(bytes[row + i]) : 0U;
      text += kDigits[byte >> 4U];
      text += kDigits[byte & 15U];
    }
    text += '\n';
  }
  return text;
}

Json slice_json(const Piece& piece, const Workload& workload) {
  return {{"tensor", workload.weights[static_cast<std::size_t>(piece.slice.weight)].name},
          {"begin", piece.slice.begin},
          {"end", piece.slice.end},
          {"offset", piece.offset},
          {"bytes", piece.bytes}};
}

Json manifest(const WeightImages& images, const std::vector<Piece>& pieces,
              const Workload& workload) {
  Json json;
  json["schema"] = kSchema;
  json["schema_version"] = kSchemaVersion;
  json["order"] = "row-major elements, little endian, slices one after the other";
  json["bytes"] = images.bytes;
  json["tensors"] = Json::array();
  for (const WeightTensor& weight : workload.weights) {
    json["tensors"].push_back({{"name", weight.name},
                               {"dtype", weight.dtype},
                               {"elements", weight.count},
                               {"bytes", weight.bytes}});
  }
  std::vector<Json> slices(images.tiles.size(), Json::array());
  for (const Piece& piece : pieces) {
    slices[static_cast<std::size_t>(piece.slice.tile)].push_back(slice_json(piece, workload));
  }
  json["images"] = Json::array();
  for (std::size_t t = 0; t < images.tiles.size(); ++t) {
    const WeightImage& image = images.tiles[t];
    if (!image.file.empty()) {
      json["images"].push_back({{"tile", t},
                                {"file", image.file},
                                {"bytes", image.bytes},
                                {"sha256", image.sha256},
                                {"slices", slices[t]}});
    }
  }
  return json;
}

void name_images(const Design& design, WeightImages& out) {
  for (std::size_t t = 0; t < out.tiles.size(); ++t) {
    out.bytes += out.tiles[t].bytes;
    if (out.tiles[t].bytes > 0) {
      out.tiles[t].file = image_stem(design, t) + ".bin";
    }
  }
}

void finish_images(const Design& design, const fs::path& folder, WeightImages& out) {
  for (std::size_t t = 0; t < out.tiles.size(); ++t) {
    WeightImage& image = out.tiles[t];
    if (image.file.empty()) {
      continue;
    }
    image.sha256 = sha256_of_file(folder / image.file);
    out.files.emplace_back(image.file);
    if (out.bytes <= kMaxHexBytes) {
      image.hex = image_stem(design, t) + ".hex";
      write_file(folder / image.hex,
                 hex_rows(read_file(folder / image.file), design.tiles[t].vlen_bits));
      out.files.emplace_back(image.hex);
    }
  }
}

}  // namespace

std::string weights_missing(const Graph& graph, const Workload& workload) {
  if (workload.weights.empty()) {
    return "the model has no weights";
  }
  const auto tensors = match_tensors(graph, workload);
  const auto absent = std::count_if(tensors.begin(), tensors.end(),
                                    [](const Tensor* tensor) { return !at_hand(tensor); });
  return absent == 0 ? ""
                     : std::to_string(absent) + " of " + std::to_string(tensors.size()) +
                           " weight tensors are not stored with the model";
}

std::pair<std::int64_t, std::int64_t> slice_bytes(DType type, std::int64_t begin,
                                                  std::int64_t end) {
  return {dtype_bytes(type, begin), dtype_bytes(type, end)};
}

WeightImages write_weight_images(const Graph& graph, const Workload& workload,
                                 const std::vector<WeightSlice>& slices, const Design& design,
                                 const fs::path& folder) {
  WeightImages out;
  out.missing = weights_missing(graph, workload);
  if (!out.missing.empty()) {
    return out;
  }
  const auto tensors = match_tensors(graph, workload);
  out.tiles.resize(design.tiles.size());
  const std::vector<Piece> pieces = lay_out(tensors, slices, design, out.tiles);
  name_images(design, out);
  fs::create_directories(folder / "weights");
  const auto weights = by_weight(pieces, workload);
  for (std::size_t w = 0; w < weights.size(); ++w) {
    if (!weights[w].empty()) {
      write_tensor(graph, *tensors[w], weights[w], out.tiles, folder);
    }
  }
  finish_images(design, folder, out);
  out.files.emplace_back("weights/manifest.json");
  write_file(folder / out.files.back(), to_text(manifest(out, pieces, workload)));
  return out;
}

}  // namespace tilewright
