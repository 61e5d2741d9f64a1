#include <algorithm>
#include <iterator>

#include "surrogate/kernel_inl.h"
#include "surrogate/units_inl.h"

namespace tilewright::kernel {

const char* factor_name(std::size_t factor) {
  static constexpr const char* kNames[kFactorCount] = {
      "partition", "packing",   "lanes",    "network",     "steps",      "link",  "need_in",
      "need_out",  "kv",        "raw",      "war",         "waw",        "fetch", "activity",
      "leak",      "tile_area", "rom_area", "sram_energy", "rom_energy", "wmem",  "wcap",
      "operators", "sram_area", "wire",     "die_links"};
  return kNames[factor];
}

bool has_factor(const Case& c, std::size_t factor) {
  static constexpr FactorId kNotOfUnits[] = {kPackingFactor, kStepsFactor, kActivityFactor};
  if (factor == kDieLinkFactor && c.topology.kind != TopologyKind::kChiplets) return false;
  if (factor == kWireFactor && c.topology.mesh()) return false;
  if (c.form == Form::kMeanField) return factor < kSramAreaFactor;
  return std::find(std::begin(kNotOfUnits), std::end(kNotOfUnits), factor) == std::end(kNotOfUnits);
}

template void evaluate<double>(const Case&, const Point<double>&, const double*, Terms<double>&);
template void evaluate<Pack>(const Case&, const Point<Pack>&, const Pack*, Terms<Pack>&);
template void evaluate_units<double>(const Case&, const Point<double>&, const double*,
                                     const double*, Terms<double>&);

}  // namespace tilewright::kernel
