// Operator partition, placement, per-tile derivation, and the memory plans (Eq. 10-17, 25-33;
// surrogate.md sections 7 and 12). Plain values out; deterministic.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "arch/actions.h"
#include "arch/design.h"
#include "arch/topology.h"
#include "frontend/workload.h"

namespace tilewright {

// How operators find their tiles. Only kGreedy is used by the search; the others show what
// placement is worth.
enum class PlacementPolicy { kGreedy, kRoundRobin, kRandomPermutation, kQuarter };

// Where one operator runs: `count` tiles at curve positions first, first + 1, ... (modulo the
// mesh).
struct OpRun {
  std::int32_t op = 0;  // index in Workload::ops
  std::int32_t first = 0, count = 1;
  std::int32_t k_groups = 1;  // so many tiles add to one result, mean
};

// What the mapping puts on one tile, per output unit (token or inference).
struct TileLoad {
  double work = 0;          // lane-cycles, idle lanes included, before dividing by the tile's lanes
  double weight_bytes = 0;  // sums over tiles to the workload's bytes
  double operators = 0;     // sum over its operators of 1 / (tiles that share the operator)
  double hazard = 0;        // RAW + WAR + WAW density of its work, 0..3
  double kv_bytes = 0;      // KV pages on this tile, whole batch, after compaction
};

// Bytes per output unit over the network.
struct Traffic {
  double bytes = 0;         // moved between tiles
  double byte_hops = 0;     // bytes times hops, express links of super-clusters counted
  double mean_hops = 0;     // byte_hops / bytes
  double busiest_link = 0;  // bytes over the busiest link, one direction; over its width
  double die_bytes = 0;     // over all links between dies of chiplets
  double reduce_bytes = 0;  // partial sums, part of bytes
  double steps = 0;         // serial hops on the critical path
  std::int64_t phases = 0;  // groups of operators that follow each other
};

// Bytes per output unit that leave a tile over each of its mesh links, by XY routes; 0 where the
// mesh ends.
struct TileLinks {
  double east = 0, west = 0, south = 0, north = 0;
};

// KV cache: a page holds `page_tokens` tokens of one KV head of one layer of one sequence (Eq. 31),
// after compaction (Eq. 32). Tile t holds pages [first_page[t], first_page[t + 1]); page numbers
// run through sequences, then layers, then heads, then tokens.
struct KvPlan {
  std::int64_t pages = 0;  // needed for the whole batch
  double page_bytes = 0;
  int bits = 16;                         // of a stored value: 16, 8 or 4
  std::int64_t window = 0;               // tokens kept of each sequence (Eq. 30)
  double bytes = 0;                      // pages * page_bytes >= batch * KV(S) / kappa (Eq. 28)
  std::int64_t capacity = 0;             // pages that find room in the scratch memories
  std::int64_t shortage_pages = 0;       // found no room; reported, never spilled to ROM
  std::vector<std::int64_t> first_page;  // size tiles + 1
};

// One contiguous piece of a weight tensor on one tile: elements [begin, end) of its row-major
// order.
struct WeightSlice {
  std::int32_t weight = 0;  // index in Workload::weights
  std::int32_t tile = 0;
  std::int64_t begin = 0, end = 0;  // elements
};

// Tiles that carry the same load and are built alike. A mesh has a hundred or two of them, however
// large it is, so what a tile costs is worked out once for all of a kind.
struct TileKind {
  TileLoad load;           // kv_bytes 0: pages are dealt tile by tile
  TileConfig tile;         // as built
  TileConfig unclustered;  // as derived
  std::int32_t count = 0;
};

struct Mapping {
  std::int32_t mesh_w = 1, mesh_h = 1;
  std::vector<std::int32_t> curve;  // position on the locality-preserving curve -> tile index
  std::vector<std::int32_t>
      group_first;  // first curve position of each operator group (Mapper::runs)
  std::vector<std::int32_t> group_k_groups;  // K groups of each operator group's anchor
  std::array<std::int32_t, 3> counts{};      // tiles of a run, by PartitionClass
  // Sum over the curve positions before each of their lanes times their share of a run's work; of
  // tiles + 1. A run's weights are cut in proportion.
  std::vector<double> share_before;
  std::vector<TileLoad> loads;  // by tile index
  std::vector<TileConfig>
      tiles;  // derived, legal, at most kMaxLogicConfigs distinct logic configurations
  std::vector<TileConfig> unclustered;  // before clustering to kMaxLogicConfigs
  std::vector<TileKind> kinds;          // the same tiles, counted
  std::vector<std::int32_t> kind_of;    // by tile index
  std::int32_t logic_configs = 0;       // distinct, in tiles
  std::int32_t logic_configs_before = 0;
  Traffic traffic;
  KvPlan kv;
  double useful_work =
      0;  // lane-cycles that the model needs: multiply-accumulates and vector elements
  double compute_balance = 1;  // mean over slowest (power mean of order 8) per-tile time, in (0, 1]
  double split_efficiency = 1;  // useful over occupied lane-cycles, whole graph
  double need_in_kib = 0,
         need_out_kib = 0;           // buffers of a tile without streaming, work-weighted mean
  double raw = 0, war = 0, waw = 0;  // hazard densities, work-weighted mean
};

struct MapRequest {
  ActionVector actions{};  // a design; W and H whole
  double batch = 1;
  double context = 0;  // tokens of KV cache
  std::int64_t page_tokens = 16;
  double fixed_scratch_kib = 0;  // of a tile's scratch memory, not for KV pages
  double express_hop = 1;        // cost of a hop over a super-cluster's express link, in mesh hops
  Topology topology;
  PlacementPolicy policy = PlacementPolicy::kGreedy;
  std::uint64_t policy_seed = 0;
  // When set, tiles are these and not derived: a changed placement is then judged on the same
  // machine.
  const std::vector<TileConfig>* fixed_tiles = nullptr;
};

// kinds, compute_balance and split_efficiency anew from loads and tiles, after either was changed
// by hand.
void remeasure(Mapping& mapping);

// Prepared once a workload; map() holds no state between calls and may be called from several
// threads.
class Mapper {
 public:
  struct Prepared;  // mapping/prepared.h

  explicit Mapper(const Workload& workload);
  ~Mapper();
  Mapper(Mapper&&) noexcept;
  Mapper& operator=(Mapper&&) noexcept;

  // `out` is overwritten; its storage is reused.
  void map(const MapRequest& request, Mapping& out) const;
  // The same, and the links that Traffic sums up, by tile index; their busiest is
  // Traffic::busiest_link.
  void map(const MapRequest& request, Mapping& out, std::vector<TileLinks>& links) const;

  // Where every operator runs, by operator index; operators without work have count 0.
  std::vector<OpRun> runs(const Mapping& mapping) const;

  // Every weight byte on exactly one tile; the slices of a tile follow each other in its image.
  // Sorted by tile, then operator, then weight.
  std::vector<WeightSlice> weight_plan(const Mapping& mapping) const;

  const Workload& workload() const;

 private:
  void map(const MapRequest& request, Mapping& out, std::vector<TileLinks>* links) const;

  std::unique_ptr<Prepared> prepared_;
};

}  // namespace tilewright
