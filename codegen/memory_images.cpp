#include "codegen/memory_images.h"

#include "support/json.h"

namespace tilewright {
namespace {

constexpr const char* kSchema = "tilewright.memory_images";
constexpr int kSchemaVersion = 1;

Json memory(std::int64_t kib, const std::string& reason) {
  return {{"kib", kib}, {"image", "not generated"}, {"reason", reason}};
}

Json weight_memory(std::int64_t kib, const WeightImages& weights, std::size_t tile) {
  if (!weights.missing.empty()) {
    return memory(kib, weights.missing);
  }
  const WeightImage& image = weights.tiles[tile];
  if (image.file.empty()) {
    return memory(kib, "no weights on this tile");
  }
  Json json = {
      {"kib", kib}, {"image", image.file}, {"bytes", image.bytes}, {"sha256", image.sha256}};
  if (!image.hex.empty()) {
    json["readmemh"] = image.hex;
  }
  return json;
}

}  // namespace

std::string memory_images_text(const Chip& chip, const EmitOptions& options,
                               const WeightImages& weights) {
  Json json;
  json["schema"] = kSchema;
  json["schema_version"] = kSchemaVersion;
  json["generated"] = {{"by", "Tilewright " + options.version}, {"seed", options.seed}};
  json["design"] = chip.id;
  json["tiles"] = Json::array();
  for (std::size_t t = 0; t < chip.tiles.size(); ++t) {
    const TileConfig& tile = chip.tiles[t];
    const auto w = static_cast<std::size_t>(chip.mesh_w);
    json["tiles"].push_back({{"x", t % w},
                             {"y", t / w},
                             {"config", chip.tile_config[t]},
                             {"imem", memory(tile.imem_kib, kNoPrograms)},
                             {"dmem", memory(tile.dmem_kib, kNoPrograms)},
                             {"wmem", weight_memory(tile.wmem_kib, weights, t)}});
  }
  return to_text(json);
}

}  // namespace tilewright
