#include "surrogate/units.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace tilewright {
namespace {

constexpr const char* kKeys[kUnitCount] = {
    "area_per_ge_um2",
    "e_mac_pj",
    "e_ff_clk_fj",
    "e_ctrl_fixed_pj",
    "e_ctrl_vlen_fj_per_bit",
    "e_router_fj_per_bit_hop",
    "e_router_idle_fj_per_bit_cycle",
    "e_wire_fj_per_bit_mm",
    "t_wire_ps_per_mm",
    "a_sram_mm2_per_mib",
    "e_sram_a_fj_per_bit",
    "e_sram_b_fj_per_bit_sqrtkib",
    "leak_sram_mw_per_mib",
    "a_rom_mm2_per_mib",
    "e_rom_bank_fj_per_bit",
    "leak_rom_on_mw_per_mib",
    "leak_logic_mw_per_mm2",
    "d0_per_cm2",
    "wafer_usd",
    "tile.placement",
    "rate.utilisation",
    "power.clock_tree",
    "power.implementation",
    "power.rom_wire",
    "power.rom_gated",
    "tile.ge_lane_k",
    "tile.ge_register_bit",
    "tile.ge_router_bit",
    "tile.ge_core_k",
    "tile.top_overhead",
    "power.noc_traffic",
    "power.leak_cold",
    "power.leak_high_vt",
    "die.yield_alpha",
    "power.die_to_die_pj_per_bit",
    "die.link_gbyte_s_per_mm2",
    "power.mac_int8",
    "power.mac_int4",
};

struct Shape {
  const char* key;
  double UnitShapes::*field;
};
constexpr Shape kShapes[] = {
    {"core.fetch", &UnitShapes::core_fetch},
    {"core.lane", &UnitShapes::core_lane},
    {"core.lane_square", &UnitShapes::core_lane_square},
    {"core.station", &UnitShapes::core_station},
    {"core.station_port", &UnitShapes::core_station_port},
    {"core.station_base", &UnitShapes::core_station_base},
    {"core.fixed", &UnitShapes::core_fixed},
    {"core.port", &UnitShapes::core_port},
    {"core.dispatch", &UnitShapes::core_dispatch},
    {"core.rest", &UnitShapes::core_rest},
    {"core.reference", &UnitShapes::core_reference},
    {"tile.registers", &UnitShapes::vrf_registers},
    {"tile.sram_overhead", &UnitShapes::sram_overhead},
    {"tile.sram_macro_kib", &UnitShapes::sram_macro_kib},
    {"tile.mac_flip_flops", &UnitShapes::flip_flops},
    {"power.operand_macro_kib", &UnitShapes::operand_macro_kib},
    {"rate.phase_cycles", &UnitShapes::phase_cycles},
    {"rate.counted_share", &UnitShapes::counted_share},
    {"rate.accumulator_banks", &UnitShapes::accumulator_banks},
    {"power.noc_spread", &UnitShapes::noc_spread},
    {"power.kv_write", &UnitShapes::kv_write},
    {"die.wafer_mm", &UnitShapes::wafer_mm},
    {"tile.router_buffers", &UnitShapes::router_buffers},
};

}  // namespace

const char* unit_key(std::size_t unit) {
  return kKeys[unit];
}

bool is_node_unit(std::size_t unit) {
  return unit < kPlacement;
}

bool is_unit_scalar(const std::string& key) {
  const bool banded = std::any_of(std::begin(kKeys) + kPlacement, std::end(kKeys),
                                  [&](std::string_view known) { return known == key; });
  return banded || std::any_of(std::begin(kShapes), std::end(kShapes),
                               [&](const Shape& shape) { return shape.key == key; });
}

Units read_units(const Calibration& calibration, const ProcessNode& node) {
  Units units{};
  for (std::size_t u = 0; u < kUnitCount; ++u) {
    units.band[u] = (is_node_unit(u) ? node.columns : calibration.scalars).band(kKeys[u]);
    units.value[u] = units.band[u].value;
  }
  for (const auto& [key, field] : kShapes) units.shape.*field = calibration.scalars.get(key);
  return units;
}

}  // namespace tilewright
