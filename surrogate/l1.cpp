// L1: maps the graph and puts what was counted in place of what the closed form guesses
// (surrogate.md section 12).
#include <algorithm>
#include <cmath>
#include <map>

#include "surrogate/impl.h"
#include "surrogate/kernel_inl.h"
#include "surrogate/units_kernel.h"

namespace tilewright {
namespace {

using Factors = std::array<double, kernel::kFactorCount>;

constexpr double kMib = 1048576.0;

kernel::Point<double> point_of(const ActionVector& actions) {
  kernel::Point<double> p{};
  std::copy(actions.begin(), actions.end(), p.a);
  return p;
}

// Tiles by logic configuration: their laws are then evaluated once a configuration.
struct ConfigShare {
  LogicConfig config;
  double tiles = 0, work = 0;
};

void group_configs(const Mapping& mapping, std::vector<ConfigShare>& shares) {
  shares.clear();
  double work = 0;
  for (const auto& kind : mapping.kinds) {
    const auto& t = kind.tile;
    const LogicConfig config{t.fetch, t.vlen_bits, t.dmem_kib, t.imem_kib};
    auto at = std::find_if(shares.begin(), shares.end(),
                           [&](const ConfigShare& s) { return s.config == config; });
    if (at == shares.end()) at = shares.insert(at, {config, 0, 0});
    at->tiles += kind.count;
    at->work += kind.load.work * kind.count;
    work += kind.load.work * kind.count;
  }
  for (auto& share : shares)
    share.work = work > 0 ? share.work / work : share.tiles / double(mapping.tiles.size());
}

// Sums over tiles of the laws of sections 4.3, 5 and 6 at each tile's own parameters.
void count_configs(const kernel::Case& c, const kernel::Point<double>& p, const Mapping& mapping,
                   const std::vector<ConfigShare>& shares, Factors& counted) {
  const auto n = static_cast<double>(mapping.tiles.size());
  const auto net = kernel::network<double>(c, p, n, nullptr);
  const double gain = kernel::draft_gain<double>(c.c, p.a[kDraft]);
  double lanes = 0, active = 0, leak = 0, area = 0, sram = 0, fetch = 0;
  for (const auto& s : shares) {
    const double v = s.config.vlen_bits, f = s.config.fetch, d = s.config.dmem_kib,
                 i = s.config.imem_kib;
    lanes += s.tiles * v / p.a[kPrecision];
    active += s.tiles * kernel::activity<double>(c, p, v, f, i);
    leak += s.tiles * kernel::leak_shape<double>(c, p, v, d, i);
    area += s.tiles * kernel::tile_shape<double>(c, p, v, f, d, i, net.links, gain);
    sram += s.work * std::sqrt(d / c.d_ref);
    fetch += s.work * kernel::fetch_stall<double>(c.c, f, i);
  }
  counted[kernel::kLanesFactor] = lanes;
  counted[kernel::kActivityFactor] = active / n;
  counted[kernel::kLeakFactor] = leak / n;
  counted[kernel::kTileAreaFactor] = area / n;
  counted[kernel::kSramEnergyFactor] = sram;
  counted[kernel::kFetchFactor] = fetch;
}

// The same for the laws of physical.md, P1, P2 and P10.
void count_unit_configs(const kernel::Case& c, const kernel::Point<double>& p,
                        const Mapping& mapping, const std::vector<ConfigShare>& shares,
                        Factors& counted) {
  const auto n = static_cast<double>(mapping.tiles.size());
  const double* k = c.units.value.data();
  double bits = 0, logic = 0, sram = 0, capacity = 0, energy = 0, fetch = 0;
  for (const auto& s : shares) {
    const double v = s.config.vlen_bits, f = s.config.fetch, d = s.config.dmem_kib,
                 i = s.config.imem_kib;
    bits += s.tiles * v;
    logic += s.tiles * kernel::logic_mm2<double>(c.units, k, p.a, v, f);
    sram += s.tiles * kernel::sram_mm2<double>(c.units, k, d, i);
    capacity += s.tiles * (d + i);
    energy += s.work * kernel::sram_energy<double>(k, std::min(d, c.units.shape.sram_macro_kib));
    fetch += s.work * kernel::fetch_stall<double>(c.c, f, i);
  }
  counted[kernel::kLanesFactor] = bits / c.widths.lane_bits;
  counted[kernel::kTileAreaFactor] = logic / n;
  counted[kernel::kSramAreaFactor] = sram / n;
  counted[kernel::kLeakFactor] = capacity / n;
  counted[kernel::kSramEnergyFactor] = energy;
  counted[kernel::kFetchFactor] = fetch;
}

// pack of section 4.6 for a tile whose ROM is `allocation` times the weights it should hold; below
// 1 some of them find no place.
double packing_loss(const Constants& c, double allocation) {
  return c.partition_packing *
         std::exp(-std::max(allocation - 1, c.partition_packing_floor) / c.partition_packing_decay);
}

// Weights on each tile against its ROM, fragmentation and the fullest tile.
void count_weights(const kernel::Case& c, const Mapping& mapping, Factors& counted) {
  double allocated = 0, held = 0, fullest = 0, energy = 0, operators = 0, packing = 0, way = 0;
  double slack = 1e300;
  for (const auto& kind : mapping.kinds) {
    const double bytes = kind.load.weight_bytes, tiles = kind.count;
    const double room = static_cast<double>(kind.tile.wmem_kib) * 1024;
    allocated += tiles * room;
    held += tiles * bytes;
    fullest = std::max(fullest, bytes);
    operators = std::max(operators, kind.load.operators);
    if (bytes > 0) {
      slack = std::min(slack, room / bytes);
      energy += tiles * bytes * std::sqrt(room / bytes / c.c.power_rom_alloc);
      if (c.form == Form::kMeanField) packing += tiles * bytes * packing_loss(c.c, room / bytes);
      // P9: a bit's way grows with the side of the tile's ROM.
      if (c.form == Form::kUnits)
        way += tiles * bytes * std::sqrt(c.units.value[kRomArea] * room / kMib);
    }
  }
  if (held <= 0) return;  // a model without weights: the closed form's values stand
  counted[kernel::kWmemFactor] = slack;
  counted[kernel::kRomAreaFactor] = allocated / held;
  counted[kernel::kRomEnergyFactor] = c.form == Form::kUnits ? way / held : energy / held;
  counted[kernel::kWcapFactor] = fullest / kMib;
  counted[kernel::kOperatorsFactor] = operators;
  counted[kernel::kPackingFactor] = 1 + packing / held;
}

// Tile pitches of a hop, mean (split_forms). A way by hubs of so many links is k (links - 1) long,
// and has two links or more; where the nearest of several copies sends, less is counted.
double wire_of_hop(const Topology& topology, const Traffic& t) {
  switch (topology.kind) {
    case TopologyKind::kTorus:
      return 2;
    case TopologyKind::kHierarchical:
      return topology.cluster * (t.byte_hops > 0 ? std::max(0.5, 1 - t.bytes / t.byte_hops) : 1);
    default:
      return 1;
  }
}

void count_network(const kernel::Case& c, const kernel::Point<double>& p, const Mapping& mapping,
                   Factors& counted) {
  const auto& t = mapping.traffic;
  if (c.form == Form::kUnits) {
    constexpr double kBitsPerByte = 8;
    counted[kernel::kNetworkFactor] = kBitsPerByte * t.byte_hops;
    counted[kernel::kLinkFactor] = std::max(1.0, kBitsPerByte * t.busiest_link);
    counted[kernel::kDieLinkFactor] = kBitsPerByte * t.die_bytes;
    counted[kernel::kWireFactor] = wire_of_hop(c.topology, t);
    return;
  }
  const double n = p.a[kMeshW] * p.a[kMeshH];
  const double expected =
      c.c.noc_bytes_per_layer_width * c.workload.layers * c.workload.d_model * std::sqrt(n);
  const double span = std::max(1.0, (p.a[kMeshW] + p.a[kMeshH]) / 3);  // Eq. 19
  counted[kernel::kNetworkFactor] = t.byte_hops / expected;
  counted[kernel::kLinkFactor] =
      t.busiest_link * kernel::bisection<double>(c.topology, p.a[kMeshW], p.a[kMeshH]);
  if (t.phases > 0)
    counted[kernel::kStepsFactor] = t.steps / (static_cast<double>(t.phases) * span);
}

// Buffers, KV pages and hazards; densities scale the closed form's laws.
void count_memory(const kernel::Case& c, const kernel::Point<double>& p, const Mapping& mapping,
                  Factors& counted, const Factors& guess) {
  const bool units = c.form == Form::kUnits;  // which streams and batches what is counted once
  counted[kernel::kNeedInFactor] = mapping.need_in_kib * (units ? c.batch : 1 + p.a[kStreamIn]);
  counted[kernel::kNeedOutFactor] = mapping.need_out_kib * (units ? c.batch : 1 + p.a[kStreamOut]);
  counted[kernel::kRawFactor] = guess[kernel::kRawFactor] * mapping.raw;
  counted[kernel::kWarFactor] = guess[kernel::kWarFactor] * mapping.war;
  counted[kernel::kWawFactor] = guess[kernel::kWawFactor] * mapping.waw;
  if (mapping.kv.pages == 0) return;
  // Pages needed over pages that fit, of the mean tile's room: the tile that fills first decides.
  constexpr double kFull = 4;
  const double use = mapping.kv.capacity > 0 ? static_cast<double>(mapping.kv.pages) /
                                                   static_cast<double>(mapping.kv.capacity)
                                             : kFull;
  const double room = (1 - p.a[kAIn] - p.a[kAOut]) * p.a[kDmem] - c.c.memory_need_fixed_kib;
  counted[kernel::kKvFactor] = std::min(use, kFull) * std::max(room, c.c.memory_need_fixed_kib);
}

Factors count(const kernel::Case& c, const kernel::Point<double>& p, const Mapping& mapping,
              const Factors& guess) {
  Factors counted = guess;
  thread_local std::vector<ConfigShare> shares;
  group_configs(mapping, shares);
  counted[kernel::kPartitionFactor] = mapping.compute_balance * mapping.split_efficiency;
  if (c.form == Form::kUnits) {
    count_unit_configs(c, p, mapping, shares, counted);
  } else {
    count_configs(c, p, mapping, shares, counted);
  }
  count_weights(c, mapping, counted);
  count_network(c, p, mapping, counted);
  count_memory(c, p, mapping, counted, guess);
  return counted;
}

Factors guess_at(const kernel::Case& c, const kernel::Point<double>& p) {
  kernel::Terms<double> terms{};
  kernel::evaluate<double>(c, p, nullptr, terms);
  Factors guess{};
  std::copy(std::begin(terms.guess), std::end(terms.guess), guess.begin());
  return guess;
}

}  // namespace

MapRequest Surrogate::map_request(const ActionVector& actions) const {
  MapRequest request;
  request.actions = actions;
  request.batch = impl_->c.batch;
  request.context = impl_->c.context;
  request.page_tokens = impl_->page_tokens;
  request.express_hop = impl_->c.c.noc_express;
  request.topology = impl_->c.topology;
  request.fixed_scratch_kib = impl_->c.c.memory_need_fixed_kib;
  return request;
}

Ppa Surrogate::evaluate_l1(const ActionVector& actions, Mapping* mapping) const {
  return evaluate_l1(map_request(actions), mapping);
}

Ppa Surrogate::evaluate_l1(const MapRequest& request, Mapping* mapping) const {
  thread_local Mapping own;
  Mapping& m = mapping != nullptr ? *mapping : own;
  impl_->mapper->map(request, m);
  return judge(request.actions, m);
}

std::array<double, kernel::kFactorCount> l1_multipliers(const Surrogate::Impl& impl,
                                                        const ActionVector& actions,
                                                        const Mapping& mapping,
                                                        std::vector<Factor>* factors) {
  const auto p = point_of(actions);
  const Factors guess = guess_at(impl.c, p);
  const Factors counted = count(impl.c, p, mapping, guess);
  Factors multipliers{};
  for (std::size_t f = 0; f < kernel::kFactorCount; ++f) {
    const auto known = impl.l1_constants[f];
    multipliers[f] = guess[f] != 0 ? counted[f] / (known * guess[f]) : 1;
    if (factors != nullptr && kernel::has_factor(impl.c, f))
      factors->push_back({kernel::factor_name(f), counted[f], known, counted[f] / known, guess[f]});
  }
  return multipliers;
}

Ppa Surrogate::judge(const ActionVector& actions, const Mapping& mapping) const {
  const auto& c = impl_->c;
  std::vector<Factor> factors;
  factors.reserve(kernel::kFactorCount);
  const Factors multipliers = l1_multipliers(*impl_, actions, mapping, &factors);
  Ppa ppa = make_ppa(c, actions, multipliers.data());
  ppa.level = "L1";
  ppa.factors = std::move(factors);
  if (mapping.kv.shortage_pages >
      0) {  // pages without a place: infeasible, whatever the calibrated margin says
    const double missing =
        static_cast<double>(mapping.kv.shortage_pages) / static_cast<double>(mapping.kv.pages);
    ppa.margins[kMarginDmem] = std::min(ppa.margins[kMarginDmem], -missing);
    ppa.violation = violation_of(ppa.margins, c.c.feasible_tolerance);
    ppa.feasible = false;
  }
  return ppa;
}

std::map<std::string, double> Surrogate::l1_factors_at_printed() const {
  std::map<std::string, double> constants;
  const auto design = printed_design();
  if (!design || !impl_->mapper) return constants;
  Mapping mapping;
  impl_->mapper->map(map_request(*design), mapping);
  const auto p = point_of(*design);
  const Factors guess = guess_at(impl_->c, p);
  const Factors counted = count(impl_->c, p, mapping, guess);
  for (std::size_t f = 0; f < kernel::kFactorCount; ++f) {
    if (guess[f] != 0 && kernel::has_factor(impl_->c, f))
      constants[kernel::factor_name(f)] = counted[f] / guess[f];
  }
  return constants;
}

Design Surrogate::make_design(const ActionVector& actions, const Mapping& mapping,
                              const std::string& name) const {
  Design design;
  design.name = name;
  design.workload = impl_->c.workload.name;
  design.node = impl_->entry.node.name();
  design.mode = mode_name(impl_->mode);
  design.actions = actions;
  design.mesh_w = mapping.mesh_w;
  design.mesh_h = mapping.mesh_h;
  design.topology = impl_->c.topology;
  design.tiles = mapping.tiles;
  if (actions[kDraft] > 0) {
    design.assumed.emplace_back(
        "draft predictor: speculative decoding needs one, and none is generated");
  }
  if (impl_->c.batch > 1) {
    design.assumed.emplace_back(
        "batch reuse: each weight row read serves every sequence of the batch");
  }
  if (impl_->c.batch > 1 && !impl_->c.workload.routed.empty()) {
    design.assumed.emplace_back(
        "routing: each sequence chooses its experts by itself, all of them equally often");
  }
  if (actions[kKvCompaction] > 1) {
    design.assumed.emplace_back("KV compaction: quantised and windowed KV cache");
  }
  return design;
}

}  // namespace tilewright
