#include "surrogate/case.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "arch/design.h"
#include "support/error.h"

namespace tilewright {
namespace {

constexpr double kMib = 1048576.0;
constexpr double kLaneWeightBits = 16;

double square_root_rule(double rule, double side) {
  return rule > 0 ? std::max(1.0, std::sqrt(rule * side)) : 1.0;
}

// D_ref(n): constant total DMEM over the printed tiles of the node, or the mode's own value.
double dmem_reference(const ModeConstants& mode, const NodeEntry& node, Mode which) {
  if (mode.reference[kDmem] > 0) return mode.reference[kDmem];
  const auto printed = node.printed.find(which);
  if (printed == node.printed.end()) return mode.scalars.get("reference_rule.dmem_max_kib");
  const double tiles = printed->second.mesh_w * printed->second.mesh_h;
  return std::min(mode.scalars.get("reference_rule.dmem_max_kib"),
                  mode.scalars.get("reference_rule.dmem_total_kib") / tiles);
}

const ModeConstants& mode_of(const Calibration& calibration, Mode mode) {
  const auto found = calibration.modes.find(mode);
  if (found == calibration.modes.end()) {
    throw Error("TW-NODE-004", std::string("the mode ") + mode_name(mode) + " is missing",
                calibration.name);
  }
  return found->second;
}

// The same products once, with how often they run.
std::vector<Phase> merged(const std::vector<Phase>& phases) {
  std::vector<Phase> once;
  for (const Phase& phase : phases) {
    const auto same = std::find_if(once.begin(), once.end(), [&](const Phase& p) {
      return p.k == phase.k && p.m == phase.m && p.groups == phase.groups &&
             p.positions == phase.positions;
    });
    if (same == once.end()) {
      once.push_back(phase);
    } else {
      same->times += phase.times;
    }
  }
  return once;
}

// Products of one input (queries, keys and values; gate and up, of each chosen expert) run
// together.
bool together(const WorkOp& a, const WorkOp& b) {
  const bool side_by_side = a.groups == 1 || (a.experts > 0 && b.experts > 0);
  return a.producers == b.producers && a.k == b.k && a.positions == b.positions &&
         a.groups == b.groups && side_by_side;
}

// Products of a graph in turn.
std::vector<Phase> phases_of(const Workload& workload) {
  std::vector<Phase> phases;
  const WorkOp* last = nullptr;
  for (const WorkOp& op : workload.ops) {
    if (op.groups <= 0 || op.weight_count <= 0 || op.runs < 1) continue;
    if (last != nullptr && together(*last, op)) {
      phases.back().m += static_cast<double>(op.m);
    } else {
      phases.push_back({static_cast<double>(op.k), static_cast<double>(op.m),
                        static_cast<double>(op.groups), static_cast<double>(op.positions), 1});
    }
    last = &op;
  }
  return merged(phases);
}

// Weights that a row of them serves as many rows of one product as there are accumulators for.
double reads_of(double groups, double k, double m, double positions, double banks) {
  return groups * k * m * positions / std::min(positions, banks);
}

// By share, in the order met.
std::vector<RoutedWeights> routed_weights(const Workload& workload, double banks) {
  std::vector<RoutedWeights> routed;
  for (const WorkOp& op : workload.ops) {
    if (op.experts <= op.chosen || op.weight_count <= 0 || op.runs < 1) continue;
    const double share = static_cast<double>(op.chosen) / static_cast<double>(op.experts);
    auto same = std::find_if(routed.begin(), routed.end(),
                             [&](const RoutedWeights& r) { return r.share == share; });
    if (same == routed.end()) same = routed.insert(routed.end(), {share, 0, 0});
    same->reads += reads_of(static_cast<double>(op.groups), static_cast<double>(op.k),
                            static_cast<double>(op.m), static_cast<double>(op.positions), banks);
    same->mib += static_cast<double>(op.weight_bytes) / kMib;
  }
  return routed;
}

// Of the experts, those that any of `sequences` chooses, each by itself and all alike.
double touched(double share, double sequences) {
  return 1 - std::pow(1 - share, sequences);
}

// Sequences that choose other experts share no row: the mean over all reads.
double mean_reuse(const WorkloadConstants& w, double sequences) {
  double more = 0;  // for all sequences, than if one read served them all
  for (const RoutedWeights& r : w.routed)
    more += r.reads * (touched(r.share, sequences) / r.share - 1);
  return more > 0 ? sequences * w.weight_reads / (w.weight_reads + more) : sequences;
}

double read_share(const WorkloadConstants& w, double sequences) {
  double unread = 0;
  for (const RoutedWeights& r : w.routed) unread += r.mib * (1 - touched(r.share, sequences));
  return 1 - unread / w.weight_mib;
}

}  // namespace

const PrintedWorkload* printed_workload(const Calibration& calibration, Mode mode,
                                        const Workload* workload, const std::string& name) {
  for (const auto& printed : calibration.workloads) {
    if (printed.mode != mode) continue;
    const bool same =
        workload != nullptr
            ? static_cast<double>(workload->totals.parameters) == printed.parameters &&
                  workload->totals.kv_bytes_per_token == printed.kv_bytes_per_token
            : name == printed.name;
    if (same) return &printed;
  }
  return nullptr;
}

WorkloadConstants constants_of(const PrintedWorkload& printed, Form form) {
  const auto& c = printed.constants;
  WorkloadConstants w;
  w.name = printed.name;
  w.parameters = c.get("P");
  w.weight_mib = c.get("weight_mib");
  w.kv_bytes_per_token = c.get("kv_bytes_per_token");
  w.layers = c.get("layers");
  w.d_model = c.get("d_model");
  w.operators = c.get("operators");
  w.share_mm = c.get("share_mm");
  w.share_cv = c.get("share_cv");
  w.share_gen = c.get("share_gen");
  if (form == Form::kMeanField) {
    w.flops_per_unit = 2 * w.parameters * c.get("phi");
    return w;
  }
  // P3; the attention's share follows the context.
  w.weight_reads = c.get("decode_parameters");
  w.flops_per_unit = 2 * w.weight_reads;
  w.context_flops = 2 * w.layers * w.d_model;
  for (const auto& [k, m, times] : printed.phases) w.phases.push_back({k, m, 1, 1, times});
  return w;
}

WorkloadConstants constants_of(const Workload& workload, double activation_bytes, double banks) {
  const auto& t = workload.totals;
  WorkloadConstants w;
  w.name = workload.name;
  w.parameters = static_cast<double>(t.parameters);
  w.weight_mib = std::max(static_cast<double>(t.weight_bytes), 1.0) / kMib;
  w.flops_per_unit = t.flops_per_unit;
  w.kv_bytes_per_token = t.kv_bytes_per_token;
  w.operators = static_cast<double>(t.operators);
  // The closed form knows depth and width only as their product, activation bytes over 24
  // (section 4.7); a model without decoder layers gets that product from its own activations.
  const bool decoder = t.layers > 0 && t.d_model > 0 && workload.has_kv_cache;
  w.layers = decoder ? t.layers : 1;
  w.d_model =
      decoder ? t.d_model : std::max(t.activation_bytes, activation_bytes) / activation_bytes;
  const double total = t.matmul_flops + t.conv_flops + t.general_flops;
  w.share_mm = total > 0 ? t.matmul_flops / total : 0;
  w.share_cv = total > 0 ? t.conv_flops / total : 0;
  w.share_gen = total > 0 ? t.general_flops / total : 1;
  w.phases = phases_of(workload);
  // A row of weights serves as many rows of one product as the tensor unit has accumulators for.
  for (const Phase& p : w.phases)
    w.weight_reads += p.times * reads_of(p.groups, p.k, p.m, p.positions, banks);
  w.routed = routed_weights(workload, banks);
  if (!(w.flops_per_unit > 0)) {
    throw Error("TW-SURR-001", "the model does no arithmetic, so no rate can be given",
                workload.name, "bind its dimensions with --dim, or take another model");
  }
  return w;
}

kernel::Case make_case(const Calibration& calibration, const NodeEntry& node, Mode mode,
                       const WorkloadConstants& workload, bool printed, const Widths& widths,
                       const Overrides& overrides) {
  const auto& constants = mode_of(calibration, mode);
  kernel::Case c{};
  c.form = form_of(calibration);
  c.c = read_constants(calibration.scalars, c.form);
  c.mode = read_mode_terms(constants, c.form);
  if (overrides.ppa_weights) {
    const PpaWeights shares = normalised(*overrides.ppa_weights);
    c.mode.weight_perf = shares[0];
    c.mode.weight_power = shares[1];
    c.mode.weight_area = shares[2];
  }
  c.node = read_node_terms(node.node, c.form);
  if (c.form == Form::kUnits) {
    c.units = read_units(calibration, node.node);
    c.widths = widths;
  } else if (overrides.weights) {
    throw Error("TW-SURR-006", "calibration '" + calibration.name + "' knows no formats of weights",
                "--weights", "take --calibration physical, or leave the weights as they are");
  }
  c.workload = workload;
  // The figures printed for a workload are those of 16-bit weights.
  if (printed) c.workload.weight_mib *= c.widths.stored_bits / kLaneWeightBits;
  const bool tokens = workload.kv_bytes_per_token > 0;
  c.batch = overrides.batch.value_or(
      tokens && !overrides.no_assumptions ? constants.scalars.get("batch") : 1);
  c.context = overrides.context.value_or(constants.scalars.get("context"));
  if (!(c.batch >= 1) || !(c.context >= 1)) {
    throw Error("TW-SURR-002", "batch and context must be at least 1", "--batch, --context");
  }
  c.workload.flops_per_unit += c.workload.context_flops * c.context;
  c.reuse = mean_reuse(workload, c.form == Form::kUnits
                                     ? std::min(c.batch, c.units.shape.accumulator_banks)
                                     : c.batch);
  c.read_share = read_share(c.workload, c.batch);
  c.reference = constants.reference;
  c.d_ref = dmem_reference(constants, node, mode);
  c.reference[kDmem] = c.d_ref;
  c.supercluster_rule = constants.scalars.get("reference_rule.supercluster");

  kernel::Point<double> reference{};
  for (std::size_t i = 0; i < kActionCount; ++i) reference.a[i] = c.reference[i];
  reference.a[kVlen] = c.mode.vlen_reference;
  c.cpi_reference = kernel::hazards<double>(c.c, reference, nullptr).cpi;
  if (c.form == Form::kMeanField) {
    c.quality_reference =
        kernel::quality_loss<double>(c.c, c.reference[kPrecision], c.reference[kKvCompaction]);
  }
  return c;
}

void set_topology(kernel::Case& c, const Topology& topology) {
  c.topology = topology;
  if (c.form == Form::kMeanField) {
    if (topology.energy_pj_bit <= 0) return;
    throw Error("TW-SURR-010", "the calibration knows no energy of a link between dies",
                "--topology", "leave energy out, or take --calibration physical");
  }
  const auto router = kernel::router_share(topology, c.units.shape.router_buffers);
  c.units.router_gates = router.gates;
  c.units.router_clocked = router.clocked;
  if (const double e = topology.energy_pj_bit; e > 0) {
    c.units.band[kEDieToDie] = {e, e, e};
    c.units.value[kEDieToDie] = e;
  }
}

References printed_references(const Calibration& calibration, const NodeEntry& node, Mode mode,
                              const std::string& workload) {
  const auto found = node.printed.find(mode);
  if (found == node.printed.end()) {
    throw Error("TW-NODE-004", "the node has no printed point for this mode", node.node.name());
  }
  const auto& p = found->second;
  const auto& scalars = mode_of(calibration, mode).scalars;
  References r;
  r.tok_s = p.tok_s;
  r.power_mw = p.power_mw;
  r.area_mm2 = p.area_mm2;
  r.power_budget_mw = p.power_budget_mw;
  r.area_budget_mm2 = p.area_budget_mm2;
  r.min_tok_s = scalars.has("rate_floor_tok_s") ? scalars.get("rate_floor_tok_s")
                                                : scalars.get("rate_floor") * p.tok_s;
  r.source = "printed for " + workload + " at " + node.node.name();
  return r;
}

ActionVector reference_at(const Calibration& calibration, const NodeEntry& node, Mode mode,
                          double mesh_w, double mesh_h) {
  const auto& constants = mode_of(calibration, mode);
  ActionVector a = constants.reference;
  const auto& rule = constants.scalars;
  a[kMeshW] = mesh_w;
  a[kMeshH] = mesh_h;
  a[kScX] = square_root_rule(rule.get("reference_rule.supercluster"), mesh_w);
  a[kScY] = square_root_rule(rule.get("reference_rule.supercluster"), mesh_h);
  a[kDmem] = dmem_reference(constants, node, mode);
  if (rule.has("reference_rule.a_in_kib")) {
    a[kAIn] =
        std::max(rule.get("reference_rule.a_min"), rule.get("reference_rule.a_in_kib") / a[kDmem]);
    a[kAOut] =
        std::max(rule.get("reference_rule.a_min"), rule.get("reference_rule.a_out_kib") / a[kDmem]);
  }
  if (constants.reference_clock_mhz > 0)
    a[kClock] = constants.reference_clock_mhz / node.node.f_max_mhz();
  return a;
}

DesignBox make_box(const Calibration& calibration, const kernel::Case& c, Mode mode, bool printed,
                   const Overrides& overrides) {
  const auto& constants = mode_of(calibration, mode);
  DesignBox box = constants.box;
  if (constants.clock_mhz) {
    box.lo[kClock] = (*constants.clock_mhz)[0] / c.node.f_max_mhz;
    box.hi[kClock] = std::min(1.0, (*constants.clock_mhz)[1] / c.node.f_max_mhz);
  }
  if (!printed) {
    const double side =
        std::floor(std::sqrt(c.workload.weight_mib * 1024 / c.c.workload_weights_per_tile_kib));
    const double most = std::clamp(side, 1.0, c.c.workload_mesh_side_limit);
    for (const auto i : {kMeshW, kMeshH}) {
      box.lo[i] = 1;
      box.hi[i] = most;
    }
  }
  for (const auto& [sc, side] : {std::pair{kScX, kMeshW}, std::pair{kScY, kMeshH}}) {
    box.hi[sc] = std::min(box.hi[sc], box.hi[side]);
  }
  if (overrides.clock_mhz) {
    const double fraction = *overrides.clock_mhz / c.node.f_max_mhz;
    if (!(fraction > 0) || fraction > 1) {
      throw Error("TW-SURR-002",
                  "the clock is not between 0 and the node's f_max of " +
                      std::to_string(c.node.f_max_mhz) + " MHz",
                  "--clock");
    }
    box.lo[kClock] = box.hi[kClock] = fraction;
  }
  if (overrides.no_assumptions ||
      c.workload.kv_bytes_per_token <= 0) {  // nothing to draft or compact
    box.hi[kDraft] = box.lo[kDraft] = 0;
    box.hi[kKvCompaction] = box.lo[kKvCompaction] = 1;
  }
  return box;
}

namespace {

// What one more tile costs, and what the weights take however many there are.
struct TileCost {
  double mw = 0, mm2 = 0, rom_mm2 = 0;
};

TileCost tile_cost(const kernel::Case& c, ActionVector a, double mhz, double tiles) {
  if (c.form == Form::kMeanField) {
    return {c.node.kappa_c_pj * mhz * 1e-3 + c.node.leak_mw_tile, c.node.a_tile_mm2,
            c.node.a_rom_mm2_mib * c.workload.weight_mib};
  }
  a[kMeshW] = a[kMeshH] = std::max(1.0, std::sqrt(tiles));
  a[kClock] = mhz / c.node.f_max_mhz;
  kernel::Point<double> p{};
  std::copy(a.begin(), a.end(), p.a);
  kernel::Terms<double> t{};
  kernel::evaluate<double>(c, p, nullptr, t);
  const double count = a[kMeshW] * a[kMeshH];
  return {t.power / count, t.tile_mm2 / count, t.rom_mm2};
}

}  // namespace

ActionVector rule_design(const kernel::Case& c, const DesignBox& box) {
  const auto& k = c.c;
  const auto& w = c.workload;
  ActionVector a{};
  for (std::size_t i = 0; i < kActionCount; ++i) a[i] = c.reference[i];
  // Plain middle-of-the-road tiles; only the mesh, the memories and the clock follow the case.
  a[kFetch] = k.first_design_fetch;
  a[kVlen] = std::clamp(std::exp2(std::floor(std::log2(c.mode.vlen_reference))), box.lo[kVlen],
                        box.hi[kVlen]);
  a[kDflit] = k.first_design_flit;
  a[kStanum] = k.first_design_stations;
  a[kXrWp] = a[kVrWp] = a[kXdpnum] = a[kVdpnum] = k.first_design_ports;
  a[kWmem] = k.first_design_rom_alloc;
  a[kPrecision] = k.first_design_precision;
  a[kDraft] = k.first_design_drafts;
  a[kKvCompaction] = std::min(k.first_design_compaction, box.hi[kKvCompaction]);
  a[kClock] = c.reference[kClock] > 0 ? c.reference[kClock] : box.lo[kClock];

  // Tiles: what weights need, what power and area budgets allow with a margin.
  const double most_tiles = box.hi[kMeshW] * box.hi[kMeshH];
  const double kv_total_kib = w.kv_bytes_per_token * c.context * c.batch / 1024;
  const double scratch_kib =
      k.first_design_scratch_share * box.hi[kDmem] / k.first_design_spare - k.memory_need_fixed_kib;
  if (kv_total_kib / a[kKvCompaction] > scratch_kib * most_tiles)
    a[kKvCompaction] = box.hi[kKvCompaction];
  // Tiles that weights and KV pages need.
  const double need =
      std::min(most_tiles, std::max(k.first_design_rom_alloc * w.weight_mib / c.mode.wmem_cap_mib,
                                    kv_total_kib / a[kKvCompaction] / scratch_kib));
  double tiles = std::max(need, k.first_design_tiles_share * most_tiles);
  if (c.refs.power_budget_mw > 0) {
    const double share = k.first_design_budget_share;
    const double f = std::clamp(a[kClock], box.lo[kClock], box.hi[kClock]) * c.node.f_max_mhz;
    const TileCost cost = tile_cost(c, a, f, tiles);
    tiles = std::min(tiles, share * c.refs.power_budget_mw / cost.mw);
    const double left = share * c.refs.area_budget_mm2 - cost.rom_mm2;
    tiles = std::min(tiles, left / cost.mm2);
  }
  tiles = std::max({tiles, need, 1.0});
  a[kMeshW] = std::clamp(std::floor(std::sqrt(tiles)), box.lo[kMeshW], box.hi[kMeshW]);
  a[kMeshH] = std::clamp(std::ceil(tiles / a[kMeshW]), box.lo[kMeshH], box.hi[kMeshH]);
  tiles = a[kMeshW] * a[kMeshH];
  a[kScX] = std::round(square_root_rule(k.first_design_supercluster, a[kMeshW]));
  a[kScY] = std::round(square_root_rule(k.first_design_supercluster, a[kMeshH]));

  // Clock for a rate that is asked for, with some to spare, where the box leaves it open.
  if (c.refs.min_tok_s > 0 && c.refs.tok_s < k.first_design_slow_tok_s) {
    const double lanes = tiles * a[kVlen] / a[kPrecision];
    const double mhz =
        k.first_design_rate_spare * c.refs.min_tok_s * w.flops_per_unit / (2e6 * lanes);
    a[kClock] = std::max(box.lo[kClock], mhz / c.node.f_max_mhz);
  }
  // Data memory for the KV pages of a tile and instruction memory for its operators, with some to
  // spare.
  const double kv_kib = kv_total_kib / (a[kKvCompaction] * tiles);
  a[kAIn] = k.first_design_input_share;
  a[kAOut] = 1 - k.first_design_scratch_share - a[kAIn];
  const double dmem_kib =
      k.first_design_spare * (kv_kib + k.memory_need_fixed_kib) / k.first_design_scratch_share;
  a[kDmem] = kDmemStepKib * std::ceil(std::max(k.first_design_dmem_kib, dmem_kib) / kDmemStepKib);
  const double imem = k.feasible_imem_kib *
                      (1 + k.feasible_imem_growth *
                               std::log2(1 + k.feasible_imem_ops_per_tile * w.operators / tiles));
  a[kImem] = std::ceil(std::max({k.first_design_imem_kib, k.first_design_spare * imem,
                                 k.first_design_spare * k.feasible_imem_low_power_kib}));
  return project(a, box);
}

}  // namespace tilewright
