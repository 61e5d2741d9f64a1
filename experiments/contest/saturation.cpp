#include "experiments/contest/saturation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>

namespace tilewright {
namespace {

constexpr std::int64_t kPoints = 20;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double diagnostic(const RunRecord& run, const Mark& mark, const std::string& column) {
  const auto& columns = run.diagnostic_columns;
  const auto at = std::find(columns.begin(), columns.end(), column);
  return at == columns.end() ? kNone
                             : mark.diagnostics[static_cast<std::size_t>(at - columns.begin())];
}

struct Quantity {
  const char* name;
  const char* missing;  // why a figure can be absent
  bool panel;           // drawn, not only listed
  double (*of)(const RunRecord& run, const Mark& mark);
};
constexpr std::array kQuantities{
    Quantity{
        "Best score", "nothing feasible yet", true,
        [](const RunRecord& run, const Mark& mark) { return best_after(run, mark.evaluation); }},
    Quantity{"Feasible share", "", true,
             [](const RunRecord&, const Mark& mark) {
               return static_cast<double>(mark.feasible) / static_cast<double>(mark.evaluation);
             }},
    Quantity{"Distinct designs", "", true,
             [](const RunRecord&, const Mark& m) { return static_cast<double>(m.distinct); }},
    Quantity{
        "Distinct feasible", "", false,
        [](const RunRecord&, const Mark& m) { return static_cast<double>(m.distinct_feasible); }},
    Quantity{"Policy entropy", "this searcher has no policy", true,
             [](const RunRecord& r, const Mark& m) { return diagnostic(r, m, "entropy"); }},
    Quantity{"Mesh entropy", "this searcher has no policy", false,
             [](const RunRecord& r, const Mark& m) { return diagnostic(r, m, "mesh_entropy"); }},
};

// Over the runs that got so far; infinities sort last, what is not known makes the point unknown.
ChartPoint point_of(const Entry& entry, std::int64_t evaluation, const Quantity& quantity) {
  std::vector<double> values;
  for (const RunRecord* run : entry.runs) {
    const Mark* mark = mark_at(*run, evaluation);
    values.push_back(mark == nullptr ? kNone : quantity.of(*run, *mark));
  }
  const auto unknown = [](double v) { return std::isnan(v); };
  const auto x = static_cast<double>(evaluation);
  if (std::any_of(values.begin(), values.end(), unknown)) return {x, kNone, kNone, kNone};
  return quartiles(x, values);
}

std::vector<std::int64_t> marks_of(std::int64_t budget) {
  std::vector<std::int64_t> marks;
  for (std::int64_t i = 1; i <= kPoints; ++i) {
    const std::int64_t mark = (budget * i + kPoints - 1) / kPoints;
    if (marks.empty() || mark > marks.back()) marks.push_back(mark);
  }
  return marks;
}

void add_row(Table& table, const Entry& entry, std::int64_t mark) {
  std::vector<Cell> cells{entry.variant.label, Number{static_cast<double>(mark)}};
  for (const Quantity& quantity : kQuantities) {
    const ChartPoint p = point_of(entry, mark, quantity);
    for (const double value : {p.low, p.middle, p.high}) {
      cells.push_back(std::isfinite(value) ? Cell(Number{value}) : Cell(Missing{quantity.missing}));
    }
  }
  table.add(std::move(cells));
}

}  // namespace

const Heat* shown_heat(const std::vector<Heat>& heats) {
  const Heat* shown = nullptr;
  for (const Heat& heat : heats) {
    if (heat.where != heats.front().where) continue;
    const auto rank = [](const Heat& h) {
      return std::pair{h.track == Track::kBlackBox, h.budget};
    };
    if (shown == nullptr || rank(heat) > rank(*shown)) shown = &heat;
  }
  return shown;
}

Picture saturation_picture(const Heat& heat) {
  Picture picture;
  Table& table = picture.table;
  table.id = "figure3_exploration";
  table.caption =
      fmt::format("Exploration at {}, {}, {} evaluations: quartiles over runs, by nearest rank",
                  name_of(heat.where), track_name(heat.track), heat.budget);
  table.columns = {{"Searcher", ""}, {"Evaluations", ""}};
  for (const Quantity& quantity : kQuantities) {
    for (const char* part : {"lower quartile", "median", "upper quartile"})
      table.columns.push_back({fmt::format("{}, {}", quantity.name, part), ""});
  }
  const std::vector<std::int64_t> marks = marks_of(heat.budget);
  for (const Entry& entry : heat.entries) {
    if (!entry.missing.empty()) continue;
    for (const std::int64_t mark : marks) add_row(table, entry, mark);
  }

  Chart chart;
  chart.caption = fmt::format("Exploration: {}, {}, {} evaluations", name_of(heat.where),
                              track_name(heat.track), heat.budget);
  chart.note = "Median and quartiles over runs; in colour the agents";
  chart.x_label = "evaluations";
  chart.x_low = 0;
  chart.x_high = static_cast<double>(heat.budget);
  chart.logarithmic = false;
  chart.columns = 2;
  for (const Quantity& quantity : kQuantities) {
    if (!quantity.panel) continue;
    ChartPanel panel{quantity.name, "", 0, 1, {}};
    for (const Entry& entry : heat.entries) {
      ChartLine line{entry.variant.label, !is_agent(entry.variant.searcher), {}};
      if (entry.missing.empty()) {
        for (const std::int64_t mark : marks)
          line.points.push_back(point_of(entry, mark, quantity));
      }
      panel.lines.push_back(std::move(line));
    }
    fit_range(panel, 0, true);
    chart.panels.push_back(std::move(panel));
  }
  picture.svg = chart_svg(chart);
  return picture;
}

}  // namespace tilewright
