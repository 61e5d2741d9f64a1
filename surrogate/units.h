// Constants of the physical calibration: what a tile is made of and what its parts cost
// (physical.md sections 2 and 4). Those with a band stand in one array, so that each can be moved
// alone.
#pragma once

#include <array>
#include <cstddef>

#include "nodes/calibration.h"

namespace tilewright {

enum UnitId : std::size_t {
  // columns of the node
  kAreaPerGe,
  kEMac,
  kEFlipFlopClock,
  kEControl,
  kEControlVlen,
  kERouterHop,
  kERouterIdle,
  kEWire,
  kWireDelay,
  kSramArea,
  kESramA,
  kESramB,
  kSramLeak,
  kRomArea,
  kERomBank,
  kRomLeak,
  kLogicLeak,
  kDefects,
  kWaferUsd,
  // scalars of the calibration
  kPlacement,       // util: cell area over placed area
  kUtilisation,     // u_cal: multiply-accumulates over lane-cycles
  kClockTree,       // clock energy with tree over that of the pins
  kImplementation,  // k_impl, on all dynamic power
  kRomWire,         // lambda: mean way of a ROM bit over the side of the tile's ROM
  kRomGated,        // share of ROM leakage that gating leaves
  kGeLane,
  kGeRegisterBit,
  kGeRouterBit,
  kGeCore,
  kTopOverhead,
  kNocTraffic,  // x_noc: bit-hops over those of the two-dimensional split
  kColdLeak,    // leakage at 45 C over 85 C
  kHighVtLeak,  // of high-threshold logic over mixed
  kYieldAlpha,
  kEDieToDie,
  kDieLinkDensity,  // bits a second over links between dies, both ways, on their area on one die
  kMacInt8,         // multiply-accumulate of 8-bit weights over fp16's
  kMacInt4,
  kUnitCount
};
// Column of a node file, or key of the calibration's scalars.
const char* unit_key(std::size_t unit);
bool is_node_unit(std::size_t unit);

// Without a band: shapes of formulas. P1's core, P2's macros, P4's phases.
struct UnitShapes {
  double core_fetch, core_lane, core_lane_square, core_station, core_station_port,
      core_station_base, core_fixed, core_port, core_dispatch, core_rest, core_reference;
  double vrf_registers, sram_overhead, sram_macro_kib, flip_flops, operand_macro_kib;
  double phase_cycles, counted_share, accumulator_banks, noc_spread, kv_write, wafer_mm,
      router_buffers;
};

struct Units {
  std::array<Band, kUnitCount> band;
  std::array<double, kUnitCount> value;
  UnitShapes shape;
  double router_gates = 1, router_clocked = 1;  // over a mesh router's, by topology
};

// Throws Error TW-NODE-004 for what is missing.
Units read_units(const Calibration& calibration, const ProcessNode& node);
// The scalars that read_units reads.
bool is_unit_scalar(const std::string& key);

}  // namespace tilewright
