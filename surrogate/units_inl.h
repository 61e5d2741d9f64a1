// evaluate_units() from the parts of units_kernel.h.
#pragma once

#include "surrogate/kernel_inl.h"

namespace tilewright::kernel {

// What the terms of one evaluation hand to each other.
template <typename V>
struct UnitState {
  V tiles, clock, lanes, logic, sram, rom, pitch, utilisation;
  V draft_work;  // tokens computed for one that is kept
  SplitForms<V> net;
};

// The closed form's value of a factor, as L1 counted it where it did.
template <typename V>
V guessed(FactorId f, const V& value, const V* m, Terms<V>& out) {
  out.guess[f] = value;
  return m ? V(value * m[f]) : value;
}

// Both ends of every link between chiplets, by the bits that it can carry.
template <typename V>
V die_link_mm2(const Case& s, const Point<V>& p, const double* k, const UnitState<V>& t) {
  constexpr double kEnds = 2, kWays = 2, kBitsPerByte = 8, kGbytesPerMbyte = 1e-3;
  const V links = die_cuts<V>(s.topology, p.a[kMeshW]) * p.a[kMeshH];
  const V gbytes = s.topology.width * p.a[kDflit] * t.clock * (kGbytesPerMbyte / kBitsPerByte);
  return links * gbytes * (kEnds * kWays / k[kDieLinkDensity]);
}

template <typename V>
void unit_area(const Case& s, const Point<V>& p, const double* k, const V* m, UnitState<V>& t,
               Terms<V>& out) {
  const auto* a = p.a;
  const auto times = [&](FactorId f, const V& value) { return guessed(f, value, m, out); };
  t.logic = times(kTileAreaFactor, logic_mm2<V>(s.units, k, a, a[kVlen], a[kFetch]));
  t.sram = times(kSramAreaFactor, sram_mm2<V>(s.units, k, a[kDmem], a[kImem]));
  const V allocation = times(kRomAreaFactor, a[kWmem]);
  t.rom = k[kRomArea] * s.workload.weight_mib * allocation / t.tiles;
  const double top = 1 + k[kTopOverhead];
  const V tile = (t.logic + t.sram + t.rom) * top;
  t.pitch = sqrt(tile);
  out.tile_mm2 = t.tiles * (t.logic + t.sram) * top;
  out.rom_mm2 = t.tiles * t.rom * top;
  if (s.topology.kind == TopologyKind::kChiplets) out.tile_mm2 += die_link_mm2<V>(s, p, k, t);
  out.area = out.tile_mm2 + out.rom_mm2;
  out.sram_mm2 = t.tiles * t.sram * top;
  out.pitch_mm = t.pitch;
}

// P4: work over work and what of the mesh's latency `sequences` interleaved do not hide.
template <typename V>
V latency_utilisation(const Case& s, const Point<V>& p, const double* k, const UnitState<V>& t,
                      const V& sequences) {
  const auto* a = p.a;
  if (s.workload.phases.empty()) return splat<V>(1);
  const V hop = 1 + ceiling(V(t.pitch * t.net.link * t.clock * (k[kWireDelay] * 1e-6)));
  const V way = hop * t.net.way + s.units.shape.phase_cycles;
  V work = splat<V>(0), taken = splat<V>(0);
  for (const Phase& phase : s.workload.phases) {
    const V cycles = phase.rows() * phase.k * phase.m / t.lanes;
    const V in = ceiling(V(s.widths.activation_bits * phase.rows() * phase.k /
                           (t.net.in_lines * a[kDflit]))),
            back = ceiling(V(kSumBits * phase.rows() * phase.m / (t.net.sum_lines * a[kDflit])));
    work += phase.times * sequences * cycles;
    taken += phase.times * max(V(sequences * cycles), V(cycles + way + in + back));
  }
  return work / max(taken, 1e-300);
}

// P5: tokens computed, in tokens kept, and what they gain by filling idle lanes.
template <typename V>
void unit_rate(const Case& s, const Point<V>& p, const double* k, const V* m, UnitState<V>& t,
               Terms<V>& out) {
  const auto& c = s.c;
  const auto* a = p.a;
  const auto times = [&](FactorId f, const V& value) { return guessed(f, value, m, out); };
  const V drafts = a[kDraft];
  const V kept = (1 - exp(V((drafts + 1) * std::log(c.draft_accept)))) / (1 - c.draft_accept);
  t.draft_work = (drafts + 1 + c.draft_cost * drafts) / kept;
  const double counted = s.units.shape.counted_share;
  t.utilisation = k[kUtilisation] / counted * times(kPartitionFactor, splat<V>(counted)) *
                  latency_utilisation<V>(s, p, k, t, V(s.batch * (drafts + 1)));
  out.latency_share = t.utilisation;

  constexpr double kOpsPerLane = 2;
  const double weights = s.widths.weight_bits * s.workload.weight_reads;
  out.ceil_compute = kOpsPerLane * t.lanes * t.clock * 1e6 * t.utilisation /
                     (s.workload.flops_per_unit * t.draft_work);
  // P6: one ROM port of VLEN bits a cycle and tile; a row serves the batch.
  out.ceil_memory = t.lanes * s.widths.lane_bits * t.clock * 1e6 * k[kUtilisation] * s.reuse /
                    (max(weights, 1.0) * t.draft_work);
  V busiest = splat<V>(0);
  for (const Phase& phase : s.workload.phases) {
    busiest += phase.times * phase.rows() *
               (s.widths.activation_bits * phase.k / t.net.in_lines +
                kSumBits * phase.m / t.net.sum_lines);
  }
  out.ceil_noc = a[kDflit] * t.clock * 1e6 / (times(kLinkFactor, max(busiest, 1.0)) * t.draft_work);
  out.tok_s = min(out.ceil_compute, min(out.ceil_memory, out.ceil_noc));
}

// P11: bit-hops of a unit: inputs down the columns, sums along the rows.
template <typename V>
V bit_hops(const Case& s, const SplitForms<V>& net) {
  V bits = splat<V>(0);
  for (const Phase& phase : s.workload.phases) {
    bits += phase.times * phase.rows() *
            (s.widths.activation_bits * phase.k * net.in_hops + kSumBits * phase.m * net.sum_hops);
  }
  return bits;
}

// Bits of a unit over one cut between dies: behind a column, and the cheaper way round.
struct CutBits {
  double column = 0, least = 0;
};
inline CutBits cut_bits(const Case& s) {
  double across = 0, along = 0;
  const double spread = s.units.shape.noc_spread;
  for (const Phase& phase : s.workload.phases) {
    const double in = s.widths.activation_bits * phase.k, back = kSumBits * phase.m;
    across += phase.times * phase.rows() * (back + in * spread);
    along += phase.times * phase.rows() * (in + back * spread);
  }
  return {across, min(across, along)};
}

// Chiplets by what their rows send over the cuts; a die that is larger than a reticle field is cut
// once more, whatever the topology.
template <typename V>
void die_to_die_power(const Case& s, const Point<V>& p, const double* k, const V* m, const V& work,
                      Terms<V>& out) {
  const CutBits bits = cut_bits(s);
  const double of_cut = bits.least * k[kEDieToDie] * 1e-9;
  if (s.topology.kind != TopologyKind::kChiplets) {
    const V dies = ceiling(V(out.area / s.refs.reticle_mm2));
    out.die_to_die_mw = (dies - 1) * work * of_cut;
    return;
  }
  const V cuts = die_cuts<V>(s.topology, p.a[kMeshW]), chips = cuts + 1;
  const V fields = ceiling(V(out.area / (s.refs.reticle_mm2 * chips)));
  const V between = guessed(kDieLinkFactor, V(cuts * bits.column), m, out);
  out.die_to_die_mw =
      (fields - 1) * chips * work * of_cut + between * work * (k[kEDieToDie] * 1e-9);
}

template <typename V>
void unit_power(const Case& s, const Point<V>& p, const double* k, const V* m,
                const UnitState<V>& t, Terms<V>& out) {
  const auto* a = p.a;
  const auto& shape = s.units.shape;
  const auto times = [&](FactorId f, const V& value) { return guessed(f, value, m, out); };
  const double impl = k[kImplementation];
  const V work = out.tok_s * t.draft_work, cycles = t.tiles * t.clock;  // units/s; 1e6 cycles/s
  // P8, P9
  const double mac = s.widths.mac_energy(k) * k[kEMac] +
                     1e-3 * shape.flip_flops * k[kEFlipFlopClock] * (k[kClockTree] - 1);
  out.mac_mw = impl * work * (s.workload.flops_per_unit / 2) * mac * 1e-9;
  const V vlen = t.lanes * s.widths.lane_bits / t.tiles;
  out.control_mw = impl * cycles * (k[kEControl] + 1e-3 * k[kEControlVlen] * vlen) * 1e-3;
  out.compute_mw = out.mac_mw + out.control_mw;
  const V way = times(kRomEnergyFactor, sqrt(t.rom));
  out.rom_fj_bit = k[kERomBank] + k[kEWire] * k[kRomWire] * way;
  out.rom_mw = impl * work * (s.widths.weight_bits * s.workload.weight_reads / s.reuse) *
               out.rom_fj_bit * 1e-12;
  // P10: the cache is read over half of the context on the way, and written once.
  const V energy = times(kSramEnergyFactor, sram_energy<V>(k, min(a[kDmem], shape.sram_macro_kib)));
  const double cache = 8 * s.workload.kv_bytes_per_token * (s.context / 2 + shape.kv_write);
  out.sram_mw = impl * (work * cache / a[kKvCompaction] * energy * 1e-12 +
                        cycles * t.utilisation * s.widths.activation_bits *
                            sram_energy<double>(k, shape.operand_macro_kib) * 1e-6);
  const V hops = times(kNetworkFactor, bit_hops<V>(s, t.net));
  V wire = t.pitch;  // of a hop
  if (!s.topology.mesh()) wire *= times(kWireFactor, t.net.wire);
  out.noc_mw = impl * (k[kNocTraffic] * work * hops * (k[kERouterHop] + k[kEWire] * wire) * 1e-12 +
                       cycles * a[kDflit] * (s.units.router_clocked * k[kERouterIdle]) * 1e-6);
  // P12
  const double cold = s.mode.cold ? k[kColdLeak] : 1, slow = s.mode.high_vt ? k[kHighVtLeak] : 1;
  const V capacity = times(kLeakFactor, V(a[kDmem] + a[kImem]));
  out.leak_mw =
      cold * (slow * k[kLogicLeak] * t.logic * t.tiles + k[kSramLeak] * t.tiles * capacity / 1024 +
              k[kRomLeak] * k[kRomGated] * t.rom * t.tiles / k[kRomArea]);
  die_to_die_power<V>(s, p, k, m, work, out);
  out.power =
      out.compute_mw + out.noc_mw + out.sram_mw + out.rom_mw + out.leak_mw + out.die_to_die_mw;
}

// Rooms of the data memory: KV pages of the whole batch, and a tile's share of a row of inputs and
// of sums, each for the batch and twice where it streams.
template <typename V>
MemoryTerms<V> unit_memory(const Case& s, const Point<V>& p, const V& tiles, const V* m,
                           Terms<V>& out) {
  const auto& c = s.c;
  const auto* a = p.a;
  const auto times = [&](FactorId f, const V& value) { return guessed(f, value, m, out); };
  double work = 1e-300, in = 0, back = 0;
  for (const Phase& phase : s.workload.phases) {
    const double share = phase.times * phase.rows() * phase.k * phase.m;
    work += share;
    in += share * phase.k * s.widths.activation_bits;
    back += share * phase.m * kSumBits;
  }
  const double kib = s.batch / work / 8 / 1024;
  MemoryTerms<V> t;
  t.need_in = times(kNeedInFactor, V(in * kib / a[kMeshW])) * (1 + a[kStreamIn]);
  t.need_out = times(kNeedOutFactor, V(back * kib / a[kMeshH])) * (1 + a[kStreamOut]);
  t.kv = times(kKvFactor, V(s.workload.kv_bytes_per_token * s.context * s.batch /
                            (1024 * a[kKvCompaction] * tiles)));
  t.need_scratch = t.kv + c.memory_need_fixed_kib;
  t.have_scratch = (1 - a[kAIn] - a[kAOut]) * a[kDmem];
  t.pressure =
      c.memory_pressure_scratch * t.need_scratch / max(t.have_scratch, 1.0) +
      c.memory_pressure_buffers * (t.need_in + t.need_out) / ((a[kAIn] + a[kAOut]) * a[kDmem]);
  return t;
}

template <typename V>
void unit_margins(const Case& s, const Point<V>& p, const V& tiles, const V* m, Terms<V>& out) {
  const auto* a = p.a;
  const auto mem = unit_memory<V>(s, p, tiles, m, out);
  out.pressure = mem.pressure;
  common_margins<V>(s, p, tiles, m, out);
  const V in = a[kAIn] * a[kDmem] / max(mem.need_in, 1e-300),
          back = a[kAOut] * a[kDmem] / max(mem.need_out, 1e-300);
  out.margins[kMarginDmem] = min(V(mem.have_scratch / mem.need_scratch), min(in, back)) - 1;
  out.kv_tokens = mem.have_scratch * tiles * 1024 * a[kKvCompaction] /
                  max(s.batch * s.workload.kv_bytes_per_token, 1e-300);
}

// The same, leaving what the terms hand to each other in `t`.
template <typename V>
void evaluate_units(const Case& s, const Point<V>& p, const double* k, const V* m, UnitState<V>& t,
                    Terms<V>& out) {
  const auto* a = p.a;
  t.tiles = a[kMeshW] * a[kMeshH];
  t.clock = a[kClock] * s.node.f_max_mhz;
  t.net = split_forms<V>(s.topology, a[kMeshW], a[kMeshH], s.units.shape.noc_spread);
  t.lanes = guessed(kLanesFactor, V(t.tiles * a[kVlen] / s.widths.lane_bits), m, out);
  unit_area<V>(s, p, k, m, t, out);
  unit_rate<V>(s, p, k, m, t, out);
  unit_power<V>(s, p, k, m, t, out);
  unit_margins<V>(s, p, t.tiles, m, out);
  const auto haz = hazards<V>(s.c, p, m);
  guess_hazards(haz, out);
  set_hazards(haz, out);
  set_score<V>(s, out);
}

template <typename V>
void evaluate_units(const Case& s, const Point<V>& p, const double* k, const V* m, Terms<V>& out) {
  UnitState<V> t;
  evaluate_units<V>(s, p, k, m, t, out);
}

}  // namespace tilewright::kernel
