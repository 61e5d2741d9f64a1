// What an evaluation says of a design: power, performance, area, and why.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "arch/topology.h"
#include "nodes/calibration.h"
#include "support/json_fwd.h"

namespace tilewright {

// Constraints of surrogate.md section 8; margins >= 0 are feasible.
enum Margin : std::size_t {
  kMarginPower,
  kMarginArea,
  kMarginWmem,
  kMarginDmem,
  kMarginImem,
  kMarginSplit,
  kMarginWcap,
  kMarginRate,
  kMarginCount
};
const char* margin_name(std::size_t margin);  // "power", "area", ...
const char* margin_meaning(std::size_t margin);
using Margins = std::array<double, kMarginCount>;

// A limit of which no more is left than this share binds.
inline constexpr double kBindingMargin = 0.02;

// Sum of the sizes of negative margins beyond the tolerance; 0 when feasible.
double violation_of(const Margins& margins, double tolerance);

enum class Ceiling { kCompute, kMemory, kNoc };
const char* ceiling_name(Ceiling ceiling);

// A counted factor of L1 beside what L0 guesses and the constant between them (surrogate.md 12).
struct Factor {
  std::string name;
  double counted = 0;   // uncalibrated, from the mapping
  double constant = 1;  // its value at the printed design; 1 when there is none
  double value = 0;     // counted / constant: what the rate, power or area uses
  double guessed = 0;   // L0's value of the same factor
};

// What a constant does to a quantity when it alone goes to the ends of its band.
struct Influence {
  std::string quantity, constant;
  double low = 1, high = 1;  // factors on the quantity at the constant's low and high end
};

// What only the physical calibration knows of a design (physical.md).
struct PhysicalPpa {
  double mac_mw = 0, control_mw = 0;  // compute_mw is their sum
  double die_to_die_mw = 0;           // part of power_mw
  double sram_mm2 = 0;                // part of tile_mm2
  double pitch_mm = 0;                // side of a tile
  double rom_fj_bit = 0;              // read, with its way to the lanes
  double kv_tokens = 0;               // of every sequence of the batch that the data memory holds
  double utilisation = 0;             // multiply-accumulates over lane-cycles
  double dies = 0, die_mm2 = 0, yield = 0, cost_usd = 0;  // P13; cost of all dies
  std::vector<std::pair<std::string, Band>> bands;        // by quantity; from Surrogate::add_bands
  std::vector<Influence> influences;                      // the largest first
  std::vector<std::string> relaxations;  // from Surrogate::relaxations, when asked for
  const Band* band(const std::string& quantity) const;  // nullptr: it has none
};

struct Ppa {
  double tok_s = 0;        // output units a second, drafts included
  double tok_s_plain = 0;  // the same without speculative decoding
  double power_mw = 0;
  double area_mm2 = 0;
  double compute_mw = 0, noc_mw = 0, sram_mw = 0, rom_mw = 0, leak_mw = 0;  // power_mw is their sum
  double tile_mm2 = 0, rom_mm2 = 0;                                         // area_mm2 is their sum
  double ceiling_compute = 0, ceiling_memory = 0, ceiling_noc = 0;          // tok/s
  Ceiling binding = Ceiling::kCompute;
  double latency_ms = 0;  // one output unit of one sequence: batch / tok_s
  double energy_mj = 0;   // a unit
  double gops = 0;        // tok_s times FLOP a unit, 1e9
  double clock_mhz = 0;
  double hazard_raw = 0, hazard_war = 0, hazard_waw = 0;  // stall cycles an instruction (4.3)
  double memory_pressure = 0;                             // Eq. 17
  Margins margins{};
  double violation = 0;
  bool feasible = false;
  double score = 0;                 // search score (9a), lower is better
  double cross_score = 0;           // cross-node score (9b), reporting only
  bool over_reticle = false;        // larger than one reticle field
  std::string level;                // "L0" or "L1"
  Topology topology;                // that it was judged with
  std::string reference;            // which references and budgets the score used
  std::vector<Factor> factors;      // L1 only
  std::vector<std::string> advice;  // from Surrogate::advise, when asked for
  std::optional<PhysicalPpa> physical;
};

inline constexpr const char* kPpaSchema = "tilewright.ppa";
inline constexpr int kPpaSchemaVersion = 1;
Json to_json(const Ppa& ppa);

}  // namespace tilewright
