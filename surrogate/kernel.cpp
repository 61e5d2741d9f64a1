#include "surrogate/kernel_inl.h"

namespace tilewright::kernel {

const char* factor_name(std::size_t factor) {
  static constexpr const char* kNames[kFactorCount] = {
      "partition",  "packing",  "lanes", "network",   "steps",    "link",
      "need_in",    "need_out", "kv",    "raw",       "war",      "waw",
      "fetch",      "activity", "leak",  "tile_area", "rom_area", "sram_energy",
      "rom_energy", "wmem",     "wcap",  "operators"};
  return kNames[factor];
}

template void evaluate<double>(const Case&, const Point<double>&, const double*, Terms<double>&);
template void evaluate<Pack>(const Case&, const Point<Pack>&, const Pack*, Terms<Pack>&);

}  // namespace tilewright::kernel
