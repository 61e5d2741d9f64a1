#include "experiments/compare_calibrations.h"

#include <fmt/format.h>

#include <algorithm>

#include "experiments/svg.h"

namespace tilewright {
namespace {

struct Row {
  const char *quantity, *band, *unit;  // band: its name among the bands, or empty
  double (*value)(const Judged&);
  const char *because, *because_unit;
  double (*below)(const Judged&);
};

double macs_a_second(const Judged& j) {
  return j.ppa.gops * 1e9 / 2;
}
double pj_a_mac(const Judged& j) {
  return j.ppa.compute_mw * 1e9 / macs_a_second(j);
}
double mj_a_unit(double milliwatts, const Judged& j) {
  return milliwatts / j.ppa.tok_s;
}

constexpr Row kRows[] = {
    {"rate", "tok_s", "1/s", [](const Judged& j) { return j.ppa.tok_s; }, "gain by drafts", "x",
     [](const Judged& j) { return j.ppa.tok_s / j.ppa.tok_s_plain; }},
    {"rate without drafts", "", "1/s", [](const Judged& j) { return j.ppa.tok_s_plain; }, "work",
     "GOp a unit", [](const Judged& j) { return j.ppa.gops / j.ppa.tok_s; }},
    {"clock", "", "MHz", [](const Judged& j) { return j.ppa.clock_mhz; }, "ceiling compute", "1/s",
     [](const Judged& j) { return j.ppa.ceiling_compute; }},
    {"power", "power_mw", "mW", [](const Judged& j) { return j.ppa.power_mw; }, "energy",
     "mJ a unit", [](const Judged& j) { return j.ppa.energy_mj; }},
    {"power compute", "compute_mw", "mW", [](const Judged& j) { return j.ppa.compute_mw; },
     "compute", "pJ a multiply-accumulate", pj_a_mac},
    {"power noc", "noc_mw", "mW", [](const Judged& j) { return j.ppa.noc_mw; }, "network",
     "mJ a unit", [](const Judged& j) { return mj_a_unit(j.ppa.noc_mw, j); }},
    {"power sram", "sram_mw", "mW", [](const Judged& j) { return j.ppa.sram_mw; }, "SRAM",
     "mJ a unit", [](const Judged& j) { return mj_a_unit(j.ppa.sram_mw, j); }},
    {"power rom", "rom_mw", "mW", [](const Judged& j) { return j.ppa.rom_mw; }, "ROM", "mJ a unit",
     [](const Judged& j) { return mj_a_unit(j.ppa.rom_mw, j); }},
    {"power leakage", "leak_mw", "mW", [](const Judged& j) { return j.ppa.leak_mw; }, "leakage",
     "mW a mm2", [](const Judged& j) { return j.ppa.leak_mw / j.ppa.area_mm2; }},
    {"area", "area_mm2", "mm2", [](const Judged& j) { return j.ppa.area_mm2; }, "power density",
     "W a mm2", [](const Judged& j) { return 1e-3 * j.ppa.power_mw / j.ppa.area_mm2; }},
    {"area tiles", "tile_mm2", "mm2", [](const Judged& j) { return j.ppa.tile_mm2; },
     "a tile without ROM", "mm2", [](const Judged& j) { return j.ppa.tile_mm2 / j.tiles; }},
    {"area rom", "rom_mm2", "mm2", [](const Judged& j) { return j.ppa.rom_mm2; }, "ROM",
     "mm2 a MiB", [](const Judged& j) { return j.ppa.rom_mm2 / j.weight_mib; }},
    {"margin dmem", "", "", [](const Judged& j) { return j.ppa.margins[kMarginDmem]; },
     "tightest margin", "",
     [](const Judged& j) { return *std::min_element(j.ppa.margins.begin(), j.ppa.margins.end()); }},
};

}  // namespace

Table calibration_table(const Judged& first, const Judged& second) {
  Table table{
      "calibrations",
      "One design under the calibrations " + first.calibration + " and " + second.calibration,
      {{"Quantity", ""},
       {first.calibration, ""},
       {second.calibration, ""},
       {"Unit", ""},
       {"Ratio", "x"},
       {"Low", ""},
       {"High", ""},
       {"Because", ""}},
      {}};
  for (const Row& row : kRows) {
    const double a = row.value(first), b = row.value(second);
    const Band* const banded = second.ppa.physical ? second.ppa.physical->band(row.band) : nullptr;
    const auto end = [&](double Band::*which) {
      return banded != nullptr ? Cell(Number{banded->*which, 0}) : Cell(Missing{"no band"});
    };
    table.add({std::string(row.quantity), Number{a, 0}, Number{b, 0}, std::string(row.unit),
               a != 0 ? Cell(Number{b / a, 4}) : Cell(Missing{"the first is 0"}), end(&Band::lo),
               end(&Band::hi),
               fmt::format("{} {} against {} {}", row.because, short_number(row.below(second)),
                           short_number(row.below(first)), row.because_unit)});
  }
  return table;
}

}  // namespace tilewright
