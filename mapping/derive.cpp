#include "mapping/derive.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace tilewright {
namespace {

// Rounds wanted values to powers of two in [lo, hi] with their sum kept: everybody starts at the
// power below, then those with the largest remainder move up while the sum lacks more than half of
// their step. Equal remainders: the earlier kind first, and of a kind the earlier tiles. What is
// wanted up to a quarter above hi still counts in the sum: else a few tiles a little above the
// largest vector would push as many a little below it to half of theirs, and those would decide the
// rate.
class PowersOfTwo {
 public:
  PowersOfTwo(double lo, double hi) : lo_(lo), hi_(hi) {}

  // Wanted values in, the powers below out; up[i] of kind i's tiles get twice that.
  void round(const std::vector<TileKind>& kinds, std::vector<double>& values,
             std::vector<std::int32_t>& up) {
    double lacking = 0;
    std::array<double, kBuckets> buckets{};  // what moving up all of a bucket adds
    up.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double wanted = std::clamp(values[i], lo_, hi_);
      const double power = power_below(wanted);
      const auto bucket = static_cast<std::size_t>((wanted / power - 1) * kBuckets);
      up[i] = power >= hi_ ? -1 : static_cast<std::int32_t>(bucket);
      lacking += (std::min(std::max(values[i], lo_), kOverflow * hi_) - power) * kinds[i].count;
      values[i] = power;
      if (power < hi_) buckets[bucket] += power * kinds[i].count;
    }
    // Whole buckets of remainders move up together; the bucket where the sum runs out moves in
    // part.
    std::int32_t cut = kBuckets;
    while (cut > 0 && lacking >= buckets[static_cast<std::size_t>(cut - 1)])
      lacking -= buckets[static_cast<std::size_t>(--cut)];
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::int32_t bucket = up[i];
      up[i] = bucket >= cut ? kinds[i].count : 0;
      if (bucket < 0 || bucket != cut - 1) continue;
      up[i] = static_cast<std::int32_t>(
          std::clamp(std::floor(lacking / values[i] + 0.5), 0.0, double(kinds[i].count)));
      lacking -= values[i] * up[i];
    }
  }

 private:
  static double power_below(double value) {  // between 1 and 2^31
    return static_cast<double>(std::bit_floor(static_cast<std::uint32_t>(value)));
  }
  static constexpr std::int32_t kBuckets = 1024;
  static constexpr double kOverflow = 1.25;
  double lo_, hi_;
};

std::int32_t to_step(double value, std::int32_t step, std::int32_t lo, std::int32_t hi) {
  const auto steps = static_cast<std::int32_t>(std::min<double>(value / step + 0.5, hi));
  return std::clamp(steps * step, lo, hi);
}

constexpr double kKib = 1024;

std::int64_t rom_kib(double bytes, double allocation, double weight_parts) {
  // A slice boundary rounds to a whole element: at most eight bytes a part.
  const double kib = (allocation * bytes + 8 * weight_parts) / kKib;
  return std::max(kWmemStepKib,
                  kWmemStepKib * static_cast<std::int64_t>(std::ceil(kib / double(kWmemStepKib))));
}

// The parts of a kind: tiles with both values rounded up, with one, with none.
KindParts cut_kind(const TileKind& kind, std::int32_t vlen_up, std::int32_t fetch_up,
                   std::vector<TileKind>& out) {
  const KindParts parts{static_cast<std::int32_t>(out.size()), 0};
  const std::array<std::int32_t, 4> ends{0, std::min(vlen_up, fetch_up),
                                         std::max(vlen_up, fetch_up), kind.count};
  for (std::size_t i = 0; i < 3; ++i) {
    if (ends[i + 1] == ends[i]) continue;
    auto& part = out.emplace_back(kind);
    part.count = ends[i + 1] - ends[i];
    if (ends[i] < vlen_up) part.unclustered.vlen_bits *= 2;
    if (ends[i] < fetch_up) part.unclustered.fetch *= 2;
    part.tile = part.unclustered;
  }
  return {parts.first, static_cast<std::int32_t>(out.size()) - parts.first};
}

}  // namespace

void derive_tiles(const ActionVector& design, const std::vector<TileKind>& kinds,
                  double weight_parts, DeriveScratch& scratch, std::vector<TileKind>& out,
                  std::vector<KindParts>& parts, std::span<const TileFactors> factors) {
  const auto factors_of = [&](std::size_t i) {
    return factors.empty() ? TileFactors{} : factors[i];
  };
  double tiles = 0, work = 0, hazard = 0, operators = 0;
  for (const auto& kind : kinds) {
    tiles += kind.count;
    work += kind.load.work * kind.count;
    hazard += kind.load.hazard * kind.count;
    operators += kind.load.operators * kind.count;
  }
  const auto relative = [tiles](double value, double sum) {
    return sum > 0 ? value * tiles / sum : 1.0;
  };
  scratch.vlen.resize(kinds.size());
  scratch.fetch.resize(kinds.size());
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const auto& load = kinds[i].load;
    const double l = relative(load.work, work);
    const TileFactors factor = factors_of(i);
    scratch.vlen[i] = design[kVlen] * l * factor.vlen;
    scratch.fetch[i] =
        design[kFetch] * std::sqrt(l * std::sqrt(relative(load.hazard, hazard))) * factor.fetch;
  }
  PowersOfTwo(kVlenMin, kVlenMax).round(kinds, scratch.vlen, scratch.vlen_up);
  PowersOfTwo(1, kFetchMax).round(kinds, scratch.fetch, scratch.fetch_up);

  out.clear();
  parts.clear();
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    TileKind kind = kinds[i];
    const auto& load = kind.load;
    auto& tile = kind.unclustered;
    tile.vlen_bits = static_cast<std::int32_t>(scratch.vlen[i]);
    tile.fetch = static_cast<std::int32_t>(scratch.fetch[i]);
    const TileFactors factor = factors_of(i);
    tile.dmem_kib = to_step(design[kDmem] * std::sqrt(relative(load.work, work)) * factor.dmem,
                            kDmemStepKib, kDmemStepKib, kDmemMaxKib);
    tile.imem_kib =
        to_step(design[kImem] * std::sqrt(std::sqrt(relative(load.operators, operators))), 1, 1,
                kImemMaxKib);
    tile.wmem_kib =
        rom_kib(load.weight_bytes, std::max(1.0, design[kWmem] * factor.wmem), weight_parts);
    parts.push_back(cut_kind(kind, scratch.vlen_up[i], scratch.fetch_up[i], out));
  }
}

}  // namespace tilewright
