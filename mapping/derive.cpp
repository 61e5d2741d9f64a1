#include "mapping/derive.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <set>

namespace tilewright {
namespace {

// Rounds wanted values to powers of two in [lo, hi] with their sum kept: everybody starts at the
// power below, then those with the largest remainder move up while the sum lacks more than half of
// their step. Equal remainders: the smaller tile index first.
class PowersOfTwo {
 public:
  PowersOfTwo(double lo, double hi) : lo_(lo), hi_(hi) {}

  // wanted in, powers out.
  void round(std::vector<double>& values) {
    double lacking = 0;
    buckets_.fill(0);
    powers_.resize(values.size());
    order_.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double wanted = std::clamp(values[i], lo_, hi_);
      int exponent = 0;
      const double mantissa = std::frexp(wanted, &exponent);  // in [1/2, 1)
      const double power = std::ldexp(0.5, exponent);
      powers_[i] = power;
      order_[i] = static_cast<std::int32_t>((mantissa * 2 - 1) * kBuckets);
      if (power >= hi_) order_[i] = -1;
      lacking += wanted - power;
      if (order_[i] >= 0) buckets_[static_cast<std::size_t>(order_[i])] += power;
    }
    // Whole buckets of remainders move up together; the bucket where the sum runs out moves in
    // part.
    std::int32_t cut = kBuckets;
    while (cut > 0 && lacking >= buckets_[static_cast<std::size_t>(cut - 1)]) {
      lacking -= buckets_[static_cast<std::size_t>(--cut)];
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = powers_[i];
      if (order_[i] >= cut) {
        values[i] *= 2;
      } else if (order_[i] == cut - 1 && order_[i] >= 0 && 2 * lacking >= powers_[i]) {
        values[i] *= 2;
        lacking -= powers_[i];
      }
    }
  }

 private:
  static constexpr std::int32_t kBuckets = 1024;
  double lo_, hi_;
  std::array<double, kBuckets> buckets_{};
  std::vector<double> powers_;
  std::vector<std::int32_t> order_;
};

std::int32_t to_step(double value, std::int32_t step, std::int32_t lo, std::int32_t hi) {
  return std::clamp(static_cast<std::int32_t>(std::lround(value / step)) * step, lo, hi);
}

constexpr double kKib = 1024;

std::int64_t rom_kib(double bytes, double allocation, double weight_tensors) {
  // A slice boundary rounds to a whole element: at most eight bytes a tensor.
  const double kib = (allocation * bytes + 8 * weight_tensors) / kKib;
  return std::max(kWmemStepKib,
                  kWmemStepKib * static_cast<std::int64_t>(std::ceil(kib / double(kWmemStepKib))));
}

}  // namespace

void derive_tiles(const ActionVector& design, const std::vector<TileLoad>& loads,
                  double weight_tensors, std::vector<TileConfig>& out) {
  const std::size_t n = loads.size();
  double work = 0, hazard = 0, operators = 0;
  for (const auto& load : loads) {
    work += load.work;
    hazard += load.hazard;
    operators += load.operators;
  }
  const auto relative = [n](double value, double sum) {
    return sum > 0 ? value * static_cast<double>(n) / sum : 1.0;
  };

  thread_local std::vector<double> vlen, fetch;
  vlen.resize(n);
  fetch.resize(n);
  out.resize(n);
  for (std::size_t t = 0; t < n; ++t) {
    const double l = relative(loads[t].work, work);
    const double root = std::sqrt(l);
    vlen[t] = design[kVlen] * l;
    fetch[t] = design[kFetch] * root * std::sqrt(std::sqrt(relative(loads[t].hazard, hazard)));
    out[t].dmem_kib = to_step(design[kDmem] * root, kDmemStepKib, kDmemStepKib, kDmemMaxKib);
    out[t].imem_kib =
        to_step(design[kImem] * std::sqrt(std::sqrt(relative(loads[t].operators, operators))), 1, 1,
                kImemMaxKib);
    out[t].wmem_kib = rom_kib(loads[t].weight_bytes, std::max(1.0, design[kWmem]), weight_tensors);
  }
  thread_local PowersOfTwo vlen_powers(kVlenMin, kVlenMax), fetch_powers(1, kFetchMax);
  vlen_powers.round(vlen);
  fetch_powers.round(fetch);
  for (std::size_t t = 0; t < n; ++t) {
    out[t].vlen_bits = static_cast<std::int32_t>(vlen[t]);
    out[t].fetch = static_cast<std::int32_t>(fetch[t]);
  }
}

namespace {

struct ConfigCount {
  LogicConfig config;
  std::int32_t count = 0;
  std::int32_t target = -1;  // index of the kept configuration
};

// Table over all logic configurations, cleared entry by entry so that it costs nothing to reuse.
class ConfigIndex {
 public:
  ConfigIndex() : slots_(std::size_t{5} * 5 * 32 * 128, -1) {}
  static std::size_t slot(const LogicConfig& c) {
    const auto power = [](std::int32_t v) {
      return static_cast<std::size_t>(__builtin_ctz(static_cast<unsigned>(v)));
    };
    return ((power(c.fetch) * 5 + power(c.vlen_bits) - 7) * 32 +
            static_cast<std::size_t>(c.dmem_kib / 16 - 1)) *
               128 +
           static_cast<std::size_t>(c.imem_kib - 1);
  }
  std::int32_t& operator[](std::size_t slot) { return slots_[slot]; }

 private:
  std::vector<std::int32_t> slots_;
};

double log_distance(std::int32_t a, std::int32_t b) {
  return std::fabs(std::log2(double(a) / double(b)));
}

// A shorter vector or a smaller memory costs more than a larger one.
double move_cost(const LogicConfig& from, const LogicConfig& to) {
  constexpr double kVlenWeight = 64, kShortWeight = 8;
  double cost =
      kVlenWeight * log_distance(from.vlen_bits, to.vlen_bits) + log_distance(from.fetch, to.fetch);
  for (const auto& [was, is] :
       {std::pair{from.dmem_kib, to.dmem_kib}, std::pair{from.imem_kib, to.imem_kib}}) {
    cost += log_distance(was, is) * (is < was ? kShortWeight : 1);
  }
  return cost;
}

}  // namespace

std::int32_t count_configs(const std::vector<TileConfig>& tiles) {
  std::set<LogicConfig> configs;
  for (const auto& tile : tiles) configs.insert(logic_of(tile));
  return static_cast<std::int32_t>(configs.size());
}

ClusterCount cluster_tiles(std::vector<TileConfig>& tiles) {
  thread_local ConfigIndex index;
  thread_local std::vector<ConfigCount> configs;
  thread_local std::vector<std::int32_t> of_tile;
  configs.clear();
  of_tile.resize(tiles.size());
  for (std::size_t t = 0; t < tiles.size(); ++t) {
    auto& at = index[ConfigIndex::slot(logic_of(tiles[t]))];
    if (at < 0) {
      at = static_cast<std::int32_t>(configs.size());
      configs.push_back({logic_of(tiles[t]), 0, -1});
    }
    ++configs[static_cast<std::size_t>(at)].count;
    of_tile[t] = at;
  }
  for (const auto& c : configs) index[ConfigIndex::slot(c.config)] = -1;
  const auto before = static_cast<std::int32_t>(configs.size());
  if (before <= kMaxLogicConfigs) return {before, before};

  std::vector<std::int32_t> order(configs.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::int32_t>(i);
  const auto at = [](std::int32_t i) -> ConfigCount& {
    return configs[static_cast<std::size_t>(i)];
  };
  std::sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
    return at(a).count != at(b).count ? at(a).count > at(b).count : at(a).config < at(b).config;
  });
  // Every VLEN in use keeps its most frequent configuration: a changed VLEN would cost rate.
  std::int32_t seen = 0;
  std::stable_partition(order.begin(), order.end(), [&](std::int32_t i) {
    const bool fresh = (seen & at(i).config.vlen_bits) == 0;
    seen |= at(i).config.vlen_bits;
    return fresh;
  });
  for (std::size_t i = 0; i < order.size(); ++i) {
    auto& config = at(order[i]);
    config.target = order[i];
    if (i < kMaxLogicConfigs) continue;
    double least = 1e300;
    for (std::size_t k = 0; k < kMaxLogicConfigs; ++k) {
      const double cost = move_cost(config.config, at(order[k]).config);
      if (cost < least) {
        least = cost;
        config.target = order[k];
      }
    }
  }
  for (std::size_t t = 0; t < tiles.size(); ++t) {
    const auto& to = at(at(of_tile[t]).target).config;
    tiles[t].fetch = to.fetch;
    tiles[t].vlen_bits = to.vlen_bits;
    tiles[t].dmem_kib = to.dmem_kib;
    tiles[t].imem_kib = to.imem_kib;
  }
  return {before, kMaxLogicConfigs};
}

}  // namespace tilewright
