// What an evaluation says of a design: power, performance, area, and why.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "support/json.h"

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
using Margins = std::array<double, kMarginCount>;

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
  std::string reference;            // which references and budgets the score used
  std::vector<Factor> factors;      // L1 only
  std::vector<std::string> advice;  // from Surrogate::advise, when asked for
};

inline constexpr const char* kPpaSchema = "tilewright.ppa";
inline constexpr int kPpaSchemaVersion = 1;
Json to_json(const Ppa& ppa);

}  // namespace tilewright
