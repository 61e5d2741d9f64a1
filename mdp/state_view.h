// The plain quantities that the state's features are formulas of. Used by state.cpp only.
#pragma once

#include <array>

#include "arch/actions.h"
#include "mapping/mapping.h"
#include "surrogate/surrogate.h"

namespace tilewright {

// What does not change while one workload is searched. Shares are 0..1.
struct WorkloadFeatures {
  double instructions = 0, bytes_per_flop = 0;
  double share_mm = 0, share_cv = 0, share_gen = 0;           // of FLOPs
  double lane_share = 1, scalar_share = 0, vector_share = 0;  // of instructions
  std::array<double, 3> hazard{};                             // RAW, WAR, WAW density, 0..1 each
  std::array<double, 5> dtype_share{};                        // fp32, fp16, bf16, fp8, int8
};

// Counted from the workload's operators; from the closed form's totals when there is no graph.
WorkloadFeatures workload_features(const Surrogate& surrogate);

// Over tiles, from a mapping; an even load without one.
struct TileFeatures {
  double variance = 0, least_over_most = 1, mean_over_most = 1, used = 1;
  double balance = 1, split_efficiency = 1, mean_hops = 0;
  double hazard_mean = 0, hazard_most = 0, hazard_least = 0,
         hazard_deviation = 0;  // their sum, a tile
};

struct StateView {
  StateView(const Surrogate& surrogate, const WorkloadFeatures& work, const ActionVector& design,
            const ActionVector& unit, const Ppa& ppa, const Mapping* mapping);  // keeps references

  const WorkloadFeatures& work;
  const ActionVector& design;
  const ActionVector& unit;
  const Ppa& ppa;
  TileFeatures tiles;
  double tile_count = 1, tile_limit = 1, wmem_mib = 0;
  double node_nm = 1, f_max_mhz = 0;
  bool low_power = false;
  double tok_s = 0, power_over_budget = 0, area_over_budget = 0, rate_over_reference = 0,
         efficiency_over_reference = 0;
  double batch = 1, kv_over_scratch = 0;
};

}  // namespace tilewright
