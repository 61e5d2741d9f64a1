// What a search of a neighbouring node is worth: every node of the table searched from scratch, and
// warm from its neighbours.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "agents/searcher.h"
#include "experiments/best_so_far.h"
#include "experiments/contest/chart.h"
#include "experiments/statistics.h"
#include "experiments/tables.h"

namespace tilewright {
namespace {

constexpr const char* kSearcher = "model";
constexpr std::int64_t kEarly = 10;  // one part in so many of the budget
constexpr std::int64_t kPoints = 30;

// One warm search beside the cold one of the same node and seed.
struct Trial {
  std::vector<double> cold, warm;  // best_so_far()
  Evaluation moved;                // the other node's best design, as it is, on this node

  double cold_best() const { return cold.back(); }
};

struct Pair {
  std::string from, to;
  bool to_smaller = false;
  std::vector<Trial> trials;  // by seed
};

class Transfer {
 public:
  Transfer(const Study& study, const ExperimentInputs& inputs) : study_(study), inputs_(inputs) {}

  std::vector<Pair> run() {
    const auto nodes = std::ssize(study_.points);
    std::vector<Pair> pairs;
    for (std::ptrdiff_t a = 0; a < nodes; ++a) {
      for (const std::ptrdiff_t b : {a + 1, a - 1}) {
        if (b >= 0 && b < nodes) pairs.push_back({point(a).node, point(b).node, b < a, {}});
      }
    }
    for (std::int64_t s = 0; s < inputs_.seeds; ++s) {
      seed_ = inputs_.seed + static_cast<std::uint64_t>(s);
      std::vector<SearchResult> cold;
      for (std::ptrdiff_t n = 0; n < nodes; ++n) cold.push_back(search(n, nullptr));
      for (Pair& pair : pairs) {
        const std::ptrdiff_t a = index_of(pair.from), b = index_of(pair.to);
        const SearchResult& earlier = cold[static_cast<std::size_t>(a)];
        pair.trials.push_back({best_so_far(cold[static_cast<std::size_t>(b)].log),
                               best_so_far(search(b, &earlier).log),
                               problem(b).evaluate_design(earlier.best.design)});
      }
    }
    return pairs;
  }

 private:
  const PaperPoint& point(std::ptrdiff_t n) const {
    return study_.points[static_cast<std::size_t>(n)];
  }
  std::ptrdiff_t index_of(const std::string& node) const {
    return std::find_if(study_.points.begin(), study_.points.end(),
                        [&](const PaperPoint& p) { return p.node == node; }) -
           study_.points.begin();
  }
  Problem problem(std::ptrdiff_t n) const {
    return Problem(point(n).surrogate, parse_level(inputs_.level));
  }
  SearchResult search(std::ptrdiff_t n, const SearchResult* earlier) const {
    SearchOptions options;
    options.evaluations = inputs_.episodes;
    options.seed = seed_;
    options.threads = inputs_.threads;
    if (earlier != nullptr) {
      options.earlier = earlier->log;
      options.earlier_learned = earlier->learned;
    }
    return run_search(problem(n), kSearcher, options);
  }

  const Study& study_;
  const ExperimentInputs& inputs_;
  std::uint64_t seed_ = 0;
};

Number whole(double value) {
  return {value, 0};
}

// Median and the ends of its interval; not of a single node where nothing was found.
std::vector<Cell> median_cells(const std::vector<double>& values, int digits) {
  const auto cell = [&](double v) {
    return std::isfinite(v) ? Cell(Number{v, digits})
                            : Cell(Missing{"a search found nothing feasible"});
  };
  std::vector<Cell> cells{cell(quantile(values, 0.5))};
  const auto interval = median_interval(values);
  for (const bool low : {true, false})
    cells.push_back(interval ? cell(low ? interval->low : interval->high)
                             : Cell(Missing{"a 95 % interval needs six runs"}));
  return cells;
}

// Percent by which `score` exceeds `reference`; not finite when one of them is not.
double excess(double score, double reference) {
  if (!std::isfinite(reference)) return std::isfinite(score) ? -INFINITY : INFINITY;
  return 100 * (score / reference - 1);
}

double at_early(const std::vector<double>& curve) {
  return curve[static_cast<std::size_t>(std::max<std::int64_t>(1, std::ssize(curve) / kEarly) - 1)];
}

std::vector<Cell> cells_of(const std::string& workload, const Pair& pair) {
  std::vector<double> cold, warm, share, early, early_cold, late;
  double arrived = 0, better = 0, fits = 0;
  std::vector<double> moved;
  for (const Trial& t : pair.trials) {
    const double target = t.cold_best();
    cold.push_back(static_cast<double>(evaluations_until(t.cold, target)));
    warm.push_back(static_cast<double>(evaluations_until(t.warm, target)));
    share.push_back(warm.back() / cold.back());
    arrived += std::isfinite(t.warm.back()) && t.warm.back() <= target ? 1 : 0;
    better += t.warm.back() < target ? 1 : 0;
    early_cold.push_back(excess(at_early(t.cold), target));
    early.push_back(excess(at_early(t.warm), target));
    late.push_back(excess(t.warm.back(), target));
    fits += t.moved.feasible ? 1 : 0;
    moved.push_back(t.moved.feasible ? excess(t.moved.score, target) : INFINITY);
  }
  std::vector<Cell> cells{workload, pair.from, pair.to,
                          whole(static_cast<double>(pair.trials.size())), whole(fits)};
  cells.push_back(median_cells(moved, 3).front());
  cells.push_back(whole(quantile(cold, 0.5)));
  for (Cell& cell : median_cells(warm, 0)) cells.push_back(std::move(cell));
  cells.push_back(whole(arrived));
  cells.push_back(Number{quantile(share, 0.5), 3});
  cells.push_back(median_cells(early_cold, 3).front());
  cells.push_back(median_cells(early, 3).front());
  for (Cell& cell : median_cells(late, 3)) cells.push_back(std::move(cell));
  cells.push_back(whole(better));
  return cells;
}

Table empty_table(std::int64_t budget) {
  return {
      "transfer_nodes",
      fmt::format("A node searched warm from its neighbour against from scratch, {} evaluations "
                  "each, searcher {}; medians over runs. The neighbour's own are not counted; "
                  "a run that never reaches what the cold one found counts its budget",
                  budget, kSearcher),
      {{"Workload", ""},
       {"From", ""},
       {"To", ""},
       {"Runs", ""},
       {"Design fits as it is", ""},
       {"As it is over cold", "%"},
       {"Cold evaluations", ""},
       {"Warm evaluations", ""},
       {"Warm low", ""},
       {"Warm high", ""},
       {"Warm runs that arrive", ""},
       {"Warm over cold", ""},
       {"Cold score at a tenth", "%"},
       {"Warm score at a tenth", "%"},
       {"Warm score at the end", "%"},
       {"End low", "%"},
       {"End high", "%"},
       {"Runs that end better", ""}},
      {}};
}

void add(ExperimentTable& out, std::vector<Cell> cells) {
  out.table.add(std::move(cells));
  out.computed_row.push_back(true);
}

// The pairs that are asked for, as one.
template <typename Wanted>
Pair joined(const std::vector<Pair>& pairs, const std::string& from, const std::string& to,
            Wanted wanted) {
  Pair all{from, to, false, {}};
  for (const Pair& pair : pairs) {
    if (wanted(pair)) all.trials.insert(all.trials.end(), pair.trials.begin(), pair.trials.end());
  }
  return all;
}

ExperimentTable curves_of(const std::vector<std::pair<std::string, Pair>>& workloads,
                          std::int64_t budget) {
  ExperimentTable out;
  out.table = Table{"transfer_nodes_curve",
                    "Best score so far over the cold search's last, quartiles over all pairs and "
                    "runs by nearest rank",
                    {{"Workload", ""},
                     {"Start", ""},
                     {"Evaluations", ""},
                     {"Lower quartile", "%"},
                     {"Median", "%"},
                     {"Upper quartile", "%"}},
                    {}};
  Chart chart;
  chart.caption = "Searches warm from a neighbouring node and from scratch";
  chart.note = "Median and quartiles over pairs of nodes and runs";
  chart.x_label = "evaluations";
  chart.x_high = static_cast<double>(std::max<std::int64_t>(2, budget));
  chart.columns = workloads.size();
  for (const auto& [workload, all] : workloads) {
    ChartPanel panel{workload, "score over the cold search's last, %", 0, 1, {}};
    for (const bool warm : {false, true}) {
      ChartLine line{warm ? "warm" : "from scratch", false, {}};
      for (const std::int64_t x : spaced_evaluations(budget, kPoints)) {
        std::vector<double> values;
        for (const Trial& t : all.trials) {
          const std::vector<double>& curve = warm ? t.warm : t.cold;
          const auto at = static_cast<std::size_t>(std::min<std::int64_t>(x, std::ssize(curve)));
          values.push_back(excess(curve[at - 1], t.cold_best()));
        }
        const ChartPoint p = quartiles(static_cast<double>(x), values);
        line.points.push_back(p);
        std::vector<Cell> cells{workload, line.label, whole(p.x)};
        for (const double v : {p.low, p.middle, p.high}) {
          cells.push_back(std::isfinite(v) ? Cell(Number{v, 4})
                                           : Cell(Missing{"a search found nothing feasible"}));
        }
        add(out, std::move(cells));
      }
      panel.lines.push_back(std::move(line));
    }
    fit_range(panel, chart.x_high / 20, false);
    chart.panels.push_back(std::move(panel));
  }
  out.figure_column.assign(out.table.columns.size(), false);
  out.picture = chart_svg(chart);
  return out;
}

}  // namespace

std::vector<ExperimentTable> node_transfer(const ExperimentInputs& inputs) {
  ExperimentTable out;
  out.table = empty_table(inputs.episodes);
  out.figure_column.assign(out.table.columns.size(), false);
  std::vector<std::pair<std::string, Pair>> workloads;
  for (const Study* study : {&inputs.llama, &inputs.smolvlm}) {
    const std::vector<Pair> pairs = Transfer(*study, inputs).run();
    for (const Pair& pair : pairs) add(out, cells_of(study->workload, pair));
    const Pair all = joined(pairs, "all", "all", [](const Pair&) { return true; });
    for (const Pair& pair :
         {joined(pairs, "next larger", "all", [](const Pair& p) { return p.to_smaller; }),
          joined(pairs, "next smaller", "all", [](const Pair& p) { return !p.to_smaller; }), all})
      add(out, cells_of(study->workload, pair));
    workloads.emplace_back(study->workload, all);
  }
  ExperimentTable curves = curves_of(workloads, inputs.episodes);
  return {std::move(out), std::move(curves)};
}

}  // namespace tilewright
