#include "mdp/state_view.h"

#include <algorithm>
#include <cmath>

#include "surrogate/mean_hops.h"

namespace tilewright {
namespace {

constexpr double kMib = 1024.0 * 1024.0;

double ratio(double a, double b) {
  return b > 0 ? a / b : 0;
}

std::size_t dtype_slot(const std::string& dtype) {
  static constexpr std::array<const char*, 5> kPrefixes{"float32", "float16", "bfloat16", "float8",
                                                        "int8"};
  for (std::size_t i = 0; i < kPrefixes.size(); ++i) {
    if (dtype.rfind(kPrefixes[i], 0) == 0) return i;
  }
  return dtype == "uint8" ? 4 : kPrefixes.size();
}

// Without a graph only the bytes a parameter takes are known.
void dtype_from_width(double bytes_per_parameter, WorkloadFeatures& f) {
  if (bytes_per_parameter > 3) {
    f.dtype_share[0] = 1;
  } else {
    f.dtype_share[bytes_per_parameter > 1.5 ? 1 : 4] = 1;
  }
}

void count_dtypes(const Workload& workload, WorkloadFeatures& f) {
  double total = 0;
  for (const WeightTensor& w : workload.weights) {
    const std::size_t slot = dtype_slot(w.dtype);
    total += static_cast<double>(w.bytes);
    if (slot < f.dtype_share.size()) f.dtype_share[slot] += static_cast<double>(w.bytes);
  }
  for (double& share : f.dtype_share) share = ratio(share, total);
}

void count_operators(const Workload& workload, WorkloadFeatures& f) {
  double all = 0, scalar = 0, vector = 0, bytes = 0, flops = 0;
  std::array<double, 3> hazard{};
  for (const WorkOp& op : workload.ops) {
    const double lanes = op.tensor_elements + op.vector_elements;
    const double weight = op.runs * (lanes + op.scalar_instructions);
    all += weight;
    scalar += op.runs * op.scalar_instructions;
    vector += op.runs * op.vector_elements;
    bytes += op.runs * op.memory_bytes;
    flops += op.runs * op.flops;
    hazard[0] += weight * op.raw;
    hazard[1] += weight * op.war;
    hazard[2] += weight * op.waw;
  }
  f.instructions = all;
  f.bytes_per_flop = ratio(bytes, flops);
  f.scalar_share = ratio(scalar, all);
  f.vector_share = ratio(vector, all);
  f.lane_share = 1 - f.scalar_share;
  for (std::size_t i = 0; i < hazard.size(); ++i) f.hazard[i] = ratio(hazard[i], all);
}

// Eq. 19: hops inside a super-cluster, then between them.
double mean_field_hops(const ActionVector& d) {
  return (d[kScX] + d[kScY]) / 3 + (d[kMeshW] / d[kScX] + d[kMeshH] / d[kScY]) / 3;
}

double sum(const std::array<double, 3>& a) {
  return a[0] + a[1] + a[2];
}

// No mapping: every tile bears the same load.
TileFeatures even_tiles(const WorkloadFeatures& work, const Topology& topology,
                        const ActionVector& design) {
  TileFeatures f;
  f.mean_hops = topology.mesh() ? mean_field_hops(design)
                                : mean_hops(topology, design[kMeshW], design[kMeshH]);
  f.hazard_mean = f.hazard_most = f.hazard_least = sum(work.hazard);
  return f;
}

void count_work(const std::vector<TileLoad>& loads, TileFeatures& f) {
  double total = 0, squares = 0, most = 0, least = INFINITY, used = 0;
  for (const TileLoad& load : loads) {
    total += load.work;
    squares += load.work * load.work;
    most = std::max(most, load.work);
    least = std::min(least, load.work);
    used += load.work > 0 ? 1 : 0;
  }
  const auto tiles = static_cast<double>(loads.size());
  f.used = ratio(used, tiles);
  if (total <= 0) return;
  const double mean = total / tiles;
  f.variance = std::max(0.0, squares / tiles / (mean * mean) - 1);
  f.least_over_most = least / most;
  f.mean_over_most = mean / most;
}

void count_hazards(const std::vector<TileLoad>& loads, TileFeatures& f) {
  double total = 0, squares = 0, least = INFINITY;
  for (const TileLoad& load : loads) {
    total += load.hazard;
    squares += load.hazard * load.hazard;
    f.hazard_most = std::max(f.hazard_most, load.hazard);
    least = std::min(least, load.hazard);
  }
  const auto tiles = static_cast<double>(loads.size());
  f.hazard_mean = ratio(total, tiles);
  f.hazard_least = std::isfinite(least) ? least : 0;
  f.hazard_deviation =
      std::sqrt(std::max(0.0, ratio(squares, tiles) - f.hazard_mean * f.hazard_mean));
}

TileFeatures count_tiles(const Mapping& mapping) {
  TileFeatures f;
  count_work(mapping.loads, f);
  count_hazards(mapping.loads, f);
  f.balance = mapping.compute_balance;
  f.split_efficiency = mapping.split_efficiency;
  f.mean_hops = mapping.traffic.mean_hops;
  return f;
}

}  // namespace

WorkloadFeatures workload_features(const Surrogate& surrogate) {
  const WorkloadConstants& c = surrogate.constants();
  WorkloadFeatures f;
  f.share_mm = c.share_mm;
  f.share_cv = c.share_cv;
  f.share_gen = c.share_gen;
  if (const Workload* workload = surrogate.workload()) {
    count_operators(*workload, f);
    count_dtypes(*workload, f);
  } else {
    f.instructions = c.flops_per_unit / 2;
    f.bytes_per_flop = ratio(c.weight_mib * kMib, c.flops_per_unit);
    dtype_from_width(ratio(c.weight_mib * kMib, c.parameters), f);
  }
  return f;
}

StateView::StateView(const Surrogate& surrogate, const WorkloadFeatures& work_features,
                     const ActionVector& the_design, const ActionVector& the_unit,
                     const Ppa& the_ppa, const Mapping* mapping)
    : work(work_features), design(the_design), unit(the_unit), ppa(the_ppa) {
  const References& r = surrogate.references();
  const WorkloadConstants& c = surrogate.constants();
  const DesignBox& box = surrogate.box();
  tiles =
      mapping != nullptr ? count_tiles(*mapping) : even_tiles(work, surrogate.topology(), design);
  tile_count = design[kMeshW] * design[kMeshH];
  tile_limit = box.hi[kMeshW] * box.hi[kMeshH];
  wmem_mib = design[kWmem] * c.weight_mib / tile_count;
  node_nm = surrogate.node().nm;
  f_max_mhz = surrogate.node().f_max_mhz();
  low_power = surrogate.mode() == Mode::kLowPower;
  tok_s = ppa.tok_s;
  power_over_budget = ratio(ppa.power_mw, r.power_budget_mw);
  area_over_budget = ratio(ppa.area_mm2, r.area_budget_mm2);
  rate_over_reference = ratio(ppa.tok_s, r.tok_s);
  efficiency_over_reference =
      rate_over_reference / std::max(ratio(ppa.power_mw, r.power_mw), 1e-12);
  batch = surrogate.batch();
  const double kv_kib = c.kv_bytes_per_token * surrogate.context() * batch / 1024;
  const double scratch = std::max(1 - design[kAIn] - design[kAOut], 1e-6) * design[kDmem];
  kv_over_scratch = kv_kib / design[kKvCompaction] / tile_count / scratch;
}

}  // namespace tilewright
