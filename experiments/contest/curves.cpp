#include "experiments/contest/curves.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace tilewright {
namespace {

constexpr std::int64_t kPoints = 80;
constexpr std::size_t kLoudBaselines = 3, kColumns = 4;
// The first evaluations are left out of the range of scores, else they would fill the panel.
constexpr double kSettled = 0.05;
constexpr double kFirstShown = 10;

std::vector<ChartPoint> curve_of(const Entry& entry, const std::vector<std::int64_t>& marks) {
  std::vector<ChartPoint> points;
  for (const std::int64_t mark : marks) {
    std::vector<double> scores;
    for (const RunRecord* run : entry.runs) scores.push_back(best_after(*run, mark));
    points.push_back(quartiles(static_cast<double>(mark), scores));
  }
  return points;
}

// By index of the entry: the agents, and the baselines of the lowest mean rank.
std::set<std::size_t> loud_entries(const std::vector<const Heat*>& heats) {
  std::set<std::size_t> loud;
  std::vector<std::pair<double, std::size_t>> baselines;
  for (std::size_t e = 0; e < heats.front()->entries.size(); ++e) {
    double ranks = 0, count = 0;
    for (const Heat* heat : heats) {
      const Entry& entry = heat->entries[e];
      if (!entry.missing.empty()) continue;
      ranks += static_cast<double>(entry.rank);
      ++count;
    }
    if (is_agent(heats.front()->entries[e].variant.searcher)) {
      loud.insert(e);
    } else if (count > 0) {
      baselines.emplace_back(ranks / count, e);
    }
  }
  std::sort(baselines.begin(), baselines.end());
  for (std::size_t i = 0; i < std::min(kLoudBaselines, baselines.size()); ++i)
    loud.insert(baselines[i].second);
  return loud;
}

Cell figure(double value) {
  return std::isfinite(value) ? Cell(Number{value}) : Cell(Missing{"nothing feasible yet"});
}

void add_rows(Table& table, const Heat& heat, const ChartLine& line) {
  for (const ChartPoint& p : line.points) {
    table.add({heat.where.model, heat.where.node, line.label, Number{p.x}, figure(p.low),
               figure(p.middle), figure(p.high)});
  }
}

Picture picture_of(const std::vector<const Heat*>& heats) {
  const Heat& one = *heats.front();
  const auto budget = static_cast<double>(one.budget);
  Picture picture;
  picture.table.id = fmt::format("curves_{}_{}", track_name(one.track), one.budget);
  picture.table.caption = "Best score so far: quartiles over runs, by nearest rank";
  picture.table.columns = {{"Model", ""},         {"Node", ""},           {"Searcher", ""},
                           {"Evaluations", ""},   {"Lower quartile", ""}, {"Median", ""},
                           {"Upper quartile", ""}};
  Chart chart;
  chart.caption =
      fmt::format("Best score so far, {}, {} evaluations", track_name(one.track), one.budget);
  chart.note = "Median and quartiles over runs; in colour the agents and the best three baselines";
  chart.x_label = "evaluations";
  chart.x_low = std::min(kFirstShown, budget / 2);
  chart.x_high = budget;
  chart.columns = std::min(kColumns, heats.size());
  const std::set<std::size_t> loud = loud_entries(heats);
  const auto marks = spaced_evaluations(one.budget, kPoints);
  for (const Heat* heat : heats) {
    ChartPanel panel{name_of(heat->where), "score", 0, 1, {}};
    for (std::size_t e = 0; e < heat->entries.size(); ++e) {
      const Entry& entry = heat->entries[e];
      ChartLine line{entry.variant.label, !loud.contains(e), {}};
      if (entry.missing.empty()) line.points = curve_of(entry, marks);
      add_rows(picture.table, *heat, line);
      std::erase_if(line.points, [&](const ChartPoint& p) { return p.x < chart.x_low; });
      panel.lines.push_back(std::move(line));
    }
    fit_range(panel, kSettled * budget, false);
    chart.panels.push_back(std::move(panel));
  }
  picture.svg = chart_svg(chart);
  return picture;
}

}  // namespace

std::vector<Picture> contest_curves(const std::vector<Heat>& heats) {
  std::vector<std::vector<const Heat*>> groups;
  for (const Heat& heat : heats) {
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& g) {
      return g.front()->track == heat.track && g.front()->budget == heat.budget;
    });
    if (group == groups.end()) {
      groups.push_back({&heat});
    } else {
      group->push_back(&heat);
    }
  }
  std::vector<Picture> pictures;
  pictures.reserve(groups.size());
  for (const auto& group : groups) pictures.push_back(picture_of(group));
  return pictures;
}

}  // namespace tilewright
