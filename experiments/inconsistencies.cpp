// Where the paper's own figures contradict each other, computed from its tables: what one place
// says, what follows from another.
#include <fmt/format.h>

#include <cmath>
#include <functional>

#include "experiments/printed.h"
#include "experiments/statistics.h"
#include "experiments/table_builder.h"
#include "experiments/tables.h"
#include "support/error.h"

namespace tilewright {
namespace {

constexpr double kGib = 1024.0 * 1024.0 * 1024.0;
constexpr double kBits = 8;

struct Sources {
  PrintedTable nodes, power, laws, tiles, regions, low_power, search, runs, text;
  const WorkloadTotals& llama;
  const Study& study;

  double said(const char* key) const { return text.value(key, "Value"); }
  double node(const PaperPoint& p, const char* column) const { return nodes.value(p.node, column); }
  const PaperPoint& smallest() const { return study.points.front(); }
  std::vector<double> over_nodes(const char* column) const {
    std::vector<double> values;
    for (const PaperPoint& p : study.points) values.push_back(node(p, column));
    return values;
  }
};

Sources sources_of(const ExperimentInputs& in) {
  const auto table = [&](const char* stem) { return PrintedTable(in.printed, stem); };
  return {table("table11_ppa_by_node"),
          table("table12_power_breakdown"),
          table("table13_scaling_laws"),
          table("table16_per_tcc_statistics"),
          table("table15_region_statistics"),
          table("table19_smolvlm_low_power"),
          table("table21_search_strategy"),
          table("table14_run_statistics"),
          table("text_figures"),
          in.llama.points.front().surrogate->workload()->totals,
          in.llama};
}

// Bits of weights that a second of decoding reads: each weight once for a batch of sequences, and
// for the tokens that drafts give.
double weight_bits_a_second(const Sources& s, const PaperPoint& point) {
  return s.node(point, "Tok/s") / (s.said("batch") * s.said("draft_gain")) *
         static_cast<double>(s.llama.weight_bytes) * kBits;
}

double rom_fj_per_bit(const Sources& s, const PaperPoint& point) {
  return s.power.value(point.node, "ROM Rd") * 1e-3 / weight_bits_a_second(s, point) * 1e15;
}

double printed_law(const Sources& s, const std::string& metric, std::size_t column) {
  for (const auto& row : s.laws.rows()) {
    if (row.at(1) == metric) return parse_number(row.at(column), metric);
  }
  throw Error("TW-EXP-002", "no row '" + metric + "'", "table13_scaling_laws");
}

PowerLaw refit(const Sources& s, const char* column) {
  std::vector<double> nm;
  for (const PaperPoint& p : s.study.points) nm.push_back(p.surrogate->node().nm);
  return fit_power_law(nm, s.over_nodes(column));
}

struct Claim {
  const char* about;
  const char* one;    // where the first figure is
  const char* other;  // what the second follows from
  const char* unit;
  std::function<double(const Sources&)> says, follows;
};

constexpr std::size_t kSlope = 2, kConstant = 3;

std::vector<Claim> claims() {
  return {
      {"Power of ROM reads, 3 nm", "Table 12", "energy a bit in the text", "W",
       [](const Sources& s) { return s.power.value(s.smallest().node, "ROM Rd") * 1e-3; },
       [](const Sources& s) {
         return weight_bits_a_second(s, s.smallest()) * s.said("rom_energy") * 1e-12;
       }},
      {"Energy of a ROM read, 3 nm", "text", "Table 12", "fJ/bit",
       [](const Sources& s) { return s.said("rom_energy") * 1e3; },
       [](const Sources& s) { return rom_fj_per_bit(s, s.smallest()); }},
      {"Exponent of performance", "Table 13", "Table 11", "",
       [](const Sources& s) { return printed_law(s, "Performance (GOps/s)", kSlope); },
       [](const Sources& s) { return refit(s, "Perf (GOps)").exponent; }},
      {"Exponent of power", "Table 13", "Table 11", "",
       [](const Sources& s) { return printed_law(s, "Power (mW)", kSlope); },
       [](const Sources& s) { return refit(s, "Power (mW)").exponent; }},
      {"Constant of the area's law", "Table 13", "Table 11", "mm2",
       [](const Sources& s) { return printed_law(s, "Area (mm2)", kConstant); },
       [](const Sources& s) { return refit(s, "Area (mm2)").constant; }},
      {"Correlation of performance and power", "Table 13", "Table 11", "",
       [](const Sources& s) { return printed_law(s, "Perf vs Power", kSlope); },
       [](const Sources& s) {
         return correlation(s.over_nodes("Perf (GOps)"), s.over_nodes("Power (mW)"));
       }},
      {"Weight memory of all tiles", "Table 16, mean", "size of the weights", "GiB",
       [](const Sources& s) {
         return s.tiles.value("WMEM (KB)", "Mean") * s.node(s.smallest(), "Cores") * 1024 / kGib;
       },
       [](const Sources& s) { return static_cast<double>(s.llama.weight_bytes) / kGib; }},
      {"Weight memory of a tile", "Table 15, inner", "size of the weights", "MiB",
       [](const Sources& s) { return s.regions.value("Inner", "Avg WMEM (MB)"); },
       [](const Sources& s) {
         return static_cast<double>(s.llama.weight_bytes) / s.node(s.smallest(), "Cores") /
                (1024 * 1024);
       }},
      {"Mean of FETCH", "Table 16", "Table 15, inner", "words",
       [](const Sources& s) { return s.tiles.value("FETCH_SIZE", "Mean"); },
       [](const Sources& s) { return s.regions.value("Inner", "Avg FETCH"); }},
      {"Deviation of FETCH", "Table 16", "its own mean and two values", "words",
       [](const Sources& s) { return s.tiles.value("FETCH_SIZE", "Std Dev"); },
       [](const Sources& s) {
         const double m = s.tiles.value("FETCH_SIZE", "Mean");
         return std::sqrt((m - s.said("fetch_low")) * (s.said("fetch_high") - m));
       }},
      {"KV cache against data memory, 3 nm", "Table 16, median DMEM", "batch and context", "MiB",
       [](const Sources& s) {
         return s.tiles.value("DMEM (KB)", "Median") * s.node(s.smallest(), "Cores") / 1024;
       },
       [](const Sources& s) {
         return s.llama.kv_bytes_per_token * s.said("context") * s.said("batch") / (1024 * 1024);
       }},
      {"Operations of a token", "Table 11, GOps over tok/s", "parameters and utilisation", "GOp",
       [](const Sources& s) {
         return s.node(s.smallest(), "Perf (GOps)") / s.node(s.smallest(), "Tok/s");
       },
       [](const Sources& s) {
         return 2 * static_cast<double>(s.llama.parameters) * s.said("utilisation") / 1e9;
       }},
      {"Score of grid search at 3 nm", "Table 21, worse", "the 7 nm design that it dominates", "",
       [](const Sources& s) { return s.search.value("Grid Search", "PPA score"); },
       [](const Sources& s) { return s.nodes.value("7nm", "PPA"); }},
      {"Episodes until exploration ends", "budget of Table 14", "decay of the text", "",
       [](const Sources& s) { return s.runs.value("RL Episodes per Node", "Value"); },
       [](const Sources& s) {
         return std::log(s.said("epsilon_end") / s.said("epsilon_start")) /
                std::log(s.said("epsilon_decay"));
       }},
      {"Dies larger than a reticle field", "nodes of Table 11", "areas of Table 11", "",
       [](const Sources& s) { return static_cast<double>(s.study.points.size()); },
       [](const Sources& s) {
         double count = 0;
         for (const double area : s.over_nodes("Area (mm2)")) count += area > s.said("reticle");
         return count;
       }},
      {"Leakage of a tile, 22 nm against 14 nm", "Table 12 at 14 nm", "Table 12 at 22 nm", "mW",
       [](const Sources& s) {
         return s.power.value("14nm", "Leak") / s.nodes.value("14nm", "Cores");
       },
       [](const Sources& s) {
         return s.power.value("22nm", "Leak") / s.nodes.value("22nm", "Cores");
       }}};
}

ExperimentTable by_node(const Sources& s) {
  TableBuilder out("inconsistencies_by_node",
                   "Three ratios of the paper's Tables 11 and 12 that physics would keep smooth");
  out.label("Node");
  out.figure("ROM energy", "fJ/bit");
  out.figure("NoC over compute");
  out.figure("NoC over compute and tile");
  out.figure("Leakage of a tile", "mW");
  if (!s.nodes.exists()) return out.take();
  for (const PaperPoint& p : s.study.points) {
    const double ratio = s.power.value(p.node, "NoC") / s.power.value(p.node, "Compute");
    out.ours({p.node, Number{rom_fj_per_bit(s, p), 3}, Number{ratio, 4},
              Number{ratio / s.node(p, "Cores"), 4},
              Number{s.power.value(p.node, "Leak") / s.node(p, "Cores"), 3}});
  }
  return out.take();
}

}  // namespace

std::vector<ExperimentTable> inconsistencies(const ExperimentInputs& inputs) {
  const Sources s = sources_of(inputs);
  TableBuilder out("inconsistencies",
                   "The paper against itself: what one place prints, what follows from another");
  out.label("About");
  out.label("One place");
  out.figure("Says");
  out.label("The other");
  out.figure("Gives");
  out.label("Unit");
  out.figure("Ratio", "x");
  const bool printed = s.nodes.exists();
  for (const Claim& claim : printed ? claims() : std::vector<Claim>{}) {
    const double one = claim.says(s), other = claim.follows(s);
    out.ours({std::string(claim.about), std::string(claim.one), Number{one, 4},
              std::string(claim.other), Number{other, 4}, std::string(claim.unit),
              Number{other / one, 4}});
  }
  return {out.take(), by_node(s)};
}

}  // namespace tilewright
