// The closed form of surrogate.md sections 4-9 as one template: V is double, or an Eigen array that
// evaluates several designs at once. L1 is the same form with its guessed factors multiplied by
// what the mapping counted (section 12); for L0 every multiplier is absent.
#pragma once

#include <cmath>

#include "surrogate/constants.h"
#include "surrogate/network_forms.h"
#include "surrogate/pack.h"
#include "surrogate/units.h"

namespace tilewright::kernel {

// smin(x, y; p) = x (1 + (x/y)^p)^(-1/p)
template <typename V>
V smooth_min(const V& x, double y, double p) {
  return x * pow(V(1 + pow(V(x / y), p)), -1 / p);
}
// sp(x; t) = t ln(1 + e^(x/t)); past 30 t it is x to the last bit.
template <typename V>
V softplus(const V& x, double t) {
  return t * log(V(1 + exp(min(V(x / t), 700.0))));
}

struct Case;

// Factors of the closed form that L1 replaces by counts.
enum FactorId : std::size_t {
  kPartitionFactor,  // u_part without packing: balance and split
  kPackingFactor,    // 1 + pack
  kLanesFactor,      // lanes over N V / q
  kNetworkFactor,    // X: byte-hops
  kStepsFactor,      // X in the latency half of R
  kLinkFactor,       // bytes of the busiest link in T_n
  kNeedInFactor,
  kNeedOutFactor,
  kKvFactor,  // buffers and KV pages of a tile
  kRawFactor,
  kWarFactor,
  kWawFactor,
  kFetchFactor,
  kActivityFactor,
  kLeakFactor,
  kTileAreaFactor,
  kRomAreaFactor,
  kSramEnergyFactor,
  kRomEnergyFactor,
  kWmemFactor,
  kWcapFactor,
  kOperatorsFactor,
  kSramAreaFactor,  // of the form of units alone, as are the next
  kWireFactor,      // tile pitches of a hop; where it is not a mesh
  kDieLinkFactor,   // bits over links between chiplets
  kFactorCount
};
const char* factor_name(std::size_t factor);
bool has_factor(const Case& c, std::size_t factor);

inline constexpr double kLaneBits = 16;  // of VLEN, a fp16 lane
inline constexpr double kSumBits = 32;   // of a partial sum on the network

// A case: everything that stays fixed while designs vary.
struct Case {
  Form form;
  Constants c;
  Units units;    // of the form of units alone
  Widths widths;  // the same
  Topology topology;
  ModeTerms mode;
  NodeTerms node;
  WorkloadConstants workload;
  double batch, context;
  double reuse;       // products that a weight row read from ROM serves, mean (form of units)
  double read_share;  // of all weights, what a batch reads (mean field); 1 without experts
  double d_ref, supercluster_rule;  // SC_ref = max(1, sqrt(rule * side)); 0: 1
  ActionVector reference;           // values at the mode's reference design
  double cpi_reference, quality_reference;
  References refs;
};

// Everything the closed form says of V designs.
template <typename V>
struct Terms {
  V tok_s, power, area;
  V compute_mw, noc_mw, sram_mw, rom_mw, leak_mw, tile_mm2, rom_mm2;
  V ceil_compute, ceil_memory, ceil_noc;
  V score;
  V margins[kMarginCount];
  V h_raw, h_war, h_waw, pressure;  // for the state vector
  // Of the form of units alone: parts of compute_mw, of tile_mm2; the rest as in PhysicalPpa.
  V mac_mw, control_mw, die_to_die_mw, sram_mm2, pitch_mm, rom_fj_bit, kv_tokens, latency_share;
  V guess[kFactorCount];  // L0's value of each factor
};

template <typename V>
struct Point {
  V a[kActionCount];
};

template <typename V>
V draft_gain(const Constants& c, const V& k) {  // alpha(k), Eq. 21
  const double a = c.draft_accept;
  return (1 - exp(V((k + 1) * std::log(a)))) / (1 - a) / (1 + c.draft_cost * k);
}

template <typename V>
V fetch_stall(const Constants& c, const V& fetch, const V& imem) {
  return c.hazard_fetch * exp(V(-fetch / c.hazard_fetch_decay)) +
         c.hazard_imem * exp(V(-imem / c.hazard_imem_decay));
}

// A_C (section 5); 1 at the high-performance reference.
template <typename V>
V activity(const Case& s, const Point<V>& p, const V& vlen, const V& fetch, const V& imem) {
  const auto& c = s.c;
  const auto* a = p.a;
  const double ports = c.literal_ports;
  const V width = vlen / c.literal_vlen;
  return c.activity_vector * width * sqrt(V(a[kPrecision] / c.literal_precision)) *
             (1 + c.activity_vector_draft * (a[kDraft] - s.mode.k_reference)) +
         c.activity_fetch * pow(V(fetch / c.literal_fetch), c.activity_fetch_exponent) +
         c.activity_stations *
             pow(V(a[kStanum] / c.literal_stations), c.activity_stations_exponent) +
         c.activity_xwp * pow(V(a[kXrWp] / ports), c.activity_xwp_exponent) +
         c.activity_vwp * pow(V(a[kVrWp] / ports), c.activity_vwp_exponent) * width +
         c.activity_xdp * pow(V(a[kXdpnum] / ports), c.activity_dispatch_exponent) +
         c.activity_vdp * pow(V(a[kVdpnum] / ports), c.activity_dispatch_exponent) +
         c.activity_imem * sqrt(V(imem / c.literal_imem)) + c.activity_fixed;
}

// The bracket of P_leak (section 5).
template <typename V>
V leak_shape(const Case& s, const Point<V>& p, const V& vlen, const V& dmem, const V& imem) {
  const auto& c = s.c;
  const double base = s.node.leak_base_share;
  return base *
             (c.power_leak_dmem * dmem / s.d_ref + c.power_leak_imem * imem / s.reference[kImem] +
              c.power_leak_flit * p.a[kDflit] / c.literal_flit) +
         (1 - base) * vlen / c.literal_vlen;
}

// s_T (section 6). `links` is the super-cluster factor, `gain` alpha(k).
template <typename V>
V tile_shape(const Case& s, const Point<V>& p, const V& vlen, const V& fetch, const V& dmem,
             const V& imem, const V& links, const V& gain) {
  const auto& c = s.c;
  const auto& r = s.reference;
  const auto* a = p.a;
  V shape = c.area_vlen * vlen / c.literal_vlen + c.area_dmem * dmem / s.d_ref +
            c.area_flit * a[kDflit] / c.literal_flit + c.area_imem * imem / r[kImem] +
            c.area_fetch * pow(V(fetch / r[kFetch]), c.area_fetch_exponent) +
            c.area_stations * pow(V(a[kStanum] / r[kStanum]), c.area_stations_exponent) +
            c.area_xwp * a[kXrWp] / r[kXrWp] +
            c.area_vwp * pow(V(a[kVrWp] / r[kVrWp]), c.area_vwp_exponent) +
            c.area_xdp * a[kXdpnum] / r[kXdpnum] + c.area_vdp * a[kVdpnum] / r[kVdpnum] +
            c.area_supercluster * links + c.area_fixed;
  if (s.mode.draft_relative) {
    shape += c.area_draft * gain;
  } else {
    shape += c.area_draft;
  }
  return shape;
}

template <typename V>
struct HazardTerms {
  V raw, war, waw, fetch, dispatch, cpi;
};

template <typename V>
HazardTerms<V> hazards(const Constants& c, const Point<V>& p, const V* m) {
  const auto* a = p.a;
  const auto times = [&](FactorId f, V value) { return m ? V(value * m[f]) : value; };
  HazardTerms<V> h;
  h.raw = times(kRawFactor, c.hazard_raw / (1 + a[kStanum] / c.hazard_raw_stations) *
                                pow(V(a[kVlen] / c.literal_vlen), c.hazard_raw_vlen_exponent));
  h.war = times(kWarFactor, c.hazard_war / (1 + a[kStanum] / c.hazard_war_stations));
  h.waw = times(kWawFactor, c.hazard_waw * (a[kFetch] / c.literal_fetch) /
                                (1 + (a[kVrWp] + c.hazard_waw_scalar_port_share * a[kXrWp]) /
                                         c.hazard_waw_ports));
  h.fetch = times(kFetchFactor, fetch_stall(c, a[kFetch], a[kImem]));
  h.dispatch = c.hazard_vdp * exp(V(-a[kVdpnum] / c.hazard_dispatch_decay)) +
               c.hazard_xdp * exp(V(-a[kXdpnum] / c.hazard_dispatch_decay)) +
               c.hazard_xwp * exp(V(-a[kXrWp] / c.hazard_dispatch_decay)) +
               c.hazard_vwp * exp(V(-a[kVrWp] / c.hazard_vwp_decay));
  h.cpi = 1 + h.raw + h.war + h.waw + h.fetch + h.dispatch;
  return h;
}

template <typename V>
struct MemoryTerms {
  V need_in, need_out, kv, need_scratch, have_scratch, utilisation, pressure;
};

template <typename V>
MemoryTerms<V> memory(const Case& s, const Point<V>& p, const V& tiles, const V* m) {
  const auto& c = s.c;
  const auto* a = p.a;
  const V width = a[kVlen] / c.literal_vlen;
  MemoryTerms<V> t;
  t.need_in = c.memory_need_in_kib * (1 + a[kStreamIn]) * width;
  t.need_out = c.memory_need_out_kib * (1 + a[kStreamOut]) * width;
  t.kv = s.workload.kv_bytes_per_token * s.context * s.batch / (1024 * a[kKvCompaction] * tiles);
  if (m) {
    t.need_in *= m[kNeedInFactor];
    t.need_out *= m[kNeedOutFactor];
    t.kv *= m[kKvFactor];
  }
  t.need_scratch = t.kv + c.memory_need_fixed_kib;
  const V have_in = a[kAIn] * a[kDmem];
  const V have_out = a[kAOut] * a[kDmem];
  t.have_scratch = (1 - a[kAIn] - a[kAOut]) * a[kDmem];
  const auto stall = [&](const V& need, const V& have, double weight) {
    return V(weight * softplus(V((need - have) / need), c.memory_softplus));
  };
  t.utilisation = 1 / (1 + stall(t.need_in, have_in, c.memory_stall_in) +
                       stall(t.need_out, have_out, c.memory_stall_out) +
                       stall(t.need_scratch, t.have_scratch, c.memory_stall_scratch) +
                       c.memory_stream_in * square(V(1 - a[kStreamIn])) +
                       c.memory_stream_out * square(V(1 - a[kStreamOut])));
  t.pressure = c.memory_pressure_scratch * t.need_scratch / max(t.have_scratch, 1.0) +
               c.memory_pressure_buffers * (t.need_in + t.need_out) / (have_in + have_out);
  return t;
}

template <typename V>
V mesh_hops(const Constants& c, const V& w, const V& h, const V& sx, const V& sy) {
  return (sx + sy) / 3 + c.noc_express * (w / sx + h / sy) / 3;
}

// The same of a topology. A torus shortens every distance to 3/4 in the mean, whatever links carry
// it; a ring and hubs have no express links.
template <typename V>
V network_hops(const Constants& c, const Topology& t, const V& w, const V& h, const V& sx,
               const V& sy) {
  switch (t.kind) {
    case TopologyKind::kTorus:
      return 0.75 * mesh_hops(c, w, h, sx, sy);
    case TopologyKind::kRing:
    case TopologyKind::kHierarchical:
      return unicast_hops<V>(t, w, h);
    default:
      return mesh_hops(c, w, h, sx, sy);
  }
}

template <typename V>
struct NetworkTerms {
  V local, x, steps, ratio, links;
};  // X_n, X, X in the latency half of R, R, super-cluster power factor

template <typename V>
NetworkTerms<V> network(const Case& s, const Point<V>& p, const V& tiles, const V* m) {
  const auto& c = s.c;
  const auto& r = s.reference;
  const auto* a = p.a;
  const auto mix = [&](const V& locality, const V& sub, const V& reduce) {
    return V((1 - c.noc_locality * locality) *
             (c.noc_submatmul_base + c.noc_submatmul * sub +
              c.noc_mismatch * square(V(sub - reduce)) + c.noc_all_reduce * reduce));
  };
  const V one = splat<V>(1);
  V sx = one, sy = one;
  if (s.supercluster_rule > 0) {
    sx = max(sqrt(V(s.supercluster_rule * a[kMeshW])), 1.0);
    sy = max(sqrt(V(s.supercluster_rule * a[kMeshH])), 1.0);
  }
  NetworkTerms<V> t;
  t.local = mix(a[kLocality], a[kSubMatmul], a[kAllReduce]) /
            mix(V(one * r[kLocality]), V(one * r[kSubMatmul]), V(one * r[kAllReduce]));
  const V hops = network_hops<V>(c, s.topology, a[kMeshW], a[kMeshH], a[kScX], a[kScY]),
          usual = mesh_hops(c, a[kMeshW], a[kMeshH], sx, sy);
  const auto x_of = [&](const V& ways) {
    return V(ways / usual * (a[kMeshW] + a[kMeshH]) / (2 * sqrt(tiles)) * t.local);
  };
  t.x = t.steps = x_of(hops);
  if (s.topology.kind == TopologyKind::kChiplets)
    t.steps = x_of(hops + (s.topology.latency - 1) * mean_crossings<V>(s.topology, a[kMeshW]));
  if (m) {
    t.x *= m[kNetworkFactor];
    t.steps *= m[kStepsFactor];
  }
  t.ratio =
      (c.noc_flit_share * c.literal_flit / a[kDflit] * t.x + (1 - c.noc_flit_share) * t.steps) *
      (1 + c.noc_partition * a[kRhoMm]) / (1 + c.noc_partition * r[kRhoMm]);
  t.links = 1 + c.noc_supercluster_power * (a[kScX] * a[kScY] / (sx * sy) - 1);
  return t;
}

// (1 + loss)(1 + imb)(1 + sub) and 1 + pack of section 4.6.
template <typename V>
struct PartitionTerms {
  V cost, packing;
};

template <typename V>
PartitionTerms<V> partition(const Case& s, const Point<V>& p, const V& tiles) {
  const auto& c = s.c;
  const auto& w = s.workload;
  const auto* a = p.a;
  const V spread = sqrt(V(tiles / c.literal_tiles));
  const auto loss = [&](const V& rho, double share, double idle, double comm) {
    return V(share * (idle * (1 / rho - 1) + comm * spread * rho));
  };
  const V total = loss(a[kRhoMm], w.share_mm, c.partition_mm_idle, c.partition_mm_comm) +
                  loss(a[kRhoCv], w.share_cv, c.partition_cv_idle, c.partition_cv_comm) +
                  loss(a[kRhoGen], w.share_gen, c.partition_gen_idle, c.partition_gen_comm);
  const V imbalance = c.partition_imbalance * exp(V(-a[kBalance] / c.partition_imbalance_decay)) *
                          (1 + c.partition_imbalance_locality * square(a[kLocality])) +
                      c.partition_imbalance_balance * square(a[kBalance]) +
                      c.partition_locality_imbalance * square(a[kLocality]);
  const V sub = c.partition_sub_coarse * square(V(1 - a[kSubMatmul])) +
                c.partition_sub_fine * square(a[kSubMatmul]);
  const V packing =
      c.partition_packing *
      exp(V(-max(V(a[kWmem] - 1), c.partition_packing_floor) / c.partition_packing_decay));
  return {V((1 + total) * (1 + imbalance) * (1 + sub)), V(1 + packing)};
}

template <typename V>
V quality_loss(const Constants& c, const V& precision, const V& compaction) {
  const V excess = min(V((c.literal_precision - precision) / c.quality_precision_decay),
                       c.quality_precision_cap);
  return 1 + c.quality_precision * exp(excess) +
         c.quality_kv * square(V(log(compaction) / std::log(2.0)));
}

template <typename V>
V score_term(const V& ratio) {
  return 2 * ratio / (1 + ratio);
}  // g(r)

template <typename V>
void evaluate(const Case& s, const Point<V>& p, const V* m, Terms<V>& out);

}  // namespace tilewright::kernel
