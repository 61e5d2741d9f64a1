#include "experiments/weights/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "experiments/binding.h"
#include "experiments/by_node.h"
#include "experiments/contest/chart.h"
#include "experiments/statistics.h"
#include "mdp/normalise.h"

namespace tilewright {
namespace {

constexpr double kUnmoved = 0.02;  // rate, power and area within this share of the mode's choice
const Missing kNothing{"nothing feasible was found"};

struct Metric {
  const char* name;
  double Evaluation::*of;
};
constexpr Metric kMetrics[] = {{"Rate", &Evaluation::tok_s},
                               {"Power", &Evaluation::power_mw},
                               {"Area", &Evaluation::area_mm2}};

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

// Feasible choices of the median runs, by setting.
std::vector<const Evaluation*> designs_of(const WeightCase& c, Chosen way) {
  std::vector<const Evaluation*> designs;
  for (std::size_t i = 0; i < c.settings.size(); ++i) {
    const WeightChoice& choice = median_choice(c, way, i);
    designs.push_back(std::isfinite(choice.score) ? &choice.design : nullptr);
  }
  return designs;
}

bool unmoved(const Evaluation& a, const Evaluation& b) {
  return std::all_of(std::begin(kMetrics), std::end(kMetrics),
                     [&](const Metric& m) { return std::fabs(a.*m.of / b.*m.of - 1) <= kUnmoved; });
}

// Percent over the best known, by run.
double median_excess(const std::vector<WeightChoice>& runs) {
  std::vector<double> values;
  for (const WeightChoice& run : runs)
    values.push_back(std::isfinite(run.score) ? 100 * (run.score / run.best_known - 1) : INFINITY);
  return quantile(values, 0.5);
}

void add_choice(Table& table, const WeightCase& c, Chosen way, std::size_t setting) {
  const WeightSetting& s = c.settings[setting];
  const WeightChoice& choice = median_choice(c, way, setting);
  const auto& runs = c.choices[static_cast<std::size_t>(way)][setting];
  std::vector<Cell> cells{c.workload, c.node, s.name};
  for (const double w : s.weights) cells.emplace_back(Number{w});
  cells.emplace_back(std::string(way_name(way)));
  cells.push_back(whole(static_cast<double>(runs.size())));
  if (!std::isfinite(choice.score)) {
    while (cells.size() < table.columns.size()) cells.emplace_back(kNothing);
    table.add(std::move(cells));
    return;
  }
  const Evaluation& e = choice.design;
  cells.insert(cells.end(), {mesh_text(e.design), whole(e.design[kMeshW] * e.design[kMeshH]),
                             Number{e.design[kClock] * c.f_max_mhz, 5}, Number{e.design[kVlen], 5},
                             Number{e.tok_s, 6}, Number{e.power_mw, 6}, Number{e.area_mm2, 5},
                             Number{choice.score, 6}, Number{median_excess(runs), 3}});
  const WeightChoice& mode = median_choice(c, way, 0);
  for (const Metric& m : kMetrics) {
    cells.push_back(std::isfinite(mode.score) ? Cell(Number{e.*m.of / mode.design.*m.of, 4})
                                              : Cell(kNothing));
  }
  cells.emplace_back(binding_limits(e.margins));
  table.add(std::move(cells));
}

// Rate, power and area over the mode's choice against the weight of the rate, over the settings
// that share it.
std::string picture_of(const std::vector<WeightCase>& cases) {
  Chart chart;
  chart.caption = "What the weights of the score choose, over the choice under the mode's weights";
  chart.note = "Median and quartiles over the splits of the rest between power and area";
  chart.x_label = "weight of the rate";
  chart.x_low = 0;
  chart.x_high = 1;
  chart.logarithmic = false;
  chart.columns = std::size(kMetrics);
  std::vector<std::string> workloads;
  for (const WeightCase& c : cases) {
    if (std::find(workloads.begin(), workloads.end(), c.workload) == workloads.end())
      workloads.push_back(c.workload);
  }
  for (const std::string& workload : workloads) {
    for (const Metric& m : kMetrics) {
      ChartPanel panel{workload, fmt::format("{} over the mode's choice", m.name), 0, 1, {}};
      for (const WeightCase& c : cases) {
        if (c.workload != workload) continue;
        const auto designs = designs_of(c, Chosen::kAnew);
        std::map<double, std::vector<double>> by_weight;
        for (std::size_t i = 0; i < designs.size(); ++i) {
          if (designs[i] != nullptr && designs[0] != nullptr)
            by_weight[c.settings[i].weights[0]].push_back(designs[i]->*m.of / designs[0]->*m.of);
        }
        ChartLine line{c.node, false, {}};
        for (const auto& [weight, values] : by_weight)
          line.points.push_back(quartiles(weight, values));
        panel.lines.push_back(std::move(line));
      }
      fit_range(panel, 0, true);
      chart.panels.push_back(std::move(panel));
    }
  }
  return chart_svg(chart);
}

struct Span {
  double least = INFINITY, most = 0;
};

// Of a metric over the settings, over the mode's choice.
Span span_of(const std::vector<const Evaluation*>& designs, const Metric& m) {
  Span span;
  for (const Evaluation* e : designs) {
    if (e == nullptr) continue;
    span.least = std::min(span.least, e->*m.of / designs[0]->*m.of);
    span.most = std::max(span.most, e->*m.of / designs[0]->*m.of);
  }
  return span;
}

double count_binding(const std::vector<const Evaluation*>& designs, std::size_t margin) {
  return static_cast<double>(std::count_if(
      designs.begin(), designs.end(),
      [&](const Evaluation* e) { return e != nullptr && e->margins[margin] <= kBindingMargin; }));
}

}  // namespace

ExperimentTable weights_designs(const std::vector<WeightCase>& cases) {
  Table table{"weights_designs",
              "Designs chosen under weights of the score; of several runs that of the median score",
              {{"Workload", ""},
               {"Node", ""},
               {"Setting", ""},
               {"Weight of rate", ""},
               {"Weight of power", ""},
               {"Weight of area", ""},
               {"Chosen", ""},
               {"Runs", ""},
               {"Mesh", "tiles"},
               {"Tiles", ""},
               {"Clock", "MHz"},
               {"VLEN", "bit"},
               {"Rate", "tok/s"},
               {"Power", "mW"},
               {"Area", "mm2"},
               {"Score", ""},
               {"Over best known", "%"},
               {"Rate over mode's", ""},
               {"Power over mode's", ""},
               {"Area over mode's", ""},
               {"Binds", ""}},
              {}};
  for (const WeightCase& c : cases) {
    for (std::size_t i = 0; i < c.settings.size(); ++i) {
      for (const Chosen way : kWays) add_choice(table, c, way, i);
    }
  }
  ExperimentTable out = wrapped(std::move(table));
  out.picture = picture_of(cases);
  return out;
}

ExperimentTable weights_movement(const std::vector<WeightCase>& cases) {
  Table table{"weights_movement",
              fmt::format("How far the settings move the design that a search anew chooses, over "
                          "the choice under the mode's weights; 'as the mode' is within {} % in "
                          "rate, power and area",
                          100 * kUnmoved),
              {{"Workload", ""},
               {"Node", ""},
               {"Settings", ""},
               {"Feasible", ""},
               {"Meshes", ""},
               {"Rate least", ""},
               {"Rate most", ""},
               {"Power least", ""},
               {"Power most", ""},
               {"Area least", ""},
               {"Area most", ""},
               {"As the mode", ""},
               {"Binds at the mode's", ""},
               {"Power binds", "settings"},
               {"Area binds", "settings"},
               {"Memory binds", "settings"},
               {"Rate floor binds", "settings"},
               {"None binds", "settings"}},
              {}};
  for (const WeightCase& c : cases) {
    const auto designs = designs_of(c, Chosen::kAnew);
    std::vector<Cell> cells{c.workload, c.node, whole(static_cast<double>(designs.size()))};
    if (designs[0] == nullptr) {
      while (cells.size() < table.columns.size()) cells.emplace_back(kNothing);
      table.add(std::move(cells));
      continue;
    }
    std::set<std::string> meshes;
    double feasible = 0, as_mode = 0, free = 0;
    for (const Evaluation* e : designs) {
      if (e == nullptr) continue;
      ++feasible;
      meshes.insert(mesh_text(e->design));
      as_mode += unmoved(*e, *designs[0]) ? 1 : 0;
      free += binding_limits(e->margins) == "none" ? 1 : 0;
    }
    cells.insert(cells.end(), {whole(feasible), whole(static_cast<double>(meshes.size()))});
    for (const Metric& m : kMetrics) {
      const Span span = span_of(designs, m);
      cells.insert(cells.end(), {Number{span.least, 4}, Number{span.most, 4}});
    }
    cells.insert(cells.end(), {whole(as_mode - 1), binding_limits(designs[0]->margins)});
    for (const Margin m : {kMarginPower, kMarginArea, kMarginDmem, kMarginRate})
      cells.push_back(whole(count_binding(designs, m)));
    cells.push_back(whole(free));
    table.add(std::move(cells));
  }
  return wrapped(std::move(table));
}

ExperimentTable weights_reselection(const std::vector<WeightCase>& cases) {
  Table table{"weights_reselection",
              "Score over the best known design under the setting's weights, median and worst over "
              "settings (of each the median over runs)",
              {{"Workload", ""},
               {"Node", ""},
               {"Chosen", ""},
               {"Evaluations a run", ""},
               {"Settings", ""},
               {"Median", "%"},
               {"Worst", "%"},
               {"Worst at", ""},
               {"Settings no worse than anew", ""}},
              {}};
  for (const WeightCase& c : cases) {
    std::vector<double> anew;
    for (const auto& runs : c.choices[static_cast<std::size_t>(Chosen::kAnew)])
      anew.push_back(median_excess(runs));
    for (const Chosen way : kWays) {
      std::vector<double> values;
      for (const auto& runs : c.choices[static_cast<std::size_t>(way)])
        values.push_back(median_excess(runs));
      const auto worst = std::max_element(values.begin(), values.end()) - values.begin();
      double as_good = 0;
      for (std::size_t i = 0; i < values.size(); ++i) as_good += values[i] <= anew[i] ? 1 : 0;
      const PpaWeights& w = c.settings[static_cast<std::size_t>(worst)].weights;
      const auto cell = [](double v) { return std::isfinite(v) ? Cell(Number{v, 3}) : kNothing; };
      table.add({c.workload, c.node, std::string(way_name(way)),
                 whole(static_cast<double>(way == Chosen::kAnew ? c.evaluations_anew
                                                                : c.evaluations_once)),
                 whole(static_cast<double>(values.size())), cell(quantile(values, 0.5)),
                 cell(values[static_cast<std::size_t>(worst)]),
                 fmt::format("{:.2g}, {:.2g}, {:.2g}", w[0], w[1], w[2]), whole(as_good)});
    }
  }
  return wrapped(std::move(table));
}

ExperimentTable weights_elasticity(const std::vector<WeightCase>& cases) {
  Table table{"weights_elasticity",
              fmt::format("A weight of the mode times {} and over {}, the others in proportion: "
                          "elasticity of what is chosen among all designs visited, and the slope "
                          "of its score in ln W beside Eq. 48",
                          kScale, kScale),
              {{"Workload", ""},
               {"Node", ""},
               {"Weight", ""},
               {"Share", ""},
               {"Rate", "d ln/d ln W"},
               {"Power", "d ln/d ln W"},
               {"Area", "d ln/d ln W"},
               {"Score slope", ""},
               {"Eq. 48", ""},
               {"Mesh below", "tiles"},
               {"Mesh above", "tiles"},
               {"Binds below", ""},
               {"Binds above", ""}},
              {}};
  for (const WeightCase& c : cases) {
    const PpaWeights& mode = c.settings[0].weights;
    const Evaluation* at = c.visited.select(mode, c.references);
    for (std::size_t k = 0; k < std::size(kMetrics); ++k) {
      std::vector<Cell> cells{c.workload, c.node, std::string(kMetrics[k].name),
                              Number{mode[k], 3}};
      if (at == nullptr) {
        while (cells.size() < table.columns.size()) cells.emplace_back(kNothing);
        table.add(std::move(cells));
        continue;
      }
      const PpaWeights low = with_scaled(mode, k, 1 / kScale), high = with_scaled(mode, k, kScale);
      const Evaluation& below = *c.visited.select(low, c.references);
      const Evaluation& above = *c.visited.select(high, c.references);
      const double span = 2 * std::log(kScale);
      for (const Metric& m : kMetrics)
        cells.emplace_back(Number{std::log(above.*m.of / below.*m.of) / span, 3});
      const double terms[] = {bounded_ratio(c.references.tok_s, at->tok_s),
                              bounded_ratio(at->power_mw, c.references.power_mw),
                              bounded_ratio(at->area_mm2, c.references.area_mm2)};
      const double slope =
          (weighted_score(above, high, c.references) - weighted_score(below, low, c.references)) /
          span;
      cells.insert(cells.end(),
                   {Number{slope, 3},
                    Number{mode[k] * (terms[k] - weighted_score(*at, mode, c.references)), 3},
                    mesh_text(below.design), mesh_text(above.design), binding_limits(below.margins),
                    binding_limits(above.margins)});
      table.add(std::move(cells));
    }
  }
  return wrapped(std::move(table));
}

}  // namespace tilewright
