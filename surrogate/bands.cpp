#include "surrogate/bands.h"

#include <algorithm>
#include <cmath>

#include "surrogate/die.h"
#include "surrogate/units_kernel.h"

namespace tilewright {
namespace {

// Sums of squares of logarithms.
struct Deviation {
  double up = 0, down = 0;
  void add(double ratio) {
    if (!(ratio > 0)) return;
    const double log = std::log(ratio);
    (log > 0 ? up : down) += log * log;
  }
};

void keep(const Quantities& base, const Quantities& low, const Quantities& high, std::size_t unit,
          std::vector<Influence>& influences) {
  for (const std::size_t q : {kRateQuantity, kPowerQuantity, kAreaQuantity, kEnergyQuantity}) {
    if (low[q] == base[q] && high[q] == base[q]) continue;
    influences.push_back({quantity_name(q), unit_key(unit), low[q] / base[q], high[q] / base[q]});
  }
}

double weight_of(const Influence& i) {
  const double low = std::log(i.low), high = std::log(i.high);
  return low * low + high * high;
}

}  // namespace

const char* quantity_name(std::size_t quantity) {
  static constexpr const char* kNames[kQuantityCount] = {
      "tok_s",      "power_mw", "area_mm2",   "energy_mj_per_unit",
      "compute_mw", "mac_mw",   "control_mw", "noc_mw",
      "sram_mw",    "rom_mw",   "leak_mw",    "die_to_die_mw",
      "tile_mm2",   "rom_mm2",  "sram_mm2",   "dies",
      "yield",      "cost_usd"};
  return kNames[quantity];
}

Quantities quantities_of(const kernel::Case& c, const kernel::Point<double>& p, const double* units,
                         const double* multipliers) {
  kernel::Terms<double> t{};
  kernel::evaluate_units<double>(c, p, units, multipliers, t);
  const Dies dies = dies_of(t.area, kernel::die_cuts<double>(c.topology, p.a[kMeshW]) + 1,
                            c.refs.reticle_mm2, c.units.shape.wafer_mm, units);
  return {t.tok_s,      t.power,   t.area,     t.power / t.tok_s, t.compute_mw, t.mac_mw,
          t.control_mw, t.noc_mw,  t.sram_mw,  t.rom_mw,          t.leak_mw,    t.die_to_die_mw,
          t.tile_mm2,   t.rom_mm2, t.sram_mm2, dies.count,        dies.yield,   dies.cost_usd};
}

void add_bands(const kernel::Case& c, const kernel::Point<double>& p, const double* multipliers,
               PhysicalPpa& out) {
  auto units = c.units.value;
  const Quantities base = quantities_of(c, p, units.data(), multipliers);
  std::array<Deviation, kQuantityCount> deviations;
  out.influences.clear();
  for (std::size_t u = 0; u < kUnitCount; ++u) {
    const Band& band = c.units.band[u];
    if (band.lo == band.hi) continue;
    const auto at = [&](double value) {
      units[u] = value;
      const Quantities moved = quantities_of(c, p, units.data(), multipliers);
      units[u] = band.value;
      for (std::size_t q = 0; q < kQuantityCount; ++q) deviations[q].add(moved[q] / base[q]);
      return moved;
    };
    const Quantities low = at(band.lo), high = at(band.hi);
    keep(base, low, high, u, out.influences);
  }
  std::stable_sort(
      out.influences.begin(), out.influences.end(),
      [](const Influence& a, const Influence& b) { return weight_of(a) > weight_of(b); });
  out.bands.clear();
  for (std::size_t q = 0; q < kQuantityCount; ++q) {
    out.bands.emplace_back(quantity_name(q),
                           Band{base[q], base[q] * std::exp(-std::sqrt(deviations[q].down)),
                                base[q] * std::exp(std::sqrt(deviations[q].up))});
  }
}

}  // namespace tilewright
