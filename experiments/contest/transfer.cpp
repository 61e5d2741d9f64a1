#include "experiments/contest/transfer.h"

#include <cmath>

namespace tilewright {
namespace {

struct Arrivals {
  std::vector<double> evaluations;  // a run that never arrives counts its budget
  std::int64_t arrived = 0;
};

Arrivals arrivals_of(const Entry& entry, const BestKnown& best) {
  const double near = best.score + kArrived * std::fabs(best.score);
  Arrivals all;
  for (const RunRecord* run : entry.runs) {
    all.evaluations.push_back(static_cast<double>(evaluations_to(*run, near)));
    all.arrived += best_score(*run) <= near ? 1 : 0;
  }
  return all;
}

const Entry* cold_of(const Heat& heat, const Entry& warm) {
  for (const Entry& entry : heat.entries) {
    if (entry.variant.searcher == warm.variant.searcher && entry.missing.empty() &&
        entry.variant.settings == searcher_settings(warm.variant.settings))
      return &entry;
  }
  return nullptr;
}

Number whole(double value) {
  return {value, 0};
}

std::vector<Cell> figures(const Heat& heat, const Entry& cold, const Entry& warm) {
  const Arrivals before = arrivals_of(cold, *heat.best), after = arrivals_of(warm, *heat.best);
  const double cold_median = median(before.evaluations), warm_median = median(after.evaluations);
  const auto interval = median_interval(after.evaluations);
  const Missing few{"a 95 % interval needs six runs"};
  return {whole(cold_median),
          whole(static_cast<double>(before.arrived)),
          whole(warm_median),
          interval ? Cell(whole(interval->low)) : Cell(few),
          interval ? Cell(whole(interval->high)) : Cell(few),
          whole(static_cast<double>(after.arrived)),
          whole(static_cast<double>(after.evaluations.size())),
          Number{warm_median / cold_median, 3}};
}

}  // namespace

Table transfer_table(const std::vector<Heat>& heats) {
  Table table{"transfer",
              "Warm starts: median evaluations until within 1 % of the best known design; a run "
              "that never arrives counts its budget. The earlier search's own are not counted",
              {{"Model", ""},
               {"Node", ""},
               {"From", ""},
               {"Earlier evaluations", ""},
               {"Track", ""},
               {"Budget", ""},
               {"Searcher", ""},
               {"Cold", ""},
               {"Cold runs that arrive", ""},
               {"Warm", ""},
               {"Low", ""},
               {"High", ""},
               {"Warm runs that arrive", ""},
               {"Runs", ""},
               {"Warm over cold", ""}},
              {}};
  for (const Heat& heat : heats) {
    for (const Entry& warm : heat.entries) {
      const RunSpec spec = spec_of(heat.where, heat.track, heat.budget, warm.variant, 0);
      const auto start = warm_start_of(spec);
      if (!start) continue;
      std::vector<Cell> cells{heat.where.model,
                              heat.where.node,
                              name_of(start->where),
                              whole(static_cast<double>(start->budget)),
                              std::string(track_name(heat.track)),
                              whole(static_cast<double>(heat.budget)),
                              warm.variant.searcher};
      const Entry* cold = cold_of(heat, warm);
      std::string reason = warm.missing;
      if (reason.empty() && cold == nullptr) reason = "the searcher did not run cold";
      if (reason.empty() && !heat.best) reason = "no best design is known";
      if (reason.empty()) {
        for (Cell& cell : figures(heat, *cold, warm)) cells.push_back(std::move(cell));
      }
      while (cells.size() < table.columns.size()) cells.emplace_back(Missing{reason});
      table.add(std::move(cells));
    }
  }
  return table;
}

}  // namespace tilewright
