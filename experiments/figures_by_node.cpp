// Figures 4 to 7: score, mesh, power by component, rate and efficiency by node; printed, at the
// printed design, and searched with the interval of the median over seeds.
#include "experiments/by_node.h"
#include "experiments/printed.h"
#include "experiments/searches.h"
#include "experiments/table_builder.h"
#include "experiments/tables.h"

namespace tilewright {
namespace {

constexpr const char* kTable11 = "table11_ppa_by_node";
constexpr const char* kTable19 = "table19_smolvlm_low_power";
constexpr int kDigits = 6;

struct Panel {
  const Study& study;
  PrintedTable printed;
  const char* suffix;
};

std::vector<Panel> both(const ExperimentInputs& inputs) {
  return {{inputs.llama, PrintedTable(inputs.printed, kTable11), ""},
          {inputs.smolvlm, PrintedTable(inputs.printed, kTable19), "_smolvlm"}};
}

void add_spread(std::vector<Cell>& row, const Spread& spread) {
  row.insert(row.end(), {spread.median, spread.low, spread.high});
}

// One column triple a quantity that was searched, beside what is printed and what L1 says of the
// printed design.
template <typename Searched, typename Ours>
ExperimentTable by_node_figure(const ExperimentInputs& inputs, const Panel& w,
                               const std::string& id, const std::string& caption,
                               const Column& column, const char* printed_column,
                               const Ours& at_printed, const Searched& searched) {
  const Searches searches(inputs.searches);
  TableBuilder out(id + w.suffix, caption + ", " + w.study.workload);
  out.label("Node");
  out.label("nm", "nm");
  out.label("Printed", column.unit);
  out.figure("L1", column.unit);
  for (const char* name : {"Median", "Low", "High"}) out.figure(name, column.unit);
  for (const PaperPoint& point : w.study.points) {
    std::vector<Cell> row{point.node, Number{point.surrogate->node().nm},
                          printed_column == nullptr ? Cell(Missing{"not comparable"})
                                                    : w.printed.cell(point.node, printed_column),
                          at_printed(point)};
    std::vector<double> values;
    for (const FinishedSearch* s : searches.of(w.study, point.node)) values.push_back(searched(*s));
    add_spread(row, spread_of(values, kDigits));
    out.ours(std::move(row));
  }
  return out.take();
}

}  // namespace

std::vector<ExperimentTable> figure04(const ExperimentInputs& inputs) {
  std::vector<ExperimentTable> out;
  for (const Panel& w : both(inputs)) {
    out.push_back(by_node_figure(
        inputs, w, "figure04_score", "Search score by node; lower is better", {"Score", ""},
        nullptr,
        [](const PaperPoint& p) {
          return Number{p.l1.score, kDigits};
        },
        [](const FinishedSearch& s) { return s.score; }));
    out.push_back(by_node_figure(
        inputs, w, "figure04_tiles", "Tiles of the mesh by node", {"Tiles", ""}, nullptr,
        [](const PaperPoint& p) {
          return Number{p.tiles(), kDigits};
        },
        [](const FinishedSearch& s) { return s.tiles(); }));
  }
  return out;
}

// The text does not mention Figure 5 and its caption is lost: this one is ours.
std::vector<ExperimentTable> figure05(const ExperimentInputs& inputs) {
  std::vector<ExperimentTable> out;
  for (const Panel& w : both(inputs)) {
    TableBuilder table(
        std::string("figure05_power") + w.suffix,
        "Shares of power by component and node, printed designs, L1, " + w.study.workload);
    table.label("Node");
    for (const char* name : {"Compute", "NoC", "SRAM", "ROM", "Leakage"}) table.figure(name, "%");
    for (const PaperPoint& point : w.study.points) {
      const Ppa& ppa = point.l1;
      std::vector<Cell> row{point.node};
      for (const double mw : {ppa.compute_mw, ppa.noc_mw, ppa.sram_mw, ppa.rom_mw, ppa.leak_mw})
        row.push_back(Number{100 * mw / ppa.power_mw, 4});
      table.ours(std::move(row));
    }
    out.push_back(table.take());
  }
  return out;
}

std::vector<ExperimentTable> figure06(const ExperimentInputs& inputs) {
  std::vector<ExperimentTable> out;
  for (const Panel& w : both(inputs)) {
    out.push_back(by_node_figure(
        inputs, w, "figure06_rate", "Rate by node", {"Rate", "tok/s"}, "Tok/s",
        [](const PaperPoint& p) {
          return Number{p.l1.tok_s, kDigits};
        },
        [](const FinishedSearch& s) { return s.tok_s; }));
  }
  return out;
}

std::vector<ExperimentTable> figure07(const ExperimentInputs& inputs) {
  struct Ratio {
    const char* id;
    const char* caption;
    Column column;
    double Ppa::*over;
    double Ppa::*under;
    double FinishedSearch::*searched_over;
    double FinishedSearch::*searched_under;
    const char* printed;
  };
  const PrintedTable table18(inputs.printed, "table18_efficiency_ratios");
  const Panel llama{inputs.llama, table18, ""};
  std::vector<ExperimentTable> out;
  for (const Ratio& r : {Ratio{"figure07_gops_per_mw",
                               "Performance over power by node",
                               {"", "GOps/s/mW"},
                               &Ppa::gops,
                               &Ppa::power_mw,
                               &FinishedSearch::gops,
                               &FinishedSearch::power_mw,
                               "GOps/s per mW"},
                         {"figure07_rate_per_mw",
                          "Rate over power by node",
                          {"", "tok/s/mW"},
                          &Ppa::tok_s,
                          &Ppa::power_mw,
                          &FinishedSearch::tok_s,
                          &FinishedSearch::power_mw,
                          "tok/s per mW"},
                         {"figure07_gops_per_mm2",
                          "Performance over area by node",
                          {"", "GOps/s/mm2"},
                          &Ppa::gops,
                          &Ppa::area_mm2,
                          &FinishedSearch::gops,
                          &FinishedSearch::area_mm2,
                          "GOps/s per mm2"}}) {
    out.push_back(by_node_figure(
        inputs, llama, r.id, r.caption, r.column, r.printed,
        [&r](const PaperPoint& p) {
          return Number{p.l1.*r.over / p.l1.*r.under, kDigits};
        },
        [&r](const FinishedSearch& s) { return s.*r.searched_over / s.*r.searched_under; }));
  }
  return out;
}

}  // namespace tilewright
