#include "mdp/state.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "mdp/state_view.h"

namespace tilewright {
namespace {

using View = const StateView&;

struct Row {
  StateFeature feature;
  double (*value)(View);
};

double sat(double x) {
  return x > 0 ? x / (1 + x) : 0;
}

// Logarithm against a stated full scale.
double log_share(double x, double full) {
  return std::log1p(std::max(x, 0.0)) / std::log1p(full);
}

template <std::size_t I>
double unit(View v) {
  return v.unit[I];
}
template <std::size_t I>
double dtype_share(View v) {
  return v.work.dtype_share[I];
}

constexpr std::string_view kWork = "Workload", kConfig = "Configuration", kParts = "Partitioning",
                           kLoad = "Load Distribution", kOps = "Op Partition", kHazards = "Hazards",
                           kTileHazards = "Per-TCC Hazards", kFrequency = "Frequency",
                           kStream = "Streaming", kPpa = "PPA Observation",
                           kSplit = "Workload Partition", kDtype = "Precision Dist.",
                           kInstr = "Instruction Type", kTopology = "SC Topology",
                           kLlm = "LLM Config";

// Index order. The 21 features that the policy does not read are constants of a run that others
// already tell apart, or sums and parts of features that it reads.
constexpr std::array<Row, kStateSize> kRows{{
    {{kWork, "instructions", "log(1 + scalar instructions a unit) / log(1 + 1e14)", true},
     [](View v) { return log_share(v.work.instructions, 1e14); }},
    {{kWork, "ilp", "instructions that wait for no earlier one (1 - RAW density)", false},
     [](View v) { return 1 - v.work.hazard[0]; }},
    {{kWork, "memory_intensity", "sat(bytes per FLOP)", true},
     [](View v) { return sat(v.work.bytes_per_flop); }},
    {{kWork, "vector_use", "tensor and vector elements over all instructions", false},
     [](View v) { return v.work.lane_share; }},
    {{kWork, "matmul_ratio", "share of FLOPs in matrix products", true},
     [](View v) { return v.work.share_mm; }},

    {{kConfig, "W", "place in the unit box", true}, unit<kMeshW>},
    {{kConfig, "H", "place in the unit box", true}, unit<kMeshH>},
    {{kConfig, "SCx", "place in the unit box", true}, unit<kScX>},
    {{kConfig, "SCy", "place in the unit box", true}, unit<kScY>},
    {{kConfig, "FETCH", "place in the unit box", true}, unit<kFetch>},
    {{kConfig, "STANUM", "place in the unit box", true}, unit<kStanum>},
    {{kConfig, "VLEN", "place in the unit box", true}, unit<kVlen>},
    {{kConfig, "DMEM", "place in the unit box", true}, unit<kDmem>},
    {{kConfig, "WMEM", "place in the unit box", true}, unit<kWmem>},
    {{kConfig, "IMEM", "place in the unit box", true}, unit<kImem>},
    {{kConfig, "DFLIT", "place in the unit box", true}, unit<kDflit>},
    {{kConfig, "XR_WP", "place in the unit box", true}, unit<kXrWp>},
    {{kConfig, "VR_WP", "place in the unit box", true}, unit<kVrWp>},
    {{kConfig, "XDPNUM", "place in the unit box", true}, unit<kXdpnum>},
    {{kConfig, "VDPNUM", "place in the unit box", true}, unit<kVdpnum>},
    {{kConfig, "DRAFT", "place in the unit box", true}, unit<kDraft>},
    {{kConfig, "tiles", "log(1 + W H) / log(1 + largest W H)", true},
     [](View v) { return log_share(v.tile_count, v.tile_limit); }},
    {{kConfig, "wmem_per_tile", "log(1 + allocated MiB a tile) / log(1 + 1024)", true},
     [](View v) { return log_share(v.wmem_mib, 1024); }},
    {{kConfig, "node", "ln(nm) / ln(100)", true},
     [](View v) { return std::log(v.node_nm) / std::log(100.0); }},
    {{kConfig, "f_max", "sat(highest clock / 500 MHz)", false},
     [](View v) { return sat(v.f_max_mhz / 500); }},
    {{kConfig, "mode", "1: low power, 0: high performance", true},
     [](View v) { return v.low_power ? 1.0 : 0.0; }},

    {{kParts, "A_IN", "place in the unit box", true}, unit<kAIn>},
    {{kParts, "A_OUT", "place in the unit box", true}, unit<kAOut>},
    {{kParts, "A_SCR", "DMEM share for scratch, 1 - A_IN - A_OUT", true},
     [](View v) { return 1 - v.design[kAIn] - v.design[kAOut]; }},

    {{kLoad, "load_variance", "sat(squared coefficient of variation of work over tiles)", true},
     [](View v) { return sat(v.tiles.variance); }},
    {{kLoad, "load_spread", "1 - least over most work of a tile", false},
     [](View v) { return 1 - v.tiles.least_over_most; }},
    {{kLoad, "BAL", "place in the unit box", true}, unit<kBalance>},
    {{kLoad, "LOC", "place in the unit box", true}, unit<kLocality>},

    {{kOps, "R_MM", "place in the unit box", true}, unit<kRhoMm>},
    {{kOps, "R_CV", "place in the unit box", true}, unit<kRhoCv>},
    {{kOps, "R_GEN", "place in the unit box", true}, unit<kRhoGen>},
    {{kOps, "ratio_mean", "partition ratio, mean over FLOP shares", false},
     [](View v) {
       return v.work.share_mm * v.design[kRhoMm] + v.work.share_cv * v.design[kRhoCv] +
              v.work.share_gen * v.design[kRhoGen];
     }},

    {{kHazards, "raw", "sat(RAW stall cycles an instruction)", false},
     [](View v) { return sat(v.ppa.hazard_raw); }},
    {{kHazards, "war", "sat(WAR stall cycles an instruction)", false},
     [](View v) { return sat(v.ppa.hazard_war); }},
    {{kHazards, "waw", "sat(WAW stall cycles an instruction)", false},
     [](View v) { return sat(v.ppa.hazard_waw); }},
    {{kHazards, "hazards", "sat(sum of the three)", true},
     [](View v) { return sat(v.ppa.hazard_raw + v.ppa.hazard_war + v.ppa.hazard_waw); }},

    {{kTileHazards, "tile_hazards_mean", "sat(hazard density of a tile, mean over tiles)", true},
     [](View v) { return sat(v.tiles.hazard_mean); }},
    {{kTileHazards, "tile_hazards_most", "sat(its largest)", false},
     [](View v) { return sat(v.tiles.hazard_most); }},
    {{kTileHazards, "tile_hazards_least", "sat(its least)", false},
     [](View v) { return sat(v.tiles.hazard_least); }},
    {{kTileHazards, "tile_hazards_deviation", "sat(its standard deviation)", false},
     [](View v) { return sat(v.tiles.hazard_deviation); }},

    {{kFrequency, "CLK", "place in the unit box", true}, unit<kClock>},

    {{kStream, "S_IN", "place in the unit box", true}, unit<kStreamIn>},
    {{kStream, "S_OUT", "place in the unit box", true}, unit<kStreamOut>},
    {{kStream, "SUB", "place in the unit box", true}, unit<kSubMatmul>},
    {{kStream, "AR", "place in the unit box", true}, unit<kAllReduce>},

    {{kPpa, "power", "sat(power / budget): 0.5 at the budget", true},
     [](View v) { return sat(v.power_over_budget); }},
    {{kPpa, "performance", "sat(tok/s / reference)", true},
     [](View v) { return sat(v.rate_over_reference); }},
    {{kPpa, "area", "sat(area / budget): 0.5 at the budget", true},
     [](View v) { return sat(v.area_over_budget); }},
    {{kPpa, "tok_s", "log(1 + tok/s) / log(1 + 1e7)", true},
     [](View v) { return log_share(v.tok_s, 1e7); }},
    {{kPpa, "efficiency", "sat(tok/s per mW over the references' own)", true},
     [](View v) { return sat(v.efficiency_over_reference); }},

    {{kSplit, "tiles_used", "share of tiles that have work", false},
     [](View v) { return v.tiles.used; }},
    {{kSplit, "compute_balance", "mean over slowest tile's time", true},
     [](View v) { return v.tiles.balance; }},
    {{kSplit, "split_efficiency", "useful over occupied lane-cycles of the split operators", true},
     [](View v) { return v.tiles.split_efficiency; }},
    {{kSplit, "mean_over_most", "mean over most work of a tile", false},
     [](View v) { return v.tiles.mean_over_most; }},

    {{kDtype, "fp32", "share of weight bytes", false}, dtype_share<0>},
    {{kDtype, "fp16", "share of weight bytes", false}, dtype_share<1>},
    {{kDtype, "bf16", "share of weight bytes", false}, dtype_share<2>},
    {{kDtype, "fp8", "share of weight bytes", false}, dtype_share<3>},
    {{kDtype, "int8", "share of weight bytes", false}, dtype_share<4>},
    {{kDtype, "PREC", "place in the unit box (the arithmetic's own, mixed part)", true},
     unit<kPrecision>},

    {{kInstr, "scalar_ratio", "scalar over all instructions", false},
     [](View v) { return v.work.scalar_share; }},
    {{kInstr, "vector_ratio", "vector elements over all instructions", false},
     [](View v) { return v.work.vector_share; }},

    {{kTopology, "effective_tiles", "W H times share used times balance, over largest W H", true},
     [](View v) { return v.tile_count * v.tiles.used * v.tiles.balance / v.tile_limit; }},
    {{kTopology, "mean_hops", "traffic-weighted hops (L0: Eq. 19 by super-clusters) over W + H",
      true},
     [](View v) { return v.tiles.mean_hops / (v.design[kMeshW] + v.design[kMeshH]); }},
    {{kTopology, "sc_latency", "sat((hops + 3 header cycles) / 32)", false},
     [](View v) { return sat((v.tiles.mean_hops + 3) / 32); }},

    {{kLlm, "batch", "log(1 + batch) / log(1 + 256)", true},
     [](View v) { return log_share(v.batch, 256); }},
    {{kLlm, "kv_pressure", "sat(KV bytes a tile / DMEM scratch a tile): 0.5 is full", true},
     [](View v) { return sat(v.kv_over_scratch); }},
    {{kLlm, "KVC", "place in the unit box", true}, unit<kKvCompaction>},
}};

constexpr std::size_t policy_count() {
  std::size_t count = 0;
  for (const Row& row : kRows) count += row.feature.policy ? 1 : 0;
  return count;
}
static_assert(policy_count() == kPolicyStateSize);

constexpr auto kFeatures = [] {
  std::array<StateFeature, kStateSize> features{};
  for (std::size_t i = 0; i < kStateSize; ++i) features[i] = kRows[i].feature;
  return features;
}();

}  // namespace

std::span<const StateFeature> state_features() {
  return kFeatures;
}

PolicyState policy_state(const StateVector& state) {
  PolicyState seen{};
  std::size_t next = 0;
  for (std::size_t i = 0; i < kStateSize; ++i) {
    if (kRows[i].feature.policy) seen[next++] = state[i];
  }
  return seen;
}

std::array<std::size_t, kActionCount> policy_places_of_actions() {
  std::array<std::size_t, kActionCount> places{};
  std::size_t place = 0;
  for (const StateFeature& f : kFeatures) {
    const std::size_t action = action_index(f.name);
    if (action < kActionCount) places[action] = place;
    place += f.policy ? 1 : 0;
  }
  return places;
}

std::string state_markdown() {
  std::string text =
      "# The state\n\n"
      "Generated from the table in `mdp/state.cpp` (a test keeps the two equal). 73 features in "
      "the\n"
      "groups of the paper's Table 2; the policy reads the 52 that have a place in the last "
      "column.\n"
      "The paper does not list its 52: the choice is ours. It leaves out constants of a run that\n"
      "other features already tell apart, and sums and parts of features that are kept.\n"
      "Every feature is finite and clamped to [-1, 1]; `sat(x)` = x / (1 + x).\n\n"
      "| index | group | feature | value | of the 52 |\n|---|---|---|---|---|\n";
  std::size_t place = 0;
  for (std::size_t i = 0; i < kStateSize; ++i) {
    const StateFeature& f = kFeatures[i];
    text += "| " + std::to_string(i) + " | " + std::string(f.group) + " | " + std::string(f.name) +
            " | " + std::string(f.meaning) + " | " + (f.policy ? std::to_string(place++) : "-") +
            " |\n";
  }
  return text;
}

struct StateEncoder::Fixed {
  WorkloadFeatures work;
};

StateEncoder::StateEncoder(const Surrogate& surrogate)
    : surrogate_(surrogate),
      fixed_(std::make_shared<const Fixed>(Fixed{workload_features(surrogate)})) {}

StateVector StateEncoder::encode(const ActionVector& design, const ActionVector& unit_point,
                                 const Ppa& ppa, const Mapping* mapping) const {
  const StateView view(surrogate_, fixed_->work, design, unit_point, ppa, mapping);
  StateVector state{};
  for (std::size_t i = 0; i < kStateSize; ++i) {
    const double value = kRows[i].value(view);
    state[i] = std::isfinite(value) ? static_cast<float>(std::clamp(value, -1.0, 1.0)) : 0.0F;
  }
  return state;
}

}  // namespace tilewright
