#include "mapping/kinds.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <tuple>

namespace tilewright {
namespace {

std::size_t index(std::int32_t i) {
  return static_cast<std::size_t>(i);
}

// Positions of a segment with unit lanes, and with twice as many.
std::array<std::int32_t, 2> count_lanes(const Segment& s, const std::vector<std::int32_t>& units) {
  const std::int32_t length = s.end - s.begin;
  const std::int32_t high = units[index(s.end)] - units[index(s.begin)] - length;
  return {length - high, high};
}

}  // namespace

void kinds_of_segments(const std::vector<Segment>& segments, const LanePattern& lanes,
                       const std::vector<std::int32_t>& units, bool equal_lanes,
                       std::vector<TileKind>& out) {
  out.clear();
  for (const auto& s : segments) {
    const auto counts = count_lanes(s, units);
    for (std::size_t high = 0; high < 2; ++high) {
      if (counts[high] == 0) continue;
      const double own = lanes.unit_lanes() * static_cast<double>(1 + high);
      auto& kind = out.emplace_back();
      kind.load.work = s.cycles * (equal_lanes ? lanes.mean_lanes() : own);
      kind.load.weight_bytes = s.weight_density * own;
      kind.load.operators = s.operators;
      kind.load.hazard = s.cycles > 0 ? s.hazard / s.cycles : 0;
      kind.count = counts[high];
    }
  }
}

void deal_kinds(const std::vector<Segment>& segments, const std::vector<std::int32_t>& units,
                const Walk& walk, std::int32_t mesh_w, const std::vector<KindParts>& parts,
                const std::vector<TileKind>& kinds, std::vector<std::int32_t>& kind_of) {
  kind_of.resize(walk.size() / 2);
  auto part = parts.begin();
  for (const auto& s : segments) {
    const auto counts = count_lanes(s, units);
    std::array<std::int32_t, 2> kind{}, left{};
    bool cut = false;
    for (std::size_t high = 0; high < 2; ++high) {
      if (counts[high] == 0) continue;
      kind[high] = part->first;
      left[high] = kinds[index(part->first)].count;
      cut |= part->count > 1;
      ++part;
    }
    for (std::int32_t p = s.begin; p < s.end; ++p) {
      const auto at = walk[index(p)];
      const auto high = index(units[index(p + 1)] - units[index(p)] - 1);
      if (cut) {
        if (left[high] == 0) left[high] = kinds[index(++kind[high])].count;
        --left[high];
      }
      kind_of[index(at.y * mesh_w + at.x)] = kind[high];
    }
  }
}

void build_kinds(const std::vector<TileKind>& laden, const std::vector<TileConfig>& tiles,
                 const std::vector<std::int32_t>& curve, std::vector<TileKind>& kinds,
                 std::vector<std::int32_t>& kind_of) {
  std::vector<std::vector<TileKind>> builds(laden.size());
  std::vector<std::size_t> build_of(tiles.size());
  for (const auto t : curve) {
    const auto& tile = tiles[index(t)];
    auto& list = builds[index(kind_of[index(t)])];
    auto at = std::find_if(list.begin(), list.end(),
                           [&](const TileKind& kind) { return kind.tile == tile; });
    if (at == list.end())
      at = list.insert(at, {laden[index(kind_of[index(t)])].load, tile, tile, 0});
    ++at->count;
    build_of[index(t)] = static_cast<std::size_t>(at - list.begin());
  }
  std::vector<std::size_t> first;
  kinds.clear();
  for (const auto& list : builds) {
    first.push_back(kinds.size());
    kinds.insert(kinds.end(), list.begin(), list.end());
  }
  for (std::size_t t = 0; t < tiles.size(); ++t)
    kind_of[t] = static_cast<std::int32_t>(first[index(kind_of[t])] + build_of[t]);
}

void kinds_of_tiles(const std::vector<TileLoad>& loads, const std::vector<TileConfig>& tiles,
                    std::vector<TileKind>& kinds, std::vector<std::int32_t>& kind_of) {
  const auto key = [&](std::int32_t t) {
    const auto& l = loads[index(t)];
    const auto& c = tiles[index(t)];
    return std::tuple(l.work, l.weight_bytes, l.operators, l.hazard, c.fetch, c.vlen_bits,
                      c.dmem_kib, c.imem_kib, c.wmem_kib);
  };
  std::vector<std::int32_t> order(tiles.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return key(a) < key(b); });
  kinds.clear();
  kind_of.resize(tiles.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto t = order[i];
    if (i == 0 || key(order[i - 1]) < key(t)) {
      auto& kind = kinds.emplace_back();
      kind.load = loads[index(t)];
      kind.load.kv_bytes = 0;
      kind.tile = kind.unclustered = tiles[index(t)];
    }
    ++kinds.back().count;
    kind_of[index(t)] = static_cast<std::int32_t>(kinds.size()) - 1;
  }
}

}  // namespace tilewright
