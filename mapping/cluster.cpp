#include "mapping/cluster.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <set>

namespace tilewright {
namespace {

struct ConfigCount {
  LogicConfig config;
  std::int32_t count = 0;
  std::int32_t id = 0;  // in order of appearance
};

LogicConfig logic(const TileConfig& t) {
  return {t.fetch, t.vlen_bits, t.dmem_kib, t.imem_kib};
}

// A table over all legal logic configurations, cleared entry by entry so that it costs nothing to
// reuse.
class ConfigIndex {
 public:
  ConfigIndex() : slots_(std::size_t{5} * 5 * 32 * 128, -1) {}
  std::int32_t& operator[](const LogicConfig& c) {
    const auto power = [](std::int32_t v) {
      return static_cast<std::size_t>(std::countr_zero(static_cast<std::uint32_t>(v)));
    };
    return slots_[((power(c.fetch) * 5 + power(c.vlen_bits) - 7) * 32 +
                   static_cast<std::size_t>(c.dmem_kib / kDmemStepKib - 1)) *
                      128 +
                  static_cast<std::size_t>(c.imem_kib - 1)];
  }

 private:
  std::vector<std::int32_t> slots_;
};

struct Scratch {
  ConfigIndex index;
  std::vector<ConfigCount> configs;   // distinct ones
  std::vector<std::int32_t> of_kind;  // id by kind
  std::vector<LogicConfig> target;    // the kept configuration that id moves to
};

void count_distinct(const std::vector<TileKind>& kinds, Scratch& s) {
  s.configs.clear();
  s.of_kind.clear();
  for (const auto& kind : kinds) {
    const auto config = logic(kind.unclustered);
    auto& id = s.index[config];
    if (id < 0) {
      id = static_cast<std::int32_t>(s.configs.size());
      s.configs.push_back({config, 0, id});
    }
    s.configs[static_cast<std::size_t>(id)].count += kind.count;
    s.of_kind.push_back(id);
  }
  for (const auto& c : s.configs) s.index[c.config] = -1;
}

// Binary logarithm of 1 .. 2048, the largest parameter; memories of tiles are compared in them.
double log2_of(std::int32_t value) {
  static const auto kTable = [] {
    std::array<double, kVlenMax + 1> table{};
    for (std::size_t i = 1; i < table.size(); ++i) table[i] = std::log2(static_cast<double>(i));
    return table;
  }();
  return kTable[static_cast<std::size_t>(value)];
}

double log_distance(std::int32_t a, std::int32_t b) {
  return std::fabs(log2_of(a) - log2_of(b));
}

// A shorter vector or a smaller memory costs more than a larger one.
double move_cost(const LogicConfig& from, const LogicConfig& to) {
  constexpr double kVlenWeight = 64, kShortWeight = 8;
  const auto memory = [](std::int32_t was, std::int32_t is) {
    return log_distance(was, is) * (is < was ? kShortWeight : 1);
  };
  return kVlenWeight * log_distance(from.vlen_bits, to.vlen_bits) +
         log_distance(from.fetch, to.fetch) + memory(from.dmem_kib, to.dmem_kib) +
         memory(from.imem_kib, to.imem_kib);
}

// The kept configurations first.
void rank(std::vector<ConfigCount>& configs) {
  std::sort(configs.begin(), configs.end(), [](const ConfigCount& a, const ConfigCount& b) {
    return a.count != b.count ? a.count > b.count : a.config < b.config;
  });
  // Every VLEN in use keeps its most frequent configuration: a changed VLEN would cost rate.
  std::int32_t seen = 0;
  auto front = configs.begin();
  for (auto config = configs.begin(); config != configs.end(); ++config) {
    if ((seen & config->config.vlen_bits) != 0) continue;
    seen |= config->config.vlen_bits;
    std::rotate(front++, config, config + 1);
  }
}

const LogicConfig& nearest(const LogicConfig& config, const std::vector<ConfigCount>& ranked) {
  double least = 1e300;
  std::size_t best = 0;
  for (std::size_t k = 0; k < kMaxLogicConfigs; ++k) {
    const double cost = move_cost(config, ranked[k].config);
    if (cost < least) {
      least = cost;
      best = k;
    }
  }
  return ranked[best].config;
}

}  // namespace

ClusterCount cluster_tiles(std::vector<TileKind>& kinds) {
  thread_local Scratch s;
  count_distinct(kinds, s);
  for (auto& kind : kinds) kind.tile = kind.unclustered;
  const auto before = static_cast<std::int32_t>(s.configs.size());
  if (before <= kMaxLogicConfigs) return {before, before};

  rank(s.configs);
  s.target.resize(s.configs.size());
  for (std::size_t i = 0; i < s.configs.size(); ++i) {
    const auto& own = s.configs[i];
    s.target[static_cast<std::size_t>(own.id)] =
        i < kMaxLogicConfigs ? own.config : nearest(own.config, s.configs);
  }
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const auto& to = s.target[static_cast<std::size_t>(s.of_kind[i])];
    auto& tile = kinds[i].tile;
    tile.fetch = to.fetch;
    tile.vlen_bits = to.vlen_bits;
    tile.dmem_kib = to.dmem_kib;
    tile.imem_kib = to.imem_kib;
  }
  return {before, kMaxLogicConfigs};
}

std::int32_t count_configs(const std::vector<TileKind>& kinds) {
  std::set<LogicConfig> configs;
  for (const auto& kind : kinds) configs.insert(logic(kind.tile));
  return static_cast<std::int32_t>(configs.size());
}

}  // namespace tilewright
