// The designs that the paper prints, under the physical calibration: what they would do, draw and
// take, with bands, and why they could not be built as printed.
#include <cmath>

#include "experiments/printed.h"
#include "experiments/table_builder.h"
#include "experiments/tables.h"
#include "support/error.h"

namespace tilewright {
namespace {

constexpr const char* kLlama = "llama-3.1-8b";
constexpr const char* kSmolvlm = "smolvlm-256m";

// One printed design at one node.
struct Case {
  const NodeEntry& entry;
  Mode mode;
  std::string workload;
};

Surrogate surrogate_of(const Calibration& calibration, const Case& c,
                       const Overrides& overrides = {}) {
  return Surrogate(calibration, c.entry, c.mode, nullptr, overrides, c.workload);
}

Ppa banded(const Surrogate& surrogate, const ActionVector& design) {
  Ppa ppa = surrogate.evaluate_l0(design);
  surrogate.add_bands(design, nullptr, ppa);
  return ppa;
}

// Area of large macros that hold `mib` of KV cache, with the overhead at the top.
double kv_area(const Calibration& calibration, const NodeEntry& entry, double mib) {
  const Scalars& s = calibration.scalars;
  const double macro = 1 + s.get("tile.sram_overhead") / std::sqrt(s.get("tile.sram_macro_kib"));
  return mib * entry.node.columns.get("a_sram_mm2_per_mib") * macro *
         (1 + s.get("tile.top_overhead"));
}

double kv_mib(const Surrogate& surrogate) {
  return surrogate.constants().kv_bytes_per_token * surrogate.context() * surrogate.batch() /
         1048576.0;
}

void banded_column(TableBuilder& b, const std::string& name, const std::string& unit) {
  for (const char* end : {"", " low", " high"}) b.figure(name + end, unit);
}

void add_banded(std::vector<Cell>& row, const Ppa& ppa, const char* quantity, double scale = 1) {
  const Band* const band = ppa.physical->band(quantity);
  for (const double v : {band->value, band->lo, band->hi}) row.push_back(Number{v * scale, 5});
}

// f(printed figure), or why there is none.
template <typename F>
Cell of_printed(const PrintedTable& printed, const std::string& node, const char* column, F f) {
  if (!printed.exists()) return printed.cell(node, column);
  return f(printed.value(node, column));
}

Cell over_printed(double ours, const PrintedTable& printed, const std::string& node,
                  const char* column, int digits) {
  return of_printed(printed, node, column, [&](double v) { return Number{ours / v, digits}; });
}

template <typename F>
void for_printed(const Calibration& calibration, Mode mode, F f) {
  for (const NodeEntry& entry : calibration.nodes) {
    if (entry.printed.contains(mode)) f(entry);
  }
}

ExperimentTable high_performance(const Calibration& calibration, const PrintedTable& printed) {
  TableBuilder b("physical_llama",
                 "The printed Llama 3.1 8B designs under the physical calibration");
  b.label("Node", "");
  for (const auto& [name, unit] :
       {std::pair{"Tok/s printed", "1/s"}, {"Power printed", "W"}, {"Area printed", "mm2"}})
    b.label(name, unit);
  banded_column(b, "Rate", "1/s");
  banded_column(b, "Power", "W");
  banded_column(b, "Area", "mm2");
  for (const auto& [name, unit] : {std::pair{"Dies", ""},
                                   {"Energy", "mJ"},
                                   {"KV fits", "tokens"},
                                   {"KV area", "mm2"},
                                   {"Rate at batch 1", "1/s"},
                                   {"Rate at f_max", "1/s"},
                                   {"Power at f_max", "W"}})
    b.figure(name, unit);
  for_printed(calibration, Mode::kHighPerformance, [&](const NodeEntry& entry) {
    const Case c{entry, Mode::kHighPerformance, kLlama};
    const Surrogate surrogate = surrogate_of(calibration, c);
    const ActionVector design = surrogate.printed_design().value();
    const Ppa ppa = banded(surrogate, design);
    Overrides alone;
    alone.batch = 1;
    ActionVector fast = design;
    fast[kClock] = 1;
    const Ppa at_f_max = surrogate.evaluate_l0(fast);
    const std::string node = entry.node.name();
    std::vector<Cell> row{node, printed.cell(node, "Tok/s"),
                          of_printed(printed, node, "Power (mW)",
                                     [](double mw) {
                                       return Number{mw / 1000, 4};
                                     }),
                          printed.cell(node, "Area (mm2)")};
    add_banded(row, ppa, "tok_s");
    add_banded(row, ppa, "power_mw", 1e-3);
    add_banded(row, ppa, "area_mm2");
    for (const double v : {ppa.physical->dies, ppa.energy_mj, ppa.physical->kv_tokens,
                           kv_area(calibration, entry, kv_mib(surrogate)),
                           surrogate_of(calibration, c, alone).evaluate_l0(design).tok_s,
                           at_f_max.tok_s, at_f_max.power_mw / 1000})
      row.push_back(Number{v, 5});
    b.ours(std::move(row));
  });
  return b.take();
}

// Components beside the printed ones.
ExperimentTable components(const Calibration& calibration, const PrintedTable& ppa_printed,
                           const PrintedTable& printed) {
  TableBuilder b("physical_llama_components",
                 "Components of the printed Llama 3.1 8B designs under the physical calibration");
  b.label("Node", "");
  for (const char* part : {"Compute", "ROM", "SRAM", "NoC", "Leakage"}) {
    b.figure(part, "W");
    b.figure(std::string(part) + " over printed", "x");
  }
  b.figure("Area over printed", "x");
  for (const char* part : {"Logic", "SRAM area", "ROM area"}) b.figure(part, "mm2");
  for_printed(calibration, Mode::kHighPerformance, [&](const NodeEntry& entry) {
    const Surrogate surrogate = surrogate_of(calibration, {entry, Mode::kHighPerformance, kLlama});
    const Ppa ppa = surrogate.evaluate_l0(surrogate.printed_design().value());
    const std::string node = entry.node.name();
    std::vector<Cell> row{node};
    for (const auto& [column, value] : {std::pair{"Compute", ppa.compute_mw},
                                        {"ROM Rd", ppa.rom_mw},
                                        {"SRAM", ppa.sram_mw},
                                        {"NoC", ppa.noc_mw},
                                        {"Leak", ppa.leak_mw}}) {
      row.push_back(Number{value / 1000, 4});
      row.push_back(over_printed(value, printed, node, column, 3));
    }
    row.push_back(over_printed(ppa.area_mm2, ppa_printed, node, "Area (mm2)", 4));
    const double top = 1 + calibration.scalars.get("tile.top_overhead");
    for (const double area :
         {ppa.tile_mm2 - ppa.physical->sram_mm2, ppa.physical->sram_mm2, ppa.rom_mm2})
      row.push_back(Number{area / top, 4});
    b.ours(std::move(row));
  });
  return b.take();
}

ExperimentTable low_power(const Calibration& calibration, const PrintedTable& printed) {
  TableBuilder b("physical_smolvlm", "The printed SmolVLM designs under the physical calibration");
  b.label("Node", "");
  for (const auto& [name, unit] :
       {std::pair{"Tok/s printed", "1/s"}, {"Power printed", "mW"}, {"Area printed", "mm2"}})
    b.label(name, unit);
  banded_column(b, "Rate", "1/s");
  b.figure("Rate at the printed work", "1/s");
  banded_column(b, "Power", "mW");
  b.figure("Leakage", "%");
  b.figure("Power with DFLIT 256", "mW");
  banded_column(b, "Area", "mm2");
  b.figure("KV fits", "tokens");
  b.figure("KV area", "mm2");
  const Calibration paper = load_calibration("paper");
  for_printed(calibration, Mode::kLowPower, [&](const NodeEntry& entry) {
    const Case c{entry, Mode::kLowPower, kSmolvlm};
    const Surrogate surrogate = surrogate_of(calibration, c);
    const ActionVector design = surrogate.printed_design().value();
    const Ppa ppa = banded(surrogate, design);
    ActionVector narrow = design;
    narrow[kDflit] = 256;
    const std::string node = entry.node.name();
    const double printed_flops =
        surrogate_of(paper, {find_node(paper, node), Mode::kLowPower, kSmolvlm})
            .constants()
            .flops_per_unit;
    std::vector<Cell> row{node, printed.cell(node, "Tok/s"), printed.cell(node, "Power (mW)"),
                          printed.cell(node, "Area (mm2)")};
    add_banded(row, ppa, "tok_s");
    row.push_back(Number{ppa.gops * 1e9 / printed_flops, 4});
    add_banded(row, ppa, "power_mw");
    row.push_back(Number{100 * ppa.leak_mw / ppa.power_mw, 3});
    row.push_back(Number{surrogate.evaluate_l0(narrow).power_mw, 4});
    add_banded(row, ppa, "area_mm2");
    row.push_back(Number{ppa.physical->kv_tokens, 4});
    row.push_back(Number{kv_area(calibration, entry, kv_mib(surrogate)), 3});
    b.ours(std::move(row));
  });
  return b.take();
}

// Dies and their cost.
ExperimentTable dies(const Calibration& calibration) {
  TableBuilder b("physical_dies", "Dies of the printed Llama 3.1 8B designs, without masks");
  b.label("Node", "");
  for (const auto& [name, unit] : {std::pair{"Dies", ""}, {"Die", "mm2"}, {"Yield", ""}})
    b.figure(name, unit);
  banded_column(b, "Cost", "USD");
  for_printed(calibration, Mode::kHighPerformance, [&](const NodeEntry& entry) {
    const Surrogate surrogate = surrogate_of(calibration, {entry, Mode::kHighPerformance, kLlama});
    const Ppa ppa = banded(surrogate, surrogate.printed_design().value());
    std::vector<Cell> row{entry.node.name(), Number{ppa.physical->dies, 3},
                          Number{ppa.physical->die_mm2, 4}, Number{ppa.physical->yield, 3}};
    add_banded(row, ppa, "cost_usd");
    b.ours(std::move(row));
  });
  return b.take();
}

}  // namespace

std::vector<ExperimentTable> physical_tables(const ExperimentInputs& inputs) {
  if (inputs.physical == nullptr) {
    throw Error("TW-EXP-005", "the physical calibration was not loaded", "physical", "",
                ErrorKind::kInternal);
  }
  const Calibration& calibration = *inputs.physical;
  const PrintedTable ppa(inputs.printed, "table11_ppa_by_node"),
      parts(inputs.printed, "table12_power_breakdown"),
      smolvlm(inputs.printed, "table19_smolvlm_low_power");
  return {high_performance(calibration, ppa), components(calibration, ppa, parts),
          low_power(calibration, smolvlm), dies(calibration)};
}

}  // namespace tilewright
