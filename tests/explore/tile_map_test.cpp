#include "explore/tile_map.h"
#include "support/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

namespace tilewright {
namespace {

// What the page does to read an array.
std::vector<double> unpacked(const Json& array) {
  static const std::string kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<unsigned> bytes;
  unsigned bits = 0;
  int held = 0;
  for (const char c : array.at("base64").get<std::string>()) {
    if (c == '=') break;
    bits = (bits << 6U) | static_cast<unsigned>(kDigits.find(c));
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes.push_back((bits >> static_cast<unsigned>(held)) & 255U);
    }
  }
  std::vector<double> values;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2)
    values.push_back((bytes[i] + 256.0 * bytes[i + 1]) * array.at("scale").get<double>());
  return values;
}

// 30 x 20 tiles of five builds, every tile with pages of its own.
Mapping mesh() {
  Mapping mapping;
  mapping.mesh_w = 30;
  mapping.mesh_h = 20;
  for (int t = 0; t < 600; ++t) {
    TileConfig tile;
    tile.vlen_bits = 128 << (t % 5);
    tile.wmem_kib = 64 * (1 + t % 5);
    mapping.tiles.push_back(tile);
    TileLoad load;
    load.work = 1000.0 / 3 * (1 + t % 5);
    load.kv_bytes = 4096.0 * t;
    mapping.loads.push_back(load);
  }
  mapping.traffic.busiest_link = 1234567;
  return mapping;
}

TEST(TileMap, EveryTileIsFoundAgain) {
  const Mapping mapping = mesh();
  std::vector<TileLinks> links(600);
  for (std::size_t t = 0; t < links.size(); ++t)
    links[t] = {static_cast<double>(t), 0, 1234567.0 / static_cast<double>(t + 1), 0.5};
  const Json map = tile_map_json(mapping, links);
  EXPECT_EQ(map.at("w"), 30);
  EXPECT_EQ(map.at("h"), 20);
  const Json& kinds = map.at("kinds");
  EXPECT_EQ(kinds.at("vlen").size(), 5U);
  const auto kind_of = unpacked(map.at("kind_of")), kv = unpacked(map.at("kv_bytes")),
             east = unpacked(map.at("east")), south = unpacked(map.at("south"));
  ASSERT_EQ(kind_of.size(), 600U);
  ASSERT_EQ(south.size(), 600U);
  const double step = 1234567.0 / 65535;
  for (std::size_t t = 0; t < 600; ++t) {
    const auto kind = static_cast<std::size_t>(kind_of[t]);
    EXPECT_EQ(kinds.at("vlen")[kind], mapping.tiles[t].vlen_bits);
    EXPECT_EQ(kinds.at("wmem")[kind], mapping.tiles[t].wmem_kib);
    EXPECT_NEAR(kinds.at("work")[kind].get<double>(), mapping.loads[t].work,
                5e-6 * mapping.loads[t].work);
    EXPECT_NEAR(kv[t], mapping.loads[t].kv_bytes, 4096.0 * 600 / 65535);
    EXPECT_NEAR(east[t], links[t].east, 0.51 * step);
    EXPECT_NEAR(south[t], links[t].south, 0.51 * step);
  }
}

TEST(TileMap, AQuietMeshHasNoTraffic) {
  Mapping mapping = mesh();
  mapping.traffic.busiest_link = 0;
  const Json map = tile_map_json(mapping, std::vector<TileLinks>(600));
  for (const double bytes : unpacked(map.at("north"))) EXPECT_EQ(bytes, 0);
}

TEST(Rounded, KeepsTheDigitsAskedFor) {
  EXPECT_EQ(rounded(1234.5678, 6), 1234.57);
  EXPECT_EQ(rounded(-0.000012345678, 4), -0.00001235);
  EXPECT_EQ(rounded(0, 6), 0);
  EXPECT_TRUE(std::isnan(rounded(std::numeric_limits<double>::quiet_NaN(), 6)));
}

}  // namespace
}  // namespace tilewright
