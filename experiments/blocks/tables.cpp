#include "experiments/blocks/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "experiments/binding.h"
#include "experiments/contest/chart.h"
#include "experiments/statistics.h"

namespace tilewright {
namespace {

const Missing kFewRuns{"a 95 % interval needs six runs"};
const Missing kInfeasible{"nothing feasible was found"};
const Missing kNoBlocks{"not in blocks"};

Number whole(double value) {
  return {value, 0};
}

ExperimentTable wrapped(Table table) {
  ExperimentTable out;
  out.figure_column.assign(table.columns.size(), false);
  out.computed_row.assign(table.rows.size(), true);
  out.table = std::move(table);
  return out;
}

// Infinite for a run that found nothing feasible.
std::vector<double> scores(const BlockEntry& entry) {
  std::vector<double> values;
  for (const BlockSearchResult& run : entry.runs)
    values.push_back(run.best.feasible ? run.best.score : INFINITY);
  return values;
}

Cell score_cell(double score) {
  return std::isfinite(score) ? Cell(Number{score, 6}) : Cell(kInfeasible);
}

// Median and the ends of its interval.
std::vector<Cell> median_cells(const std::vector<double>& values, int digits) {
  const auto cell = [&](double v) {
    return std::isfinite(v) ? Cell(Number{v, digits}) : Cell(kInfeasible);
  };
  std::vector<Cell> cells{cell(quantile(values, 0.5))};
  const auto interval = median_interval(values);
  for (const bool low : {true, false})
    cells.push_back(interval ? cell(low ? interval->low : interval->high) : Cell(kFewRuns));
  return cells;
}

// The run whose score is the median.
const BlockSearchResult& median_run(const BlockEntry& entry) {
  const std::vector<double> values = scores(entry);
  const auto at = std::find(values.begin(), values.end(), quantile(values, 0.5));
  return entry.runs[static_cast<std::size_t>(at - values.begin())];
}

std::vector<Cell> label_cells(const BlockEntry& entry) {
  std::vector<Cell> cells{entry.name};
  cells.push_back(entry.in_blocks ? Cell(whole(entry.side)) : Cell(kNoBlocks));
  cells.push_back(entry.in_blocks ? Cell(whole(static_cast<double>(entry.blocks)))
                                  : Cell(kNoBlocks));
  return cells;
}

// Score over the flat search's of the same seed, percent.
std::vector<double> over_flat(const BlockEntry& entry, const BlockEntry& flat) {
  const std::vector<double> a = scores(entry), b = scores(flat);
  std::vector<double> values;
  for (std::size_t i = 0; i < a.size(); ++i)
    values.push_back(std::isfinite(b[i]) ? 100 * (a[i] / b[i] - 1) : NAN);
  std::erase_if(values, [](double v) { return std::isnan(v); });
  return values;
}

}  // namespace

ExperimentTable blocks_table(const std::vector<BlockEntry>& entries, const BlockEntry& flat,
                             std::int64_t evaluations) {
  Table table{"blocks",
              fmt::format("Llama 3.1 8B on 64 x 64 tiles searched in blocks, {} evaluations each; "
                          "medians over runs, the design is that of the median score",
                          evaluations),
              {{"Search", ""},
               {"Block side", "tiles"},
               {"Blocks", ""},
               {"Variables", ""},
               {"At once", ""},
               {"Evaluations", ""},
               {"Block visits", ""},
               {"Runs", ""},
               {"Runs with a feasible design", ""},
               {"First design's score", ""},
               {"Score", ""},
               {"Low", ""},
               {"High", ""},
               {"Over flat", "%"},
               {"Over flat low", "%"},
               {"Over flat high", "%"},
               {"Runs better than flat", ""},
               {"Rate", "tok/s"},
               {"Power", "W"},
               {"Area", "mm2"},
               {"Binds", ""}},
              {}};
  for (const BlockEntry& entry : entries) {
    const BlockSearchResult& run = median_run(entry);
    const auto feasible = std::count_if(entry.runs.begin(), entry.runs.end(),
                                        [](const auto& r) { return r.best.feasible; });
    const std::vector<double> excess = over_flat(entry, flat);
    std::vector<Cell> cells = label_cells(entry);
    for (const std::int64_t n : {run.variables, run.most_at_once, std::ssize(run.curve), run.visits,
                                 std::ssize(entry.runs), std::int64_t{feasible}})
      cells.push_back(whole(static_cast<double>(n)));
    cells.push_back(run.start.feasible ? score_cell(run.start.score)
                                       : Cell(Missing{"the first design is not feasible"}));
    for (Cell& cell : median_cells(scores(entry), 6)) cells.push_back(std::move(cell));
    if (excess.empty()) {
      cells.insert(cells.end(), 3, Missing{"the flat search found nothing feasible"});
    } else {
      for (Cell& cell : median_cells(excess, 4)) cells.push_back(std::move(cell));
    }
    cells.push_back(whole(static_cast<double>(
        std::count_if(excess.begin(), excess.end(), [](double v) { return v < 0; }))));
    if (run.best.feasible) {
      cells.insert(cells.end(), {Number{run.best.tok_s, 6}, Number{run.best.power_mw / 1000, 5},
                                 Number{run.best.area_mm2, 5}, binding_limits(run.best.margins)});
    } else {
      cells.insert(cells.end(), 4, kInfeasible);
    }
    table.add(std::move(cells));
  }
  return wrapped(std::move(table));
}

ExperimentTable blocks_curve(const std::vector<BlockEntry>& entries, std::int64_t evaluations) {
  constexpr std::int64_t kPoints = 40;
  Table table{"blocks_curve",
              "Best score against evaluations, quartiles over runs by nearest rank",
              {{"Search", ""},
               {"Block side", "tiles"},
               {"Evaluations", ""},
               {"Lower quartile", ""},
               {"Median", ""},
               {"Upper quartile", ""}},
              {}};
  Chart chart;
  chart.caption = "Llama 3.1 8B on 64 x 64 tiles: best score against evaluations";
  chart.note = "Median and quartiles over runs";
  chart.x_label = "evaluations";
  chart.x_high = static_cast<double>(std::max<std::int64_t>(2, evaluations));
  chart.columns = 3;
  const auto line_of = [&](const BlockEntry& entry) {
    ChartLine line{entry.name, !entry.in_blocks, {}};
    for (const std::int64_t x : spaced_evaluations(evaluations, kPoints)) {
      std::vector<double> values;
      for (const BlockSearchResult& run : entry.runs) {
        const auto at = static_cast<std::size_t>(std::min<std::int64_t>(x, std::ssize(run.curve)));
        // A fitness of 2 and above is that of an infeasible design.
        values.push_back(run.curve[at - 1] < 2 ? run.curve[at - 1] : INFINITY);
      }
      line.points.push_back(quartiles(static_cast<double>(x), values));
    }
    return line;
  };
  std::vector<std::int32_t> sides;
  for (const BlockEntry& entry : entries) {
    if (entry.in_blocks && (sides.empty() || sides.back() != entry.side))
      sides.push_back(entry.side);
    for (const ChartPoint& p : line_of(entry).points) {
      std::vector<Cell> cells = label_cells(entry);
      cells.pop_back();
      cells.push_back(whole(p.x));
      for (const double v : {p.low, p.middle, p.high}) cells.push_back(score_cell(v));
      table.add(std::move(cells));
    }
  }
  for (const std::int32_t side : sides) {
    ChartPanel panel{fmt::format("blocks of {0} x {0} tiles", side), "score", 0, 1, {}};
    for (const BlockEntry& entry : entries) {
      if (!entry.in_blocks || entry.side == side) panel.lines.push_back(line_of(entry));
    }
    fit_range(panel, chart.x_high / 10, true);
    chart.panels.push_back(std::move(panel));
  }
  ExperimentTable out = wrapped(std::move(table));
  out.picture = chart_svg(chart);
  return out;
}

ExperimentTable blocks_cost(const std::vector<BlockEntry>& entries, const EvaluationCost& cost) {
  Table table{"blocks_cost",
              fmt::format("Processor time of the searches, medians over runs. Eq. 49 takes every "
                          "evaluation for a whole one ({:.4g} ms); Eq. 50 sums over the phases, "
                          "where one in blocks keeps the placement ({:.4g} ms)",
                          1e3 * cost.whole_s, 1e3 * cost.blocks_s),
              {{"Search", ""},
               {"Block side", "tiles"},
               {"Blocks", ""},
               {"Evaluations", ""},
               {"Placements", ""},
               {"In blocks", ""},
               {"All", "s"},
               {"Judging", "s"},
               {"Searcher's own", "s"},
               {"Eq. 49", "s"},
               {"Judging over Eq. 49", ""},
               {"Eq. 50", "s"},
               {"Judging over Eq. 50", ""},
               {"All over Eq. 50", ""}},
              {}};
  for (const BlockEntry& entry : entries) {
    std::vector<double> all, judging, own;
    for (const BlockSearchResult& run : entry.runs) {
      all.push_back(run.seconds);
      judging.push_back(run.judging_s);
      own.push_back(run.seconds - run.judging_s);
    }
    const BlockSearchResult& run = entry.runs.front();  // the counts are those of every run
    const auto evaluations = static_cast<double>(run.curve.size());
    const auto placed = static_cast<double>(run.placed), cut = static_cast<double>(run.cut);
    const double whole_all = evaluations * cost.whole_s;
    const double by_phase = placed * cost.whole_s + cut * cost.blocks_s;
    const double judged = quantile(judging, 0.5);
    std::vector<Cell> cells = label_cells(entry);
    cells.insert(cells.end(),
                 {whole(evaluations), whole(placed), whole(cut), Number{quantile(all, 0.5), 4},
                  Number{judged, 4}, Number{quantile(own, 0.5), 4}, Number{whole_all, 4},
                  Number{judged / whole_all, 3}, Number{by_phase, 4}, Number{judged / by_phase, 3},
                  Number{quantile(all, 0.5) / by_phase, 3}});
    table.add(std::move(cells));
  }
  return wrapped(std::move(table));
}

ExperimentTable blocks_cost_by_mesh(const std::vector<EvaluationCost>& costs) {
  Table table{"blocks_cost_by_mesh",
              "Cost of one evaluation by mesh: c of Eq. 49 whole, and with the placement kept",
              {{"Mesh side", "tiles"},
               {"Tiles", ""},
               {"Whole", "ms"},
               {"Placement kept", "ms"},
               {"Kept over whole", ""},
               {"Exponent in tiles", ""}},
              {}};
  for (std::size_t i = 0; i < costs.size(); ++i) {
    const EvaluationCost& c = costs[i];
    const auto side = static_cast<double>(c.mesh_side);
    std::vector<Cell> cells{whole(side), whole(side * side), Number{1e3 * c.whole_s, 4},
                            Number{1e3 * c.blocks_s, 4}, Number{c.blocks_s / c.whole_s, 3}};
    if (i == 0) {
      cells.emplace_back(Missing{"from the mesh before"});
    } else {
      const double tiles = 2 * std::log(side / costs[i - 1].mesh_side);
      cells.emplace_back(Number{std::log(c.whole_s / costs[i - 1].whole_s) / tiles, 3});
    }
    table.add(std::move(cells));
  }
  return wrapped(std::move(table));
}

}  // namespace tilewright
