// The closed form's constants as plain numbers, gathered once from a calibration, a node, a mode
// and a workload. Names follow the tables of nodes/NAME/calibration.toml.
#pragma once

#include <string>

#include "nodes/calibration.h"
#include "surrogate/surrogate.h"

namespace tilewright {

// Which equations a calibration's laws name: surrogate.md's, fitted to the paper's tables, or those
// of physical.md, from the parts of a tile.
enum class Form { kMeanField, kUnits };
// Throws Error TW-NODE-003 for laws that neither form has.
Form form_of(const Calibration& calibration);

// Widths of a design's numbers: bits of a weight, of an activation, and of VLEN a lane takes, as
// means over its products: of weights as they are read and as they are stored; shares of the
// multiply-accumulates in each precision.
struct Widths {
  double weight_bits = 16, activation_bits = 16, lane_bits = 16, stored_bits = 16;
  double share_int8 = 0, share_int4 = 0;  // the rest: fp16
  // Energy of a multiply-accumulate over fp16's; `units`: values by UnitId.
  double mac_energy(const double* units) const;
};

// Scalars of the calibration; field a_b is key "a.b", first_design_a is "first_design.a".
struct Constants {
  double draft_accept, draft_cost;
  double parallel_scale, parallel_extra_tiles, parallel_order, parallel_softness;
  double hazard_raw, hazard_raw_stations, hazard_raw_vlen_exponent, hazard_war, hazard_war_stations,
      hazard_waw, hazard_waw_scalar_port_share, hazard_waw_ports, hazard_fetch, hazard_fetch_decay,
      hazard_imem, hazard_imem_decay, hazard_vdp, hazard_xdp, hazard_xwp, hazard_dispatch_decay,
      hazard_vwp, hazard_vwp_decay;
  double memory_need_in_kib, memory_need_out_kib, memory_need_fixed_kib, memory_softplus,
      memory_stall_in, memory_stall_out, memory_stall_scratch, memory_stream_in, memory_stream_out,
      memory_pressure_scratch, memory_pressure_buffers, memory_ports, memory_activation_bytes;
  double noc_express, noc_locality, noc_submatmul_base, noc_submatmul, noc_mismatch, noc_all_reduce,
      noc_flit_share, noc_partition, noc_bytes_per_layer_width, noc_supercluster_power;
  double partition_mm_idle, partition_mm_comm, partition_cv_idle, partition_cv_comm,
      partition_gen_idle, partition_gen_comm, partition_imbalance, partition_imbalance_decay,
      partition_imbalance_locality, partition_imbalance_balance, partition_locality_imbalance,
      partition_packing, partition_packing_decay, partition_packing_floor, partition_sub_coarse,
      partition_sub_fine;
  double quality_precision, quality_precision_decay, quality_precision_cap, quality_kv;
  double ceiling_order;
  double literal_vlen, literal_stations, literal_flit, literal_tiles, literal_fetch, literal_ports,
      literal_imem, literal_precision;
  double activity_vector, activity_vector_draft, activity_fetch, activity_fetch_exponent,
      activity_stations, activity_stations_exponent, activity_xwp, activity_xwp_exponent,
      activity_vwp, activity_vwp_exponent, activity_xdp, activity_vdp, activity_dispatch_exponent,
      activity_imem, activity_fixed;
  double power_noc_per_tile, power_noc_cap_tiles, power_noc_cap_order, power_noc_fixed,
      power_noc_flit, power_kv_fixed, power_kv_compacted, power_kv_reference, power_stream,
      power_stream_norm, power_rom_alloc_floor, power_rom_alloc, power_leak_dmem, power_leak_imem,
      power_leak_flit;
  double area_vlen, area_dmem, area_flit, area_imem, area_fetch, area_fetch_exponent, area_stations,
      area_stations_exponent, area_xwp, area_vwp, area_vwp_exponent, area_xdp, area_vdp, area_draft,
      area_supercluster, area_fixed, area_rom_alloc;
  double feasible_imem_kib, feasible_imem_growth, feasible_imem_ops_per_tile,
      feasible_imem_low_power_kib, feasible_memory_split, feasible_tolerance, feasible_budget_power,
      feasible_budget_area_field_mm2, feasible_budget_area_printed_mm2, feasible_budget_rate;
  double workload_weights_per_tile_kib, workload_mesh_side_limit, workload_reticle_mm2,
      workload_page_tokens;
  double first_design_fetch, first_design_stations, first_design_ports, first_design_flit,
      first_design_rom_alloc, first_design_precision, first_design_drafts, first_design_compaction,
      first_design_tiles_share, first_design_budget_share, first_design_supercluster,
      first_design_scratch_share, first_design_input_share, first_design_spare,
      first_design_dmem_kib, first_design_imem_kib, first_design_rate_spare,
      first_design_slow_tok_s;
};

// Reads every field; throws Error TW-NODE-004 (missing) or TW-NODE-003 (a key nobody knows).
// Those of the mean field stay 0 in the other form.
Constants read_constants(const Scalars& scalars, Form form);

// What a node adds under the laws of the paper (surrogate.md section 3).
struct NodeTerms {
  double f_max_mhz = 0;
  double kappa_c_pj = 0;  // compute energy, pJ a tile and cycle
  double e_sram_fj_bit = 0, e_rom_fj_bit = 0;
  double leak_mw_tile = 0, leak_base_share = 0;  // b_leak
  double a_tile_mm2 = 0, a_rom_mm2_mib = 0;
};
// In the form of units, f_max_mhz alone.
NodeTerms read_node_terms(const ProcessNode& node, Form form);

// What a mode adds.
struct ModeTerms {
  double weight_perf, weight_power, weight_area;
  double k_reference, vlen_reference, memory_reference;
  bool draft_relative;     // alpha(k) / alpha(0)
  bool imem_by_operators;  // law of the imem margin
  bool noc_by_activity;    // y of P_noc is A_C, else V / 1536
  double wmem_cap_mib;
  double cross_tok_s, cross_power_mw, cross_area_mm2;  // references and weights of score (9b)
  double cross_perf, cross_power, cross_area;
  bool cold, high_vt;  // form of units: leakage at 45 C, of high-threshold logic
};
ModeTerms read_mode_terms(const ModeConstants& mode, Form form);

}  // namespace tilewright
