#include "surrogate/constants.h"

#include <map>
#include <set>
#include <span>

#include "support/error.h"
#include "surrogate/units.h"

namespace tilewright {
namespace {

struct Field {
  const char* key;
  double Constants::*field;
};

// One row a constant; the key is the field's name with the '_' behind its table as a dot.
constexpr Field kFields[] = {
    {"draft.accept", &Constants::draft_accept},
    {"draft.cost", &Constants::draft_cost},
    {"hazard.raw", &Constants::hazard_raw},
    {"hazard.raw_stations", &Constants::hazard_raw_stations},
    {"hazard.raw_vlen_exponent", &Constants::hazard_raw_vlen_exponent},
    {"hazard.war", &Constants::hazard_war},
    {"hazard.war_stations", &Constants::hazard_war_stations},
    {"hazard.waw", &Constants::hazard_waw},
    {"hazard.waw_scalar_port_share", &Constants::hazard_waw_scalar_port_share},
    {"hazard.waw_ports", &Constants::hazard_waw_ports},
    {"hazard.fetch", &Constants::hazard_fetch},
    {"hazard.fetch_decay", &Constants::hazard_fetch_decay},
    {"hazard.imem", &Constants::hazard_imem},
    {"hazard.imem_decay", &Constants::hazard_imem_decay},
    {"hazard.vdp", &Constants::hazard_vdp},
    {"hazard.xdp", &Constants::hazard_xdp},
    {"hazard.xwp", &Constants::hazard_xwp},
    {"hazard.dispatch_decay", &Constants::hazard_dispatch_decay},
    {"hazard.vwp", &Constants::hazard_vwp},
    {"hazard.vwp_decay", &Constants::hazard_vwp_decay},
    {"memory.need_fixed_kib", &Constants::memory_need_fixed_kib},
    {"memory.pressure_scratch", &Constants::memory_pressure_scratch},
    {"memory.pressure_buffers", &Constants::memory_pressure_buffers},
    {"memory.activation_bytes", &Constants::memory_activation_bytes},
    {"noc.express", &Constants::noc_express},
    {"literal.vlen", &Constants::literal_vlen},
    {"literal.fetch", &Constants::literal_fetch},
    {"feasible.imem_kib", &Constants::feasible_imem_kib},
    {"feasible.imem_growth", &Constants::feasible_imem_growth},
    {"feasible.imem_ops_per_tile", &Constants::feasible_imem_ops_per_tile},
    {"feasible.imem_low_power_kib", &Constants::feasible_imem_low_power_kib},
    {"feasible.memory_split", &Constants::feasible_memory_split},
    {"feasible.tolerance", &Constants::feasible_tolerance},
    {"feasible.budget_power", &Constants::feasible_budget_power},
    {"feasible.budget_area_field_mm2", &Constants::feasible_budget_area_field_mm2},
    {"feasible.budget_area_printed_mm2", &Constants::feasible_budget_area_printed_mm2},
    {"feasible.budget_rate", &Constants::feasible_budget_rate},
    {"workload.weights_per_tile_kib", &Constants::workload_weights_per_tile_kib},
    {"workload.mesh_side_limit", &Constants::workload_mesh_side_limit},
    {"workload.reticle_mm2", &Constants::workload_reticle_mm2},
    {"workload.page_tokens", &Constants::workload_page_tokens},
    {"first_design.fetch", &Constants::first_design_fetch},
    {"first_design.stations", &Constants::first_design_stations},
    {"first_design.ports", &Constants::first_design_ports},
    {"first_design.flit", &Constants::first_design_flit},
    {"first_design.rom_alloc", &Constants::first_design_rom_alloc},
    {"first_design.precision", &Constants::first_design_precision},
    {"first_design.drafts", &Constants::first_design_drafts},
    {"first_design.compaction", &Constants::first_design_compaction},
    {"first_design.tiles_share", &Constants::first_design_tiles_share},
    {"first_design.budget_share", &Constants::first_design_budget_share},
    {"first_design.supercluster", &Constants::first_design_supercluster},
    {"first_design.scratch_share", &Constants::first_design_scratch_share},
    {"first_design.input_share", &Constants::first_design_input_share},
    {"first_design.spare", &Constants::first_design_spare},
    {"first_design.dmem_kib", &Constants::first_design_dmem_kib},
    {"first_design.imem_kib", &Constants::first_design_imem_kib},
    {"first_design.rate_spare", &Constants::first_design_rate_spare},
    {"first_design.slow_tok_s", &Constants::first_design_slow_tok_s},
};
constexpr Field kMeanField[] = {
    {"parallel.scale", &Constants::parallel_scale},
    {"parallel.extra_tiles", &Constants::parallel_extra_tiles},
    {"parallel.order", &Constants::parallel_order},
    {"parallel.softness", &Constants::parallel_softness},
    {"memory.need_in_kib", &Constants::memory_need_in_kib},
    {"memory.need_out_kib", &Constants::memory_need_out_kib},
    {"memory.softplus", &Constants::memory_softplus},
    {"memory.stall_in", &Constants::memory_stall_in},
    {"memory.stall_out", &Constants::memory_stall_out},
    {"memory.stall_scratch", &Constants::memory_stall_scratch},
    {"memory.stream_in", &Constants::memory_stream_in},
    {"memory.stream_out", &Constants::memory_stream_out},
    {"memory.ports", &Constants::memory_ports},
    {"noc.locality", &Constants::noc_locality},
    {"noc.submatmul_base", &Constants::noc_submatmul_base},
    {"noc.submatmul", &Constants::noc_submatmul},
    {"noc.mismatch", &Constants::noc_mismatch},
    {"noc.all_reduce", &Constants::noc_all_reduce},
    {"noc.flit_share", &Constants::noc_flit_share},
    {"noc.partition", &Constants::noc_partition},
    {"noc.bytes_per_layer_width", &Constants::noc_bytes_per_layer_width},
    {"noc.supercluster_power", &Constants::noc_supercluster_power},
    {"partition.mm_idle", &Constants::partition_mm_idle},
    {"partition.mm_comm", &Constants::partition_mm_comm},
    {"partition.cv_idle", &Constants::partition_cv_idle},
    {"partition.cv_comm", &Constants::partition_cv_comm},
    {"partition.gen_idle", &Constants::partition_gen_idle},
    {"partition.gen_comm", &Constants::partition_gen_comm},
    {"partition.imbalance", &Constants::partition_imbalance},
    {"partition.imbalance_decay", &Constants::partition_imbalance_decay},
    {"partition.imbalance_locality", &Constants::partition_imbalance_locality},
    {"partition.imbalance_balance", &Constants::partition_imbalance_balance},
    {"partition.locality_imbalance", &Constants::partition_locality_imbalance},
    {"partition.packing", &Constants::partition_packing},
    {"partition.packing_decay", &Constants::partition_packing_decay},
    {"partition.packing_floor", &Constants::partition_packing_floor},
    {"partition.sub_coarse", &Constants::partition_sub_coarse},
    {"partition.sub_fine", &Constants::partition_sub_fine},
    {"quality.precision", &Constants::quality_precision},
    {"quality.precision_decay", &Constants::quality_precision_decay},
    {"quality.precision_cap", &Constants::quality_precision_cap},
    {"quality.kv", &Constants::quality_kv},
    {"ceiling.order", &Constants::ceiling_order},
    {"literal.stations", &Constants::literal_stations},
    {"literal.flit", &Constants::literal_flit},
    {"literal.tiles", &Constants::literal_tiles},
    {"literal.ports", &Constants::literal_ports},
    {"literal.imem", &Constants::literal_imem},
    {"literal.precision", &Constants::literal_precision},
    {"activity.vector", &Constants::activity_vector},
    {"activity.vector_draft", &Constants::activity_vector_draft},
    {"activity.fetch", &Constants::activity_fetch},
    {"activity.fetch_exponent", &Constants::activity_fetch_exponent},
    {"activity.stations", &Constants::activity_stations},
    {"activity.stations_exponent", &Constants::activity_stations_exponent},
    {"activity.xwp", &Constants::activity_xwp},
    {"activity.xwp_exponent", &Constants::activity_xwp_exponent},
    {"activity.vwp", &Constants::activity_vwp},
    {"activity.vwp_exponent", &Constants::activity_vwp_exponent},
    {"activity.xdp", &Constants::activity_xdp},
    {"activity.vdp", &Constants::activity_vdp},
    {"activity.dispatch_exponent", &Constants::activity_dispatch_exponent},
    {"activity.imem", &Constants::activity_imem},
    {"activity.fixed", &Constants::activity_fixed},
    {"power.noc_per_tile", &Constants::power_noc_per_tile},
    {"power.noc_cap_tiles", &Constants::power_noc_cap_tiles},
    {"power.noc_cap_order", &Constants::power_noc_cap_order},
    {"power.noc_fixed", &Constants::power_noc_fixed},
    {"power.noc_flit", &Constants::power_noc_flit},
    {"power.kv_fixed", &Constants::power_kv_fixed},
    {"power.kv_compacted", &Constants::power_kv_compacted},
    {"power.kv_reference", &Constants::power_kv_reference},
    {"power.stream", &Constants::power_stream},
    {"power.stream_norm", &Constants::power_stream_norm},
    {"power.rom_alloc_floor", &Constants::power_rom_alloc_floor},
    {"power.rom_alloc", &Constants::power_rom_alloc},
    {"power.leak_dmem", &Constants::power_leak_dmem},
    {"power.leak_imem", &Constants::power_leak_imem},
    {"power.leak_flit", &Constants::power_leak_flit},
    {"area.vlen", &Constants::area_vlen},
    {"area.dmem", &Constants::area_dmem},
    {"area.flit", &Constants::area_flit},
    {"area.imem", &Constants::area_imem},
    {"area.fetch", &Constants::area_fetch},
    {"area.fetch_exponent", &Constants::area_fetch_exponent},
    {"area.stations", &Constants::area_stations},
    {"area.stations_exponent", &Constants::area_stations_exponent},
    {"area.xwp", &Constants::area_xwp},
    {"area.vwp", &Constants::area_vwp},
    {"area.vwp_exponent", &Constants::area_vwp_exponent},
    {"area.xdp", &Constants::area_xdp},
    {"area.vdp", &Constants::area_vdp},
    {"area.draft", &Constants::area_draft},
    {"area.supercluster", &Constants::area_supercluster},
    {"area.fixed", &Constants::area_fixed},
    {"area.rom_alloc", &Constants::area_rom_alloc},
};

bool law_is(const ModeConstants& mode, const std::string& law, const std::string& yes,
            const std::string& no) {
  const auto found = mode.laws.find(law);
  if (found == mode.laws.end())
    throw Error("TW-NODE-004", "the law '" + law + "' is missing", "calibration");
  if (found->second != yes && found->second != no) {
    throw Error("TW-NODE-003", "'" + found->second + "' is not a law of '" + law + "'",
                "calibration", "take '" + yes + "' or '" + no + "'");
  }
  return found->second == yes;
}

}  // namespace

Form form_of(const Calibration& calibration) {
  using Laws = std::map<std::string, std::string>;
  static const Laws kMeanFieldLaws = {{"flops", "two_p_phi"},
                                      {"draft", "memory"},
                                      {"kv_traffic", "compacted"},
                                      {"noc", "cap990"},
                                      {"kv_spill", "never"}};
  static const Laws kUnitLaws = {{"flops", "decode"},
                                 {"draft", "compute"},
                                 {"kv_traffic", "mean_context"},
                                 {"noc", "bit_hops"},
                                 {"kv_spill", "never"}};
  if (calibration.laws == kMeanFieldLaws) return Form::kMeanField;
  if (calibration.laws == kUnitLaws) return Form::kUnits;
  throw Error("TW-NODE-003",
              "[laws] names a law that the surrogate does not implement, or lacks one",
              "calibration '" + calibration.name + "'",
              "take the laws of calibration 'physical' or 'paper'");
}

double Widths::mac_energy(const double* units) const {
  return (1 - share_int8 - share_int4) + share_int8 * units[kMacInt8] +
         share_int4 * units[kMacInt4];
}

Constants read_constants(const Scalars& scalars, Form form) {
  Constants constants{};
  std::set<std::string> known;
  const auto read = [&](std::span<const Field> fields) {
    for (const auto& [key, field] : fields) {
      constants.*field = scalars.get(key);
      known.insert(key);
    }
  };
  read(kFields);
  if (form == Form::kMeanField) read(kMeanField);
  for (const auto& [key, value] : scalars.all()) {
    if (known.contains(key) || (form == Form::kUnits && is_unit_scalar(key))) continue;
    throw Error("TW-NODE-003", "no constant is named '" + key + "'", scalars.where(key),
                "mend or remove the key");
  }
  return constants;
}

NodeTerms read_node_terms(const ProcessNode& node, Form form) {
  NodeTerms terms;
  const auto& c = node.columns;
  terms.f_max_mhz = node.f_max_mhz();
  if (form == Form::kUnits) return terms;
  terms.kappa_c_pj = c.get("kappa_c_pj_per_tile_cycle");
  terms.e_sram_fj_bit = c.get("e_sram_fj_per_bit");
  terms.e_rom_fj_bit = c.get("e_rom_fj_per_bit");
  terms.leak_mw_tile = c.get("leak_mw_per_tile");
  terms.leak_base_share = c.get("leak_base_share");
  terms.a_tile_mm2 = c.get("a_tile_mm2");
  terms.a_rom_mm2_mib = c.get("a_rom_mm2_per_mib");
  return terms;
}

ModeTerms read_mode_terms(const ModeConstants& mode, Form form) {
  ModeTerms terms{};
  terms.weight_perf = mode.weight_perf;
  terms.weight_power = mode.weight_power;
  terms.weight_area = mode.weight_area;
  terms.vlen_reference = mode.scalars.get("vlen_reference");
  if (form == Form::kUnits) {
    terms.cold = law_is(mode, "temperature", "45C", "85C");
    terms.high_vt = law_is(mode, "logic_vt", "high", "mixed");
  } else {
    terms.k_reference = mode.scalars.get("k_reference");
    terms.memory_reference = mode.scalars.get("memory_reference");
    terms.draft_relative = mode.scalars.get("draft_relative") != 0;
    terms.noc_by_activity = law_is(mode, "noc_lanes", "activity", "vlen");
  }
  terms.imem_by_operators = law_is(mode, "imem_law", "operators", "fixed");
  terms.wmem_cap_mib = mode.scalars.get("wmem_cap_mib");
  terms.cross_tok_s = mode.scalars.get("cross.tok_s");
  terms.cross_power_mw = mode.scalars.get("cross.power_mw");
  terms.cross_area_mm2 = mode.scalars.get("cross.area_mm2");
  terms.cross_perf = mode.scalars.get("cross.perf");
  terms.cross_power = mode.scalars.get("cross.power");
  terms.cross_area = mode.scalars.get("cross.area");
  return terms;
}

}  // namespace tilewright
