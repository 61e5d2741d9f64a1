// A workload made ready for mapping: operators in groups that run together, their shapes and edges.
// Depends on the workload alone, so it is made once and shared by every evaluation.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "frontend/workload.h"
#include "mapping/mapping.h"

namespace tilewright {

// Tensor work of an anchor: `outer` independent rows of `columns` results, each a sum over `k`.
// The longer of positions and output features lies across the lanes.
struct SplitShape {
  double outer = 0, columns = 0, k = 0;
  auto operator<=>(const SplitShape&) const = default;
};

// Vector work of one class: `count` operators of `elements` elements each.
struct VectorWork {
  double elements = 0, count = 0;
  auto operator<=>(const VectorWork&) const = default;
};

// What a group costs, apart from where it lies. Equal layers share one.
struct GroupCost {
  PartitionClass part = PartitionClass::kGeneral;  // of the anchor
  SplitShape shape;                                // outer 0: no tensor work
  double runs = 1;
  std::array<std::vector<VectorWork>, 3> vectors;  // by PartitionClass
  auto operator<=>(const GroupCost&) const = default;
};

struct GroupEdge {
  std::int32_t source = 0;  // group
  float share = 0;          // of the bytes that its consumer receives
  double bytes = 0;         // per output unit
};

// An anchor (tensor work, or weights that matter) and the light operators that follow it on its
// tiles.
struct Group {
  std::int32_t cost = 0;                           // index in Prepared::costs
  PartitionClass part = PartitionClass::kGeneral;  // of the anchor
  std::int32_t first_edge = 0, edge_count = 0;     // in Prepared::edges
  double weight_bytes = 0;
  std::array<double, 3> operators{};                 // by class
  double raw = 0, war = 0, waw = 0;                  // work-weighted densities
  double input_row_bytes = 0, output_row_bytes = 0;  // one row (position) of the anchor
};

struct Mapper::Prepared {
  Workload workload;
  std::vector<Group> groups;     // topological order
  std::vector<GroupEdge> edges;  // from other groups, by consumer, then by source
  std::vector<GroupCost> costs;
  std::vector<std::int32_t> group_of;  // operator -> group, -1: no work
  double weight_bytes = 0;
  double weight_parts = 0;  // of all weights: parts that are cut over a run's tiles each by itself
  double useful_cycles_lanes = 0;  // multiply-accumulates and vector elements, per unit
};

// Into how many equal parts a weight falls that are cut over a run's tiles each by itself: every
// expert of a stack, so that all of the run's tiles work whichever are chosen.
std::int64_t weight_parts(const Workload& workload, const WeightTensor& weight);
// Of all its weights.
double weight_parts(const Workload& workload);

void prepare(const Workload& workload, Mapper::Prepared& out);

}  // namespace tilewright
