#include <algorithm>
#include <cmath>

#include "mapping/cluster.h"
#include "mapping/derive.h"
#include "mapping/kinds.h"
#include "mapping/kv_plan.h"
#include "mapping/mapping.h"
#include "mapping/measure.h"
#include "mapping/place.h"
#include "mapping/prepared.h"
#include "mapping/run_loads.h"
#include "mapping/split.h"
#include "mapping/traffic.h"
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
  p.topology = request.topology;
  p.policy = request.policy;
  p.policy_seed = request.policy_seed;
  return p;
}

// What a thread keeps between evaluations: storage, never content.
struct Workspace {
  std::vector<SplitCost> costs;
  std::vector<std::int32_t> units;
  Walk walk;
  Network network;
  RunLoads loads;
  TrafficCount traffic;
  std::vector<TileKind> laden;  // kinds as the placement loads them, not yet derived
  std::vector<KindParts> parts;
  DeriveScratch derive;
};

void count_costs(const Mapper::Prepared& prepared, const MapRequest& request,
                 const PlaceRequest& place, const LanePattern& lanes,
                 std::vector<SplitCost>& costs) {
  SplitChoice choice;
  for (std::size_t part = 0; part < 3; ++part) choice.tiles[part] = place.counts[part];
  choice.lanes = lanes.mean_lanes();
  choice.unit_lanes = lanes.unit_lanes();
  choice.sub_matmul = request.actions[kSubMatmul];
  choice.all_reduce = request.actions[kAllReduce];
  costs.clear();
  for (const auto& cost : prepared.costs) costs.push_back(split(cost, choice));
}

// Work-weighted means over the groups: buffers of a tile (its slice of one row) and hazard
// densities.
void fill_means(const PlaceInputs& in, Mapping& out) {
  double weight = 0, input = 0, result = 0, raw = 0, war = 0, waw = 0;
  for (const auto& group : in.prepared.groups) {
    const auto& cost = in.cost_of(group);
    const double cycles = cost.cycles[0] + cost.cycles[1] + cost.cycles[2];
    weight += cycles;
    input += cycles * group.input_row_bytes / cost.k_groups;
    result += cycles * group.output_row_bytes * cost.k_groups / in.count_of(group);
    raw += cycles * group.raw;
    war += cycles * group.war;
    waw += cycles * group.waw;
  }
  if (weight <= 0) weight = 1;
  out.need_in_kib = input / weight / 1024;
  out.need_out_kib = result / weight / 1024;
  out.raw = raw / weight;
  out.war = war / weight;
  out.waw = waw / weight;
}

// Mean over slowest of the per-tile times; "slowest" is the power mean of order 8.
double balance_of(const std::vector<TileKind>& kinds) {
  double tiles = 0, sum = 0, most = 0;
  for (const auto& kind : kinds) {
    const double time = kind.load.work / kind.tile.vlen_bits;
    tiles += kind.count;
    sum += time * kind.count;
    most = std::max(most, time);
  }
  if (most <= 0) return 1;
  double power = 0;
  for (const auto& kind : kinds) {
    const double r = kind.load.work / kind.tile.vlen_bits / most;
    const double r2 = r * r, r4 = r2 * r2;
    power += r4 * r4 * kind.count;
  }
  return sum / tiles / (most * std::pow(power / tiles, 1.0 / 8));
}

void sum_shares(const std::vector<Segment>& segments, const std::vector<std::int32_t>& units,
                std::vector<double>& out) {
  out.assign(units.size(), 0);
  double sum = 0;
  for (const auto& s : segments) {
    for (auto p = static_cast<std::size_t>(s.begin); p < static_cast<std::size_t>(s.end); ++p) {
      out[p] = sum;
      sum += s.share * (units[p + 1] - units[p]);
    }
  }
  out.back() = sum;
}

// The placement's part of the mapping, and the kinds of tiles by what it loads on them.
void run_placement(const PlaceInputs& in, Workspace& work, Mapping& out) {
  const auto& r = in.request;
  lay_walk(r, work.walk);
  work.network.reset(r.topology, r.w, r.h, r.supercluster_x, r.supercluster_y, r.express_hop);
  choose_starts(in, work.walk, work.network, out.group_first);
  if (in.request.policy == PlacementPolicy::kRandomPermutation) shuffle_walk(in.request, work.walk);
  in.lanes.count_units(in.tiles(), work.units);
  // Round-robin deals equal shares, without looking at a tile's lanes or other work.
  const bool equal_shares = in.request.policy == PlacementPolicy::kRoundRobin;
  work.loads.count(in, work.units, out.group_first, !equal_shares);
  out.traffic = work.traffic.count(in, work.walk, out.group_first, work.network);
  kinds_of_segments(work.loads.segments(), in.lanes, work.units, equal_shares, work.laden);
  sum_shares(work.loads.segments(), work.units, out.share_before);

  out.mesh_w = in.request.w;
  out.mesh_h = in.request.h;
  out.counts = in.request.counts;
  out.curve.resize(static_cast<std::size_t>(in.tiles()));
  for (std::size_t i = 0; i < out.curve.size(); ++i)
    out.curve[i] = work.walk[i].y * in.request.w + work.walk[i].x;
  out.group_k_groups.clear();
  for (const auto& group : in.prepared.groups)
    out.group_k_groups.push_back(
        static_cast<std::int32_t>(std::lround(in.cost_of(group).k_groups)));
  fill_means(in, out);
}

void derive_kinds(const PlaceInputs& in, const MapRequest& request, Workspace& work, Mapping& out) {
  derive_tiles(request.actions, work.laden, in.prepared.weight_parts, work.derive, out.kinds,
               work.parts);
  deal_kinds(work.loads.segments(), work.units, work.walk, out.mesh_w, work.parts, out.kinds,
             out.kind_of);
  const auto clusters = cluster_tiles(out.kinds);
  out.logic_configs_before = clusters.before;
  out.logic_configs = clusters.after;
}

// Kinds of the placement's loads on given tiles.
void fix_kinds(const std::vector<TileConfig>& tiles, Workspace& work, Mapping& out) {
  if (tiles.size() != out.curve.size()) {
    throw Error("TW-MAP-002", "the fixed tiles are not the mesh's", "mapping", "",
                ErrorKind::kInternal);
  }
  work.parts.clear();
  for (std::size_t i = 0; i < work.laden.size(); ++i)
    work.parts.push_back({static_cast<std::int32_t>(i), 1});
  deal_kinds(work.loads.segments(), work.units, work.walk, out.mesh_w, work.parts, work.laden,
             out.kind_of);
  build_kinds(work.laden, tiles, out.curve, out.kinds, out.kind_of);
  out.logic_configs_before = out.logic_configs = count_configs(out.kinds);
}

// Per-tile lists from the kinds.
void list_tiles(Mapping& out) {
  const std::size_t tiles = out.kind_of.size();
  out.loads.resize(tiles);
  out.tiles.resize(tiles);
  out.unclustered.resize(tiles);
  for (std::size_t t = 0; t < tiles; ++t) {
    const auto& kind = out.kinds[static_cast<std::size_t>(out.kind_of[t])];
    out.loads[t] = kind.load;
    out.loads[t].kv_bytes =
        static_cast<double>(out.kv.first_page[t + 1] - out.kv.first_page[t]) * out.kv.page_bytes;
    out.tiles[t] = kind.tile;
    out.unclustered[t] = kind.unclustered;
  }
}

}  // namespace

void measure(Mapping& mapping) {
  mapping.compute_balance = balance_of(mapping.kinds);
  double occupied = 0;
  for (const auto& kind : mapping.kinds) occupied += kind.load.work * kind.count;
  mapping.split_efficiency = occupied > 0 ? mapping.useful_work / occupied : 1;
}

void remeasure(Mapping& mapping) {
  kinds_of_tiles(mapping.loads, mapping.tiles, mapping.kinds, mapping.kind_of);
  measure(mapping);
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
  map(request, out, nullptr);
}

void Mapper::map(const MapRequest& request, Mapping& out, std::vector<TileLinks>& links) const {
  map(request, out, &links);
}

void Mapper::map(const MapRequest& request, Mapping& out, std::vector<TileLinks>* links) const {
  thread_local Workspace work;
  const auto place_with = place_request(request);
  const LanePattern lanes(request.actions[kVlen], request.actions[kPrecision]);
  count_costs(*prepared_, request, place_with, lanes, work.costs);
  const PlaceInputs in{*prepared_, work.costs, lanes, place_with};
  run_placement(in, work, out);
  if (links != nullptr) work.network.list_links(*links);
  if (request.fixed_tiles == nullptr) {
    derive_kinds(in, request, work, out);
  } else {
    fix_kinds(*request.fixed_tiles, work, out);
  }
  plan_kv(prepared_->workload, request, out.kinds, out.kind_of, out.kv);
  list_tiles(out);
  out.useful_work = prepared_->useful_cycles_lanes;
  measure(out);
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
  const auto tiles = static_cast<std::int64_t>(mapping.curve.size());
  const auto before = [&](std::int64_t p) {
    return mapping.share_before[static_cast<std::size_t>(p)];
  };
  const auto& weights = prepared_->workload.weights;
  for (std::size_t w = 0; w < weights.size(); ++w) {
    const auto owner = static_cast<std::size_t>(weights[w].owner);
    const auto group = static_cast<std::size_t>(prepared_->group_of[owner]);
    const auto part = static_cast<std::size_t>(prepared_->groups[group].part);
    const std::int64_t first = mapping.group_first[group], count = mapping.counts[part];
    // Shares from the run's first position to position i of it, around the end of the curve.
    const auto shares_to = [&](std::int64_t i) {
      const std::int64_t end = first + i;
      return end <= tiles ? before(end) - before(first)
                          : before(tiles) - before(first) + before(end - tiles);
    };
    const double all = shares_to(count);
    const auto spread = [&](std::int64_t base, std::int64_t elements) {
      std::int64_t begin = 0;
      for (std::int64_t i = 0; i < count; ++i) {
        const auto end =
            i + 1 == count
                ? elements
                : static_cast<std::int64_t>(static_cast<double>(elements) * shares_to(i + 1) / all);
        if (end > begin) {
          slices.push_back({static_cast<std::int32_t>(w),
                            mapping.curve[static_cast<std::size_t>((first + i) % tiles)],
                            base + begin, base + end});
          begin = end;
        }
      }
    };
    const std::int64_t parts = weight_parts(prepared_->workload, weights[w]);
    const std::int64_t length = weights[w].count / parts;
    for (std::int64_t i = 0; i < parts; ++i) spread(length * i, length);
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
