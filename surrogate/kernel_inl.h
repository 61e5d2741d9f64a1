// evaluate(): ceilings, power, area, margins and score from the terms of kernel.h.
#pragma once

#include "surrogate/units_kernel.h"

namespace tilewright::kernel {

template <typename V>
void reference_point(const Case& s, const Point<V>& p, Point<V>& r) {
  for (std::size_t i = 0; i < kActionCount; ++i) r.a[i] = splat<V>(s.reference[i]);
  r.a[kMeshW] = p.a[kMeshW];
  r.a[kMeshH] = p.a[kMeshH];
}

template <typename V>
void rate(const Case& s, const Point<V>& p, const V& tiles, const V* m, const V& clock,
          const V& gain, const MemoryTerms<V>& mem, const NetworkTerms<V>& net, const V& cpi,
          Terms<V>& out) {
  const auto& c = s.c;
  const auto* a = p.a;
  const auto times = [&](FactorId f, V value) { return m ? V(value * m[f]) : value; };

  const V eta_0 =
      smooth_min(V(c.parallel_scale * (1 + c.parallel_extra_tiles / tiles)), 1.0, c.parallel_order);
  const V z = sqrt(V(square(V(1 / eta_0 - 1)) + c.parallel_softness * c.parallel_softness));
  const V eta = eta_0 * (1 + z) / (1 + z * net.ratio);

  Point<V> r;
  reference_point(s, p, r);
  const auto own = partition(s, p, tiles);
  const auto ref = partition(s, r, tiles);
  const V split = times(kPartitionFactor, V(ref.cost / own.cost));
  const V packing = times(kPackingFactor, own.packing);
  const V u_part = split * ref.packing / packing;
  const V u_q = s.quality_reference / quality_loss(c, a[kPrecision], a[kKvCompaction]);
  const V lanes = times(kLanesFactor, V(tiles * a[kVlen] / a[kPrecision]));

  out.guess[kPartitionFactor] = ref.cost / own.cost;
  out.guess[kPackingFactor] = own.packing;
  out.guess[kLanesFactor] = tiles * a[kVlen] / a[kPrecision];

  constexpr double kOpsPerLane = 2;  // a multiply and an add
  out.ceil_compute = gain * eta * (s.cpi_reference / cpi) *
                     (mem.utilisation * s.mode.memory_reference) * u_part * u_q * kOpsPerLane *
                     lanes * clock * 1e6 / s.workload.flops_per_unit;

  const double depth = s.workload.layers * s.workload.d_model;
  const V bytes = s.workload.weight_mib * s.read_share * 1048576.0 / (s.batch * gain) +
                  s.workload.kv_bytes_per_token * s.context / a[kKvCompaction] +
                  c.memory_activation_bytes * depth;
  out.ceil_memory = c.memory_ports * a[kVlen] / 8 * tiles * clock * 1e6 * mem.utilisation / bytes;

  const V link =
      times(kLinkFactor, V(c.noc_bytes_per_layer_width * depth * sqrt(tiles) * net.local));
  out.guess[kLinkFactor] = c.noc_bytes_per_layer_width * depth * sqrt(tiles) * net.local;
  out.ceil_noc =
      bisection<V>(s.topology, a[kMeshW], a[kMeshH]) * a[kDflit] / 8 * clock * 1e6 / link;

  // (T_c^-p + T_m^-p + T_n^-p)^(-1/p), scaled by the least so that no power leaves the doubles.
  const double order = c.ceiling_order;
  const V least = min(out.ceil_compute, min(out.ceil_memory, out.ceil_noc));
  out.tok_s =
      least * pow(V(pow(V(least / out.ceil_compute), order) +
                    pow(V(least / out.ceil_memory), order) + pow(V(least / out.ceil_noc), order)),
                  -1 / order);
}

template <typename V>
void power(const Case& s, const Point<V>& p, const V& tiles, const V* m, const V& clock,
           const V& gain, const NetworkTerms<V>& net, Terms<V>& out) {
  const auto& c = s.c;
  const auto* a = p.a;
  const auto& node = s.node;
  const auto times = [&](FactorId f, V value) { return m ? V(value * m[f]) : value; };

  out.guess[kActivityFactor] = activity(s, p, a[kVlen], a[kFetch], a[kImem]);
  const V active = times(kActivityFactor, out.guess[kActivityFactor]);
  out.compute_mw = node.kappa_c_pj * active * tiles * clock * 1e-3;
  const V lanes = s.mode.noc_by_activity ? active : V(a[kVlen] / c.literal_vlen);
  out.noc_mw = node.kappa_c_pj * lanes * tiles * clock * 1e-3 * c.power_noc_per_tile *
               smooth_min(tiles, c.power_noc_cap_tiles, c.power_noc_cap_order) *
               (c.power_noc_fixed + c.power_noc_flit * a[kDflit] / c.literal_flit) * net.x *
               net.links;

  out.guess[kSramEnergyFactor] = sqrt(V(a[kDmem] / s.d_ref));
  out.sram_mw =
      node.e_sram_fj_bit * out.tok_s * 8 * s.workload.kv_bytes_per_token * s.context *
      (c.power_kv_fixed + c.power_kv_compacted * c.power_kv_reference / a[kKvCompaction]) *
      (1 + c.power_stream * (a[kStreamIn] + a[kStreamOut])) / c.power_stream_norm *
      times(kSramEnergyFactor, out.guess[kSramEnergyFactor]) * 1e-12;
  out.guess[kRomEnergyFactor] = sqrt(V(max(a[kWmem], c.power_rom_alloc_floor) / c.power_rom_alloc));
  out.rom_mw = node.e_rom_fj_bit * out.tok_s * 8 * s.workload.weight_mib * s.read_share *
               1048576.0 / (s.batch * gain) * times(kRomEnergyFactor, out.guess[kRomEnergyFactor]) *
               1e-12;
  out.guess[kLeakFactor] = leak_shape(s, p, a[kVlen], a[kDmem], a[kImem]);
  out.leak_mw = node.leak_mw_tile * tiles * times(kLeakFactor, out.guess[kLeakFactor]);
  out.power = out.compute_mw + out.noc_mw + out.sram_mw + out.rom_mw + out.leak_mw;
}

template <typename V>
void area(const Case& s, const Point<V>& p, const V& tiles, const V* m, const V& gain,
          const NetworkTerms<V>& net, Terms<V>& out) {
  const auto* a = p.a;
  const auto times = [&](FactorId f, V value) { return m ? V(value * m[f]) : value; };
  out.guess[kTileAreaFactor] =
      tile_shape(s, p, a[kVlen], a[kFetch], a[kDmem], a[kImem], net.links, gain);
  out.tile_mm2 = s.node.a_tile_mm2 * tiles * times(kTileAreaFactor, out.guess[kTileAreaFactor]);
  out.guess[kRomAreaFactor] = a[kWmem];
  out.rom_mm2 = s.node.a_rom_mm2_mib * s.workload.weight_mib *
                times(kRomAreaFactor, out.guess[kRomAreaFactor]) / s.c.area_rom_alloc;
  out.area = out.tile_mm2 + out.rom_mm2;
}

// All margins but that of the data memory.
template <typename V>
void common_margins(const Case& s, const Point<V>& p, const V& tiles, const V* m, Terms<V>& out) {
  const auto& c = s.c;
  const auto* a = p.a;
  const auto times = [&](FactorId f, V value) { return m ? V(value * m[f]) : value; };
  out.margins[kMarginPower] = 1 - out.power / s.refs.power_budget_mw;
  out.margins[kMarginArea] = 1 - out.area / s.refs.area_budget_mm2;
  out.guess[kWmemFactor] = a[kWmem];
  out.margins[kMarginWmem] = times(kWmemFactor, a[kWmem]) - 1;
  out.guess[kWcapFactor] = s.workload.weight_mib / tiles;
  out.margins[kMarginWcap] = s.mode.wmem_cap_mib / times(kWcapFactor, out.guess[kWcapFactor]) - 1;
  out.guess[kOperatorsFactor] = s.workload.operators / tiles;
  if (s.mode.imem_by_operators) {
    const V operators = times(kOperatorsFactor, out.guess[kOperatorsFactor]);
    const V need = c.feasible_imem_kib *
                   (1 + c.feasible_imem_growth *
                            log(V(1 + c.feasible_imem_ops_per_tile * operators)) / std::log(2.0));
    out.margins[kMarginImem] = a[kImem] / need - 1;
  } else {
    out.margins[kMarginImem] = a[kImem] / c.feasible_imem_low_power_kib - 1;
  }
  out.margins[kMarginSplit] = c.feasible_memory_split - a[kAIn] - a[kAOut];
  out.margins[kMarginRate] = out.tok_s / s.refs.min_tok_s - 1;
}

template <typename V>
void set_hazards(const HazardTerms<V>& haz, Terms<V>& out) {
  out.h_raw = haz.raw;
  out.h_war = haz.war;
  out.h_waw = haz.waw;
}

template <typename V>
void guess_hazards(const HazardTerms<V>& haz, Terms<V>& out) {
  out.guess[kRawFactor] = haz.raw;
  out.guess[kWarFactor] = haz.war;
  out.guess[kWawFactor] = haz.waw;
  out.guess[kFetchFactor] = haz.fetch;
}

template <typename V>
void set_score(const Case& s, Terms<V>& out) {
  out.score = s.mode.weight_perf * score_term(V(s.refs.tok_s / out.tok_s)) +
              s.mode.weight_power * score_term(V(out.power / s.refs.power_mw)) +
              s.mode.weight_area * score_term(V(out.area / s.refs.area_mm2));
}

template <typename V>
void evaluate_mean_field(const Case& s, const Point<V>& p, const V* m, Terms<V>& out) {
  const auto* a = p.a;
  const V tiles = a[kMeshW] * a[kMeshH];
  const V clock = a[kClock] * s.node.f_max_mhz;
  const V gain = draft_gain(s.c, a[kDraft]);
  const auto haz = hazards(s.c, p, m);
  const auto mem = memory(s, p, tiles, m);
  const auto net = network(s, p, tiles, m);
  if (m == nullptr) {
    guess_hazards(haz, out);
    out.guess[kNeedInFactor] = mem.need_in;
    out.guess[kNeedOutFactor] = mem.need_out;
    out.guess[kKvFactor] = mem.kv;
    out.guess[kNetworkFactor] = net.x;
    out.guess[kStepsFactor] = net.steps;
  }
  set_hazards(haz, out);
  out.pressure = mem.pressure;
  rate(s, p, tiles, m, clock, gain, mem, net, haz.cpi, out);
  power(s, p, tiles, m, clock, gain, net, out);
  area(s, p, tiles, m, gain, net, out);
  common_margins(s, p, tiles, m, out);
  out.margins[kMarginDmem] = mem.have_scratch / mem.need_scratch - 1;
  set_score(s, out);
}

template <typename V>
void evaluate(const Case& s, const Point<V>& p, const V* m, Terms<V>& out) {
  if (s.form == Form::kUnits) return evaluate_units<V>(s, p, s.units.value.data(), m, out);
  evaluate_mean_field<V>(s, p, m, out);
}

}  // namespace tilewright::kernel
