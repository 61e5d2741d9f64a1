#include "experiments/contest/ablation.h"

#include <algorithm>

namespace tilewright {
namespace {

constexpr double kSignificant = 0.05;

const Entry* entry_called(const Heat& heat, const std::string& label) {
  const auto at = std::find_if(heat.entries.begin(), heat.entries.end(),
                               [&](const Entry& e) { return e.variant.label == label; });
  return at == heat.entries.end() || !at->missing.empty() ? nullptr : &*at;
}

std::string verdict(const MannWhitney& test, double superiority) {
  if (test.p >= kSignificant) return "no clear difference";
  return superiority > 0.5 ? "better" : "worse";
}

std::vector<Cell> against(const Entry& entry, const Entry& reference) {
  const MannWhitney test = mann_whitney(entry.scores, reference.scores);
  const double superiority = probability_below(entry.scores, reference.scores);
  return {Number{entry.median - reference.median}, Number{test.p, 4}, Number{superiority, 3},
          verdict(test, superiority)};
}

std::vector<Cell> own_figures(const Heat& heat, const Entry& entry) {
  const Missing few{"a 95 % interval needs six runs"};
  std::vector<Cell> cells{Number{entry.median},
                          entry.interval ? Cell(Number{entry.interval->low}) : Cell(few),
                          entry.interval ? Cell(Number{entry.interval->high}) : Cell(few)};
  cells.push_back(heat.best ? Cell(Number{entry.median - heat.best->score})
                            : Cell(Missing{"no best design is known"}));
  cells.push_back(Number{entry.feasible_share, 3});
  return cells;
}

}  // namespace

Table ablation_table(const std::vector<Heat>& heats, const std::string& reference) {
  Table table{"ablation",
              "Every variant against '" + reference +
                  "': median best score with its 95 % interval, difference of the medians, "
                  "two-sided Mann-Whitney test and probability that a run is better than one of "
                  "the reference; 'worse' and 'better' at 5 %, uncorrected",
              {{"Model", ""},
               {"Node", ""},
               {"Track", ""},
               {"Budget", ""},
               {"Variant", ""},
               {"Settings", ""},
               {"Runs", ""},
               {"Median best score", ""},
               {"Low", ""},
               {"High", ""},
               {"Median regret", ""},
               {"Feasible", ""},
               {"Difference", ""},
               {"p", ""},
               {"Superiority", ""},
               {"Verdict", ""}},
              {}};
  for (const Heat& heat : heats) {
    const Entry* base = entry_called(heat, reference);
    for (const Entry& entry : heat.entries) {
      std::vector<Cell> cells{heat.where.model,
                              heat.where.node,
                              std::string(track_name(heat.track)),
                              Number{static_cast<double>(heat.budget), 0},
                              entry.variant.label,
                              searcher_text(entry.variant.searcher, entry.variant.settings),
                              Number{static_cast<double>(entry.runs.size()), 0}};
      if (entry.missing.empty()) {
        for (Cell& cell : own_figures(heat, entry)) cells.push_back(std::move(cell));
        if (&entry == base) {
          cells.insert(cells.end(), 4, Missing{"the reference"});
        } else if (base != nullptr) {
          for (Cell& cell : against(entry, *base)) cells.push_back(std::move(cell));
        }
      }
      const std::string reason =
          entry.missing.empty() ? "the reference has no figures" : entry.missing;
      while (cells.size() < table.columns.size()) cells.emplace_back(Missing{reason});
      table.add(std::move(cells));
    }
  }
  return table;
}

}  // namespace tilewright
