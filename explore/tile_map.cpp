#include "explore/tile_map.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "support/base64.h"
#include "support/json.h"
#include "support/table.h"

namespace tilewright {
namespace {

constexpr double kMostWord = 65535;
constexpr int kDigits = 6;

Json packed(const std::vector<double>& words, double scale) {
  std::string bytes;
  bytes.reserve(2 * words.size());
  for (const double word : words) {
    const auto whole = static_cast<unsigned>(std::lround(word));
    bytes += static_cast<char>(whole & 255U);
    bytes += static_cast<char>(whole >> 8U);
  }
  return {{"scale", scale}, {"base64", base64(bytes)}};
}

// To within half of `most` over 65535.
Json scaled(std::vector<double> values, double most) {
  const double scale = most > 0 ? most / kMostWord : 1;
  for (double& value : values) value /= scale;
  return packed(values, scale);
}

// What tiles of one line share.
using KindLine = std::tuple<std::int32_t, std::int32_t, std::int32_t, std::int32_t, std::int64_t,
                            double, double, double>;

KindLine line_of(const TileConfig& tile, const TileLoad& load) {
  return {tile.fetch,
          tile.vlen_bits,
          tile.dmem_kib,
          tile.imem_kib,
          tile.wmem_kib,
          rounded(load.work, kDigits),
          rounded(load.weight_bytes, kDigits),
          rounded(load.hazard, kDigits)};
}

void append(Json& kinds, const KindLine& line) {
  const auto& [fetch, vlen, dmem, imem, wmem, work, weights, hazard] = line;
  kinds["fetch"].push_back(fetch);
  kinds["vlen"].push_back(vlen);
  kinds["dmem"].push_back(dmem);
  kinds["imem"].push_back(imem);
  kinds["wmem"].push_back(wmem);
  kinds["work"].push_back(work);
  kinds["weights"].push_back(weights);
  kinds["hazard"].push_back(hazard);
}

Json kv_bytes(const Mapping& mapping) {
  std::vector<double> values;
  double most = 0;
  for (const TileLoad& load : mapping.loads) {
    values.push_back(load.kv_bytes);
    most = std::max(most, load.kv_bytes);
  }
  return scaled(std::move(values), most);
}

}  // namespace

double rounded(double value, int digits) {
  return std::isfinite(value) ? parse_number(format_number({value, digits}), "number") : value;
}

Json tile_map_json(const Mapping& mapping, const std::vector<TileLinks>& links) {
  Json map{{"w", mapping.mesh_w}, {"h", mapping.mesh_h}};
  Json kinds = Json::object();
  std::map<KindLine, std::size_t> lines;
  std::vector<double> kind_of;
  for (std::size_t t = 0; t < mapping.tiles.size(); ++t) {
    const KindLine line = line_of(mapping.tiles[t], mapping.loads[t]);
    const auto [at, is_new] = lines.try_emplace(line, lines.size());
    if (is_new) append(kinds, line);
    kind_of.push_back(static_cast<double>(at->second));
  }
  map["kinds"] = kinds;
  map["kind_of"] = packed(kind_of, 1);
  map["kv_bytes"] = kv_bytes(mapping);
  struct Side {
    const char* name;
    double TileLinks::*bytes;
  };
  for (const Side& side : {Side{"east", &TileLinks::east}, Side{"west", &TileLinks::west},
                           Side{"south", &TileLinks::south}, Side{"north", &TileLinks::north}}) {
    std::vector<double> values;
    for (const TileLinks& tile : links) values.push_back(tile.*side.bytes);
    map[side.name] = scaled(std::move(values), mapping.traffic.busiest_link);
  }
  map["traffic"] = {{"bytes", rounded(mapping.traffic.bytes, kDigits)},
                    {"mean_hops", rounded(mapping.traffic.mean_hops, kDigits)},
                    {"busiest_link", rounded(mapping.traffic.busiest_link, kDigits)}};
  return map;
}

}  // namespace tilewright
