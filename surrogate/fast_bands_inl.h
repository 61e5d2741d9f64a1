// Bands of rate, power and area of several designs at once, by the rule of bands.h. A constant
// reaches only some parts of the sums, so that moving it takes a few operations in place of an
// evaluation; and bands need no more than single precision. Of a mesh.
#pragma once

#include <vector>

#include "surrogate/units_inl.h"

namespace tilewright::kernel {

using Short = Eigen::Array<float, kLanes, 1>;

inline Short narrowed(const Pack& x) {
  return x.cast<float>();
}

// Sums of squares of logarithms.
struct FastBands {
  Short rate_up, rate_down, power_up, power_down, area_up, area_down;
};

// Power as a sum of parts over the whole, which single constants scale.
struct PowerShares {
  Short mac, clocks, control, control_vlen, rom_bank, rom_way, cache_a, cache_b, operand_a,
      operand_b, router, wire, idle, leak_logic, leak_sram, leak_rom, die_cut;  // of one cut
};

inline PowerShares shares_of(const Case& s, const Point<Pack>& p, const UnitState<Pack>& t,
                             const Terms<Pack>& out) {
  const auto* a = p.a;
  const double* k = s.units.value.data();
  const auto& shape = s.units.shape;
  const Pack over = 1 / out.power;
  const Pack impl = k[kImplementation] * over, work = out.tok_s * t.draft_work,
             cycles = t.tiles * t.clock;
  PowerShares q;
  const Pack macs = impl * work * (s.workload.flops_per_unit / 2 * 1e-9);
  q.mac = narrowed(macs * (s.widths.mac_energy(k) * k[kEMac]));
  q.clocks = narrowed(macs * (1e-3 * shape.flip_flops * k[kEFlipFlopClock] * (k[kClockTree] - 1)));
  const Pack control = impl * cycles * (k[kEControl] * 1e-3);
  q.control = narrowed(control);
  q.control_vlen = narrowed(out.control_mw * over - control);
  const Pack rom = out.rom_mw * over, bank = rom * k[kERomBank] / out.rom_fj_bit;
  q.rom_bank = narrowed(bank);
  q.rom_way = narrowed(rom - bank);
  const double cache = 8 * s.workload.kv_bytes_per_token * (s.context / 2 + shape.kv_write);
  const Pack read = impl * work * (cache * 1e-12) / a[kKvCompaction],
             operand = impl * cycles * t.utilisation * (s.widths.activation_bits * 1e-6);
  q.cache_a = narrowed(read * k[kESramA]);
  q.cache_b = narrowed(read * k[kESramB] * min(a[kDmem], shape.sram_macro_kib).sqrt());
  q.operand_a = narrowed(operand * k[kESramA]);
  q.operand_b = narrowed(operand * (k[kESramB] * std::sqrt(shape.operand_macro_kib)));
  const Pack hops = impl * work * bit_hops<Pack>(s, t.net) * (k[kNocTraffic] * 1e-12);
  const Pack router = hops * k[kERouterHop], wire = hops * t.pitch * k[kEWire];
  q.router = narrowed(router);
  q.wire = narrowed(wire);
  q.idle = narrowed(out.noc_mw * over - router - wire);
  const double cold = s.mode.cold ? k[kColdLeak] : 1, slow = s.mode.high_vt ? k[kHighVtLeak] : 1;
  const Pack logic = t.logic * t.tiles * (cold * slow * k[kLogicLeak]) * over,
             sram = t.tiles * (a[kDmem] + a[kImem]) * (cold * k[kSramLeak] / 1024) * over;
  q.leak_logic = narrowed(logic);
  q.leak_sram = narrowed(sram);
  q.leak_rom = narrowed(out.leak_mw * over - logic - sram);
  q.die_cut = narrowed(work * over * (cut_bits(s).least * k[kEDieToDie] * 1e-9));
  return q;
}

// How much longer a unit takes where a hop takes more cycles (P4).
class HopLatency {
 public:
  struct Taken {
    Short hidden, alone;  // all runs: sequences interleaved; one, without its way
    float times;
  };
  using Phases = std::vector<Taken, Eigen::aligned_allocator<Taken>>;

  // `phases` is overwritten, and must live as long.
  HopLatency(const Case& s, const Point<Pack>& p, const UnitState<Pack>& t, Phases& phases)
      : sides_(narrowed(p.a[kMeshW] + p.a[kMeshH])), phases_(phases) {
    const auto* a = p.a;
    const Pack sequences = s.batch * (a[kDraft] + 1);
    phases_.clear();
    for (const Phase& phase : s.workload.phases) {
      const Pack cycles = phase.rows() * phase.k * phase.m / t.lanes;
      const Pack in = (s.widths.activation_bits * phase.rows() * phase.k / (a[kMeshW] * a[kDflit]))
                          .ceil(),
                 back = (kSumBits * phase.rows() * phase.m / (a[kMeshH] * a[kDflit])).ceil();
      phases_.push_back({narrowed(phase.times * sequences * cycles),
                         narrowed(phase.times * (cycles + in + back + s.units.shape.phase_cycles)),
                         static_cast<float>(phase.times)});
    }
  }
  // Cycles of a unit with hops of so many.
  Short taken(const Short& hop) const {
    if (phases_.empty()) return Short::Ones();
    const Short way = hop * sides_;
    Short sum = Short::Zero();
    for (const Taken& phase : phases_) sum += phase.hidden.max(phase.alone + phase.times * way);
    return sum;
  }

 private:
  Short sides_;
  Phases& phases_;
};

class BandSums {
 public:
  BandSums(const Case& s, const Point<Pack>& p, const UnitState<Pack>& t, const Terms<Pack>& out,
           HopLatency::Phases& scratch)
      : s_(s),
        q_(shares_of(s, p, t, out)),
        latency_(s, p, t, scratch),
        compute_(narrowed(out.ceil_compute / out.tok_s)),
        memory_(narrowed(out.ceil_memory / out.tok_s)),
        network_(narrowed(out.ceil_noc / out.tok_s)),
        fields_(narrowed(out.area / s.refs.reticle_mm2)),
        delay_(narrowed(t.pitch * t.clock * (s.units.value[kWireDelay] * 1e-6))),
        leak_(narrowed(out.leak_mw / out.power)),
        between_(narrowed(out.die_to_die_mw / out.power)) {
    const Pack whole = t.logic + t.sram + t.rom;
    const double* k = s.units.value.data();
    const Pack gates = k[kAreaPerGe] / k[kPlacement] * 1e-3 / t.logic;
    const auto& vlen = p.a[kVlen];
    logic_ = narrowed(t.logic / whole);
    sram_ = narrowed(t.sram / whole);
    rom_ = narrowed(t.rom / whole);
    lane_ = narrowed(gates * (k[kGeLane] / kLaneBits) * vlen);
    registers_ = narrowed(gates * (1e-3 * k[kGeRegisterBit] * s.units.shape.vrf_registers) * vlen);
    router_ = narrowed(gates * (1e-3 * k[kGeRouterBit]) * p.a[kDflit]);
    core_ = narrowed(gates * core_kge<Pack>(s.units, k, p.a, p.a[kFetch]));
    hop_ = 1 + delay_.ceil();
    taken_ = latency_.taken(hop_);
    operand_ = q_.operand_a + q_.operand_b;
    by_rate_ = q_.mac + q_.clocks + q_.rom_bank + q_.cache_a + q_.cache_b + q_.router + operand_;
    others_ = q_.control + q_.control_vlen + q_.idle + q_.leak_sram + q_.leak_rom;
    dies_ = fields_.ceil() - 1;
    for (Short* sum : {&sums_.rate_up, &sums_.rate_down, &sums_.power_up, &sums_.power_down,
                       &sums_.area_up, &sums_.area_down})
      sum->setZero();
  }

  FastBands sums() {
    for (std::size_t unit = 0; unit < kUnitCount; ++unit) {
      const Band& band = s_.units.band[unit];
      if (band.lo == band.hi) continue;
      for (const double value : {band.lo, band.hi})
        move(unit, static_cast<float>(value), static_cast<float>(value / band.value));
    }
    return sums_;
  }

 private:
  static void add(const Short& ratio, Short& up, Short& down) {
    const Short l = ratio.log(), above = l.max(0), below = l - above;
    up += above * above;
    down += below * below;
  }

  // Only a part of the power changes.
  void power_of(const Short& share, float ratio) {
    // ln(1 + x) as a quotient of cubics (Pade): to 1e-3 of itself for x from -.8 to 2.5.
    const Short x = share * (ratio - 1);
    const Short l = x * (60 + x * (60 + 11 * x)) / (60 + x * (90 + x * (36 + 3 * x)));
    (ratio > 1 ? sums_.power_up : sums_.power_down) += l * l;
  }

  // A tile's area becomes `area` times itself, its logic `logic` times, the side of its ROM `way`
  // times; wires are `delay` times as slow.
  void shape_of(const Short& area, const Short& logic, float way, float delay) {
    const Short pitch = area.sqrt(), hop = 1 + (delay_ * pitch * delay).ceil();
    const Short dies = (fields_ * area).ceil() - 1;
    Short by_rate = by_rate_ + q_.rom_way * way + q_.wire * pitch + q_.die_cut * dies;
    if (!(hop == hop_).all()) {
      const Short rate = (compute_ * (taken_ / latency_.taken(hop))).min(memory_).min(network_);
      add(rate, sums_.rate_up, sums_.rate_down);
      by_rate *= rate;
    }
    add(area, sums_.area_up, sums_.area_down);
    add(others_ + q_.leak_logic * logic + by_rate, sums_.power_up, sums_.power_down);
  }

  void part_of_area(const Short& part, float ratio, const Short& logic, float way = 1) {
    shape_of(1 + part * (ratio - 1), logic, way, 1);
  }
  // A part of the logic's gates.
  void gates(const Short& part, float ratio) {
    const Short logic = 1 + part * (ratio - 1);
    shape_of(1 + logic_ * (logic - 1), logic, 1, 1);
  }

  void utilisation(float ratio) {
    const Short rate = (compute_ * ratio).min(memory_ * ratio).min(network_);
    const Short moved = by_rate_ - operand_ + q_.rom_way + q_.wire + q_.die_cut * dies_;
    add(rate, sums_.rate_up, sums_.rate_down);
    add(1 + moved * (rate - 1) + operand_ * (ratio - 1), sums_.power_up, sums_.power_down);
  }

  // Multiply-accumulates of products whose weights are such integers.
  void integers(UnitId format, double share, float ratio) {
    if (share <= 0) return;
    const double* k = s_.units.value.data();
    power_of(q_.mac * static_cast<float>(share * k[format] / s_.widths.mac_energy(k)), ratio);
  }

  void move(std::size_t unit, float value, float ratio);

  const Case& s_;
  PowerShares q_;
  HopLatency latency_;
  Short compute_, memory_, network_;        // ceilings over the rate
  Short fields_;                            // area over a reticle field
  Short delay_;                             // of a hop's wire, in cycles
  Short leak_, between_;                    // shares of the power
  Short logic_, sram_, rom_;                // shares of a tile's area
  Short lane_, registers_, router_, core_;  // shares of the logic
  Short hop_, taken_, operand_, by_rate_, others_, dies_;
  FastBands sums_;
};

inline void BandSums::move(std::size_t unit, float value, float ratio) {
  const double* k = s_.units.value.data();
  const auto constant = [](float x) { return Short(Short::Constant(x)); };
  const Short one = Short::Ones();
  const auto was = [&](std::size_t u) { return static_cast<float>(k[u]); };
  switch (unit) {
    case kAreaPerGe:
      return part_of_area(logic_, ratio, constant(ratio));
    case kPlacement:
      return part_of_area(logic_, 1 / ratio, constant(1 / ratio));
    case kGeLane:
      return gates(lane_, ratio);
    case kGeRegisterBit:
      return gates(registers_, ratio);
    case kGeRouterBit:
      return gates(router_, ratio);
    case kGeCore:
      return gates(core_, ratio);
    case kSramArea:
      return part_of_area(sram_, ratio, one);
    case kRomArea:
      return part_of_area(rom_, ratio, one, std::sqrt(ratio));
    case kTopOverhead:
      return shape_of(constant((1 + value) / (1 + was(unit))), one, 1, 1);
    case kWireDelay:
      return shape_of(one, one, 1, ratio);
    case kUtilisation:
      return utilisation(ratio);
    case kEMac:
      return power_of(q_.mac, ratio);
    case kEFlipFlopClock:
      return power_of(q_.clocks, ratio);
    case kClockTree:
      return power_of(q_.clocks, (value - 1) / (was(unit) - 1));
    case kEControl:
      return power_of(q_.control, ratio);
    case kEControlVlen:
      return power_of(q_.control_vlen, ratio);
    case kERouterHop:
      return power_of(q_.router, ratio);
    case kERouterIdle:
      return power_of(q_.idle, ratio);
    case kEWire:
      return power_of(q_.wire + q_.rom_way, ratio);
    case kESramA:
      return power_of(q_.cache_a + q_.operand_a, ratio);
    case kESramB:
      return power_of(q_.cache_b + q_.operand_b, ratio);
    case kSramLeak:
      return power_of(q_.leak_sram, ratio);
    case kERomBank:
      return power_of(q_.rom_bank, ratio);
    case kRomLeak:
    case kRomGated:
      return power_of(q_.leak_rom, ratio);
    case kLogicLeak:
      return power_of(q_.leak_logic, ratio);
    case kImplementation:
      return power_of(1 - leak_ - between_, ratio);
    case kRomWire:
      return power_of(q_.rom_way, ratio);
    case kNocTraffic:
      return power_of(q_.router + q_.wire, ratio);
    case kColdLeak:
      return s_.mode.cold ? power_of(leak_, ratio) : void();
    case kHighVtLeak:
      return s_.mode.high_vt ? power_of(q_.leak_logic, ratio) : void();
    case kEDieToDie:
      return power_of(between_, ratio);
    case kMacInt8:
      return integers(kMacInt8, s_.widths.share_int8, ratio);
    case kMacInt4:
      return integers(kMacInt4, s_.widths.share_int4, ratio);
    default:
      return;  // of dies alone: yield, cost
  }
}

}  // namespace tilewright::kernel
