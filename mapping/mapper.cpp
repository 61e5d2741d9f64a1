#include <algorithm>
#include <cmath>

#include "mapping/derive.h"
#include "mapping/kv_plan.h"
#include "mapping/mapping.h"
#include "mapping/place.h"
#include "mapping/prepared.h"
#include "mapping/split.h"
#include "support/error.h"

namespace tilewright {
namespace {

constexpr double kQuarter = 0.25;

std::int32_t run_length(double ratio, std::int32_t tiles, PlacementPolicy policy) {
  const double share = policy == PlacementPolicy::kQuarter ? std::min(ratio, kQuarter) : ratio;
  return std::clamp(static_cast<std::int32_t>(std::ceil(share * tiles)), 1, tiles);
}

PlaceRequest place_request(const MapRequest& request) {
  const auto& a = request.actions;
  PlaceRequest p;
  p.w = static_cast<std::int32_t>(std::lround(a[kMeshW]));
  p.h = static_cast<std::int32_t>(std::lround(a[kMeshH]));
  if (p.w < 1 || p.h < 1 || p.w > 1024 || p.h > 1024) {
    throw Error("TW-MAP-001", "mesh sides are not 1 to 1024", "design", "project the design first");
  }
  p.counts = {run_length(a[kRhoMm], p.w * p.h, request.policy),
              run_length(a[kRhoCv], p.w * p.h, request.policy),
              run_length(a[kRhoGen], p.w * p.h, request.policy)};
  p.balance = a[kBalance];
  p.locality = a[kLocality];
  p.all_reduce = a[kAllReduce];
  p.supercluster_x = a[kScX];
  p.supercluster_y = a[kScY];
  p.express_hop = request.express_hop;
  p.policy = request.policy;
  p.policy_seed = request.policy_seed;
  return p;
}

// Scratch that a thread keeps, so that an evaluation allocates nothing once warm.
struct Scratch {
  std::vector<SplitCost> costs;
  PlaceResult placed;
};

void count_costs(const Mapper::Prepared& prepared, const MapRequest& request,
                 const PlaceRequest& place, double mean_lanes, std::vector<SplitCost>& costs) {
  SplitChoice choice;
  for (std::size_t part = 0; part < 3; ++part) choice.tiles[part] = place.counts[part];
  choice.lanes = mean_lanes;
  choice.sub_matmul = request.actions[kSubMatmul];
  choice.all_reduce = request.actions[kAllReduce];
  costs.clear();
  for (const auto& cost : prepared.costs) costs.push_back(split(cost, choice));
}

// Round-robin deals equal shares without looking at a tile's lanes.
void fill_loads(const MapRequest& request, const LanePattern& lanes, const PlaceResult& placed,
                Mapping& out) {
  out.loads.resize(placed.curve.size());
  for (std::size_t i = 0; i < placed.curve.size(); ++i) {
    auto& load = out.loads[static_cast<std::size_t>(placed.curve[i])];
    const auto position = static_cast<std::int64_t>(i);
    const double own = request.policy == PlacementPolicy::kRoundRobin
                           ? lanes.mean_lanes()
                           : lanes.lanes_before(position + 1) - lanes.lanes_before(position);
    load.work = placed.cycles[i] * own;
    load.weight_bytes = placed.weight_density[i] *
                        (lanes.lanes_before(position + 1) - lanes.lanes_before(position));
    load.operators = placed.operators[i];
    load.hazard = placed.cycles[i] > 0 ? placed.hazard[i] / placed.cycles[i] : 0;
    load.kv_bytes = 0;
  }
}

// Work-weighted means over the groups: buffers of a tile (its slice of one row) and hazard
// densities.
void fill_means(const Mapper::Prepared& prepared, const std::vector<SplitCost>& costs,
                const PlaceRequest& place, Mapping& out) {
  double weight = 0, in = 0, result = 0, raw = 0, war = 0, waw = 0;
  for (const auto& group : prepared.groups) {
    const auto index = static_cast<std::size_t>(group.cost);
    const auto& cost = costs[index];
    const auto part = static_cast<std::size_t>(prepared.costs[index].part);
    const double cycles = cost.cycles[0] + cost.cycles[1] + cost.cycles[2];
    weight += cycles;
    in += cycles * group.input_row_bytes / cost.k_groups;
    result += cycles * group.output_row_bytes * cost.k_groups / place.counts[part];
    raw += cycles * group.raw;
    war += cycles * group.war;
    waw += cycles * group.waw;
  }
  if (weight <= 0) weight = 1;
  out.need_in_kib = in / weight / 1024;
  out.need_out_kib = result / weight / 1024;
  out.raw = raw / weight;
  out.war = war / weight;
  out.waw = waw / weight;
}

// Mean over slowest of the per-tile times; "slowest" is the power mean of order 8.
double balance_of(const std::vector<TileLoad>& loads, const std::vector<TileConfig>& tiles) {
  double sum = 0, most = 0;
  for (std::size_t t = 0; t < loads.size(); ++t) {
    const double time = loads[t].work / tiles[t].vlen_bits;
    sum += time;
    most = std::max(most, time);
  }
  if (most <= 0) return 1;
  double power = 0;
  for (std::size_t t = 0; t < loads.size(); ++t) {
    const double r = loads[t].work / tiles[t].vlen_bits / most;
    const double r2 = r * r, r4 = r2 * r2;
    power += r4 * r4;
  }
  const auto n = static_cast<double>(loads.size());
  return sum / n / (most * std::pow(power / n, 1.0 / 8));
}

}  // namespace

void remeasure(Mapping& mapping) {
  mapping.compute_balance = balance_of(mapping.loads, mapping.tiles);
  double occupied = 0;
  for (const auto& load : mapping.loads) occupied += load.work;
  mapping.split_efficiency = occupied > 0 ? mapping.useful_work / occupied : 1;
}

Mapper::Mapper(const Workload& workload) : prepared_(std::make_unique<Prepared>()) {
  prepare(workload, *prepared_);
}
Mapper::~Mapper() = default;
Mapper::Mapper(Mapper&&) noexcept = default;
Mapper& Mapper::operator=(Mapper&&) noexcept = default;
const Workload& Mapper::workload() const {
  return prepared_->workload;
}

void Mapper::map(const MapRequest& request, Mapping& out) const {
  thread_local Scratch scratch;
  const auto place_with = place_request(request);
  const LanePattern lanes(request.actions[kVlen], request.actions[kPrecision]);
  count_costs(*prepared_, request, place_with, lanes.mean_lanes(), scratch.costs);
  place(*prepared_, scratch.costs, lanes, place_with, scratch.placed);

  out.mesh_w = place_with.w;
  out.mesh_h = place_with.h;
  out.counts = place_with.counts;
  out.mean_vlen_bits = lanes.mean_lanes() * request.actions[kPrecision];
  out.curve = scratch.placed.curve;
  out.group_first = scratch.placed.first;
  out.group_k_groups.resize(prepared_->groups.size());
  for (std::size_t g = 0; g < prepared_->groups.size(); ++g) {
    const auto cost = static_cast<std::size_t>(prepared_->groups[g].cost);
    out.group_k_groups[g] = static_cast<std::int32_t>(scratch.costs[cost].k_groups);
  }
  out.traffic = scratch.placed.traffic;
  fill_loads(request, lanes, scratch.placed, out);
  fill_means(*prepared_, scratch.costs, place_with, out);

  if (request.fixed_tiles != nullptr) {
    out.tiles = out.unclustered = *request.fixed_tiles;
  } else {
    derive_tiles(request.actions, out.loads,
                 static_cast<double>(prepared_->workload.weights.size()), out.unclustered);
    out.tiles = out.unclustered;
  }
  if (out.tiles.size() != out.loads.size()) {
    throw Error("TW-MAP-002", "the fixed tiles are not the mesh's", "mapping", "",
                ErrorKind::kInternal);
  }
  if (request.fixed_tiles == nullptr) {
    const auto clusters = cluster_tiles(out.tiles);
    out.logic_configs_before = clusters.before;
    out.logic_configs = clusters.after;
  } else {
    out.logic_configs_before = out.logic_configs = count_configs(out.tiles);
  }

  plan_kv(prepared_->workload, request, out.tiles, out.kv);
  for (std::size_t t = 0; t < out.loads.size(); ++t) {
    out.loads[t].kv_bytes =
        static_cast<double>(out.kv.first_page[t + 1] - out.kv.first_page[t]) * out.kv.page_bytes;
  }
  out.useful_work = prepared_->useful_cycles_lanes;
  remeasure(out);
}

std::vector<OpRun> Mapper::runs(const Mapping& mapping) const {
  std::vector<OpRun> runs(prepared_->workload.ops.size());
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto group = prepared_->group_of[i];
    runs[i].op = static_cast<std::int32_t>(i);
    if (group < 0) {
      runs[i].count = 0;
      continue;
    }
    runs[i].first = mapping.group_first[static_cast<std::size_t>(group)];
    runs[i].count = mapping.counts[static_cast<std::size_t>(prepared_->workload.ops[i].part)];
    if (prepared_->workload.ops[i].tensor_elements > 0) {
      runs[i].k_groups = mapping.group_k_groups[static_cast<std::size_t>(group)];
    }
  }
  return runs;
}

std::vector<WeightSlice> Mapper::weight_plan(const Mapping& mapping) const {
  std::vector<WeightSlice> slices;
  const LanePattern lanes(mapping.mean_vlen_bits, 1);
  const auto tiles = static_cast<std::int64_t>(mapping.curve.size());
  const auto& weights = prepared_->workload.weights;
  for (std::size_t w = 0; w < weights.size(); ++w) {
    const auto owner = static_cast<std::size_t>(weights[w].owner);
    const auto group = static_cast<std::size_t>(prepared_->group_of[owner]);
    const auto part = static_cast<std::size_t>(
        prepared_->costs[static_cast<std::size_t>(prepared_->groups[group].cost)].part);
    const std::int64_t first = mapping.group_first[group], count = mapping.counts[part];
    // Lanes from the run's first position to position i of it, around the end of the curve.
    const auto lanes_to = [&](std::int64_t i) {
      const std::int64_t end = first + i;
      return end <= tiles ? lanes.lanes_before(end) - lanes.lanes_before(first)
                          : lanes.lanes_before(tiles) - lanes.lanes_before(first) +
                                lanes.lanes_before(end - tiles);
    };
    const double all = lanes_to(count);
    std::int64_t begin = 0;
    for (std::int64_t i = 0; i < count; ++i) {
      const auto end = i + 1 == count
                           ? weights[w].count
                           : static_cast<std::int64_t>(static_cast<double>(weights[w].count) *
                                                       lanes_to(i + 1) / all);
      if (end > begin) {
        slices.push_back({static_cast<std::int32_t>(w),
                          mapping.curve[static_cast<std::size_t>((first + i) % tiles)], begin,
                          end});
        begin = end;
      }
    }
  }
  std::stable_sort(slices.begin(), slices.end(), [&](const WeightSlice& a, const WeightSlice& b) {
    const auto owner = [&](const WeightSlice& s) {
      return weights[static_cast<std::size_t>(s.weight)].owner;
    };
    return std::tuple(a.tile, owner(a), a.weight) < std::tuple(b.tile, owner(b), b.weight);
  });
  return slices;
}

}  // namespace tilewright
