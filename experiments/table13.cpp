// Table 13 and Figures 8 and 9: power laws over the node, and how the metrics go together. The
// printed fits do not follow from the printed Table 11: both are shown.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "experiments/by_node.h"
#include "experiments/printed.h"
#include "experiments/statistics.h"
#include "experiments/table_builder.h"
#include "experiments/tables.h"
#include "support/error.h"

namespace tilewright {
namespace {

constexpr const char* kId = "table13_scaling_laws";
constexpr const char* kTable11 = "table11_ppa_by_node";

enum Metric : std::size_t { kPerf, kPower, kArea, kScore, kRate, kMetrics };
constexpr std::array<const char*, kMetrics> kNames{"Performance", "Power", "Area", "Score", "Rate"};
constexpr std::array<const char*, kMetrics> kPrintedColumns{"Perf (GOps)", "Power (mW)",
                                                            "Area (mm2)", "PPA", "Tok/s"};

// Metrics by node, smallest first.
using Series = std::array<std::vector<double>, kMetrics>;

Series ours(const Study& study) {
  Series series;
  for (const PaperPoint& point : study.points) {
    const Ppa& ppa = point.l1;
    const std::array values{ppa.gops, ppa.power_mw, ppa.area_mm2, ppa.cross_score, ppa.tok_s};
    for (std::size_t m = 0; m < kMetrics; ++m) series[m].push_back(values[m]);
  }
  return series;
}

Series printed_series(const Study& study, const PrintedTable& printed) {
  Series series;
  for (const PaperPoint& point : study.points) {
    for (std::size_t m = 0; m < kMetrics; ++m)
      series[m].push_back(printed.value(point.node, kPrintedColumns[m]));
  }
  return series;
}

std::vector<double> nanometres(const Study& study) {
  std::vector<double> nm;
  for (const PaperPoint& point : study.points) nm.push_back(point.surrogate->node().nm);
  return nm;
}

struct Row {
  std::string name, printed_metric, printed_column;
  std::function<double(const Series&)> of;
};

std::vector<Row> rows_of(const std::vector<double>& nm) {
  std::vector<Row> rows;
  const std::array<const char*, 3> labels{"Performance (GOps/s)", "Power (mW)", "Area (mm2)"};
  for (std::size_t m = kPerf; m <= kArea; ++m) {
    const auto law = [m, nm](const Series& s) { return fit_power_law(nm, s[m]); };
    rows.push_back({fmt::format("{}, exponent", kNames[m]), labels[m], "Slope/Corr",
                    [law](const Series& s) { return law(s).exponent; }});
    rows.push_back({fmt::format("{}, constant", kNames[m]), labels[m], "Const",
                    [law](const Series& s) { return law(s).constant; }});
    rows.push_back({fmt::format("{}, R2", kNames[m]), labels[m], "R2/Note",
                    [law](const Series& s) { return law(s).r2; }});
  }
  struct Pair {
    Metric a, b;
    const char* printed;
  };
  for (const Pair& pair : {Pair{kPerf, kPower, "Perf vs Power"},
                           {kPerf, kArea, "Perf vs Area"},
                           {kPerf, kScore, "Perf vs PPA"},
                           {kPower, kScore, "Power vs PPA"},
                           {kArea, kScore, "Area vs PPA"}}) {
    rows.push_back({fmt::format("Correlation of {} and {}", kNames[pair.a], kNames[pair.b]),
                    pair.printed, "Slope/Corr",
                    [pair](const Series& s) { return correlation(s[pair.a], s[pair.b]); }});
  }
  return rows;
}

// Printed Table 13 is keyed by its second column.
Cell printed_figure(const PrintedTable& table, const Row& row) {
  const auto& rows = table.rows();
  const auto& header = rows.front();
  const auto column = std::find(header.begin(), header.end(), row.printed_column);
  for (std::size_t r = 1; r < rows.size(); ++r) {
    if (rows[r].at(1) == row.printed_metric && column != header.end())
      return printed_text(rows[r].at(static_cast<std::size_t>(column - header.begin())));
  }
  throw Error("TW-EXP-002", "no row '" + row.printed_metric + "'", kId);
}

}  // namespace

std::vector<ExperimentTable> table13(const ExperimentInputs& inputs) {
  const PrintedTable printed(inputs.printed, kId), nodes(inputs.printed, kTable11);
  TableBuilder out(kId,
                   "Power laws over the node in nm, and correlations over nodes: as printed, "
                   "from the printed Table 11, and from ours");
  out.label("Quantity");
  if (printed.exists()) {
    out.label("Printed");
    out.label("From the printed Table 11");
  }
  out.figure("L1");
  const Series l1 = ours(inputs.llama);
  for (const Row& row : rows_of(nanometres(inputs.llama))) {
    std::vector<Cell> cells{row.name};
    if (printed.exists()) {
      cells.push_back(printed_figure(printed, row));
      cells.push_back(Number{row.of(printed_series(inputs.llama, nodes)), 4});
    }
    cells.push_back(Number{row.of(l1), 4});
    out.ours(std::move(cells));
  }
  return {out.take()};
}

std::vector<ExperimentTable> figure08(const ExperimentInputs& inputs) {
  TableBuilder out("figure08_correlations",
                   "Correlation of five metrics over the nodes, Llama 3.1 8B, L1");
  for (const char* name : {"x", "y"}) out.label(name);
  out.label("A");
  out.label("B");
  out.figure("r");
  const Series l1 = ours(inputs.llama);
  for (std::size_t y = 0; y < kMetrics; ++y) {
    for (std::size_t x = 0; x < kMetrics; ++x) {
      out.ours({Number{static_cast<double>(x)}, Number{static_cast<double>(y)},
                std::string(kNames[x]), std::string(kNames[y]),
                Number{correlation(l1[x], l1[y]), 3}});
    }
  }
  return {out.take()};
}

std::vector<ExperimentTable> figure09(const ExperimentInputs& inputs) {
  const PrintedTable nodes(inputs.printed, kTable11);
  TableBuilder out("figure09_scaling", "Performance, power and area over the node, and their fits");
  out.label("nm", "nm");
  const std::vector<double> nm = nanometres(inputs.llama);
  const Series l1 = ours(inputs.llama);
  const Series paper = nodes.exists() ? printed_series(inputs.llama, nodes) : Series{};
  for (std::size_t m = kPerf; m <= kArea; ++m) {
    out.figure(fmt::format("{} L1", kNames[m]));
    out.figure(fmt::format("{} fit", kNames[m]));
    out.label(fmt::format("{} printed", kNames[m]));
  }
  for (std::size_t i = 0; i < nm.size(); ++i) {
    std::vector<Cell> row{Number{nm[i]}};
    for (std::size_t m = kPerf; m <= kArea; ++m) {
      const PowerLaw law = fit_power_law(nm, l1[m]);
      row.push_back(Number{l1[m][i], 6});
      row.push_back(Number{law.constant * std::pow(nm[i], law.exponent), 6});
      row.push_back(nodes.exists() ? Cell(Number{paper[m][i], 6})
                                   : Cell(Missing{"no printed tables"}));
    }
    out.ours(std::move(row));
  }
  return {out.take()};
}

}  // namespace tilewright
