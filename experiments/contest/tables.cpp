#include "experiments/contest/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tilewright {
namespace {

template <typename Value>
Number number(Value value, int digits = 0) {
  return {static_cast<double>(value), digits};
}

const Missing& no_best() {
  static const Missing reason{"no best design is known"};
  return reason;
}

// A score, or why there is none.
Cell score_cell(double score) {
  if (std::isfinite(score)) return Number{score};
  return Missing{"nothing feasible was found"};
}

Cell regret_cell(double score, const std::optional<BestKnown>& best) {
  if (!best) return no_best();
  return score_cell(score - best->score);
}

std::vector<Cell> heat_cells(const Heat& heat) {
  return {heat.where.model, heat.where.node, std::string(track_name(heat.track)),
          number(heat.budget)};
}

std::vector<Column> heat_columns(std::vector<Column> more) {
  std::vector<Column> columns{{"Model", ""}, {"Node", ""}, {"Track", ""}, {"Budget", ""}};
  columns.insert(columns.end(), more.begin(), more.end());
  return columns;
}

void add_entry(Table& table, const Heat& heat, const Entry& entry, std::vector<Cell> figures) {
  std::vector<Cell> cells = heat_cells(heat);
  cells.emplace_back(entry.variant.label);
  cells.insert(cells.end(), figures.begin(), figures.end());
  // What no figure was given for has one reason.
  while (cells.size() < table.columns.size()) cells.emplace_back(Missing{entry.missing});
  table.add(std::move(cells));
}

std::vector<Cell> run_cells(const Heat& heat, const PlannedRun& planned) {
  const RunRecord& run = *planned.record;
  const double score = best_score(run);
  Cell arrived = no_best();
  if (heat.best) {
    const double near = heat.best->score + kArrived * std::fabs(heat.best->score);
    arrived =
        score <= near ? Cell(number(evaluations_to(run, near))) : Cell(Missing{"never within 1 %"});
  }
  return {score_cell(score),
          regret_cell(score, heat.best),
          number(run.evaluations),
          number(run.marks.back().feasible),
          number(run.marks.back().distinct),
          number(run.marks.back().distinct_feasible),
          arrived,
          number(run.l0_calls)};
}

void add_interval(std::vector<Cell>& cells, const Entry& entry, double minus,
                  const std::optional<Missing>& none) {
  for (const bool low : {true, false}) {
    if (none) {
      cells.emplace_back(*none);
    } else if (!entry.interval) {
      cells.emplace_back(Missing{"a 95 % interval needs six runs"});
    } else {
      cells.push_back(score_cell((low ? entry.interval->low : entry.interval->high) - minus));
    }
  }
}

void add_rival(std::vector<Cell>& cells, const Entry& entry) {
  if (!entry.rival) {
    cells.insert(cells.end(), 4, Missing{"no other baseline took part"});
    return;
  }
  cells.insert(cells.end(), {entry.rival->label, number(entry.rival->test.p, 4),
                             std::string(entry.rival->test.exact ? "exact" : "normal"),
                             number(entry.rival->superiority)});
}

std::vector<Cell> summary_cells(const Heat& heat, const Entry& entry) {
  if (!entry.missing.empty())
    return {searcher_text(entry.variant.searcher, entry.variant.settings)};
  const RunRecord& one = *entry.runs.front();
  std::vector<Cell> cells{searcher_text(entry.variant.searcher, entry.variant.settings),
                          number(entry.runs.size()), number(entry.voided)};
  cells.push_back(one.initial_feasible ? score_cell(one.initial_score)
                                       : Cell(Missing{"the initial design is not feasible"}));
  cells.push_back(score_cell(entry.median));
  add_interval(cells, entry, 0, {});
  cells.push_back(regret_cell(entry.median, heat.best));
  add_interval(cells, entry, heat.best ? heat.best->score : 0,
               heat.best ? std::nullopt : std::optional<Missing>(no_best()));
  cells.insert(cells.end(), {number(entry.feasible_share), number(entry.distinct),
                             number(entry.distinct_feasible)});
  cells.push_back(heat.best ? Cell(number(entry.evaluations_to_best)) : Cell(no_best()));
  cells.push_back(heat.best ? Cell(number(entry.arrived)) : Cell(no_best()));
  add_rival(cells, entry);
  cells.insert(cells.end(), {number(entry.rank), std::string(entry.first ? "yes" : "no")});
  return cells;
}

// Everybody, in the order of the heats.
std::vector<std::string> labels_of(const std::vector<Heat>& heats) {
  std::vector<std::string> labels;
  for (const Heat& heat : heats) {
    for (const Entry& entry : heat.entries) {
      if (std::find(labels.begin(), labels.end(), entry.variant.label) == labels.end())
        labels.push_back(entry.variant.label);
    }
  }
  return labels;
}

// "7 of 8": in how many cases a searcher is first or tied for first.
Cell standing(const std::vector<Heat>& heats, const std::string& label, Track track,
              std::int64_t budget) {
  std::int64_t first = 0, cases = 0, missing = 0;
  for (const Heat& heat : heats) {
    if (heat.track != track || heat.budget != budget) continue;
    for (const Entry& entry : heat.entries) {
      if (entry.variant.label != label) continue;
      ++cases;
      first += entry.first ? 1 : 0;
      missing += entry.missing.empty() ? 0 : 1;
    }
  }
  if (cases == 0) return Missing{"does not take part"};
  if (missing > 0) return Missing{fmt::format("{} of {} cases have no figures", missing, cases)};
  return fmt::format("{} of {}", first, cases);
}

// "ranks 2 and 9 of 10 runs cover 97.9 %" of the first interval that there is.
std::string interval_text(const std::vector<Heat>& heats) {
  for (const Heat& heat : heats) {
    for (const Entry& entry : heat.entries) {
      if (!entry.interval) continue;
      const std::size_t n = entry.scores.size(), low = entry.interval->low_rank;
      return fmt::format("; ranks {} and {} of {} runs cover {:.1f} %", low, n + 1 - low, n,
                         100 * entry.interval->coverage);
    }
  }
  return "";
}

}  // namespace

Table contest_runs_table(const std::vector<Heat>& heats) {
  Table table{"contest", "Every run of the contest", {}, {}};
  table.columns = heat_columns({{"Searcher", ""},
                                {"Settings", ""},
                                {"Seed", ""},
                                {"State", ""},
                                {"Best score", ""},
                                {"Regret", ""},
                                {"Evaluations", ""},
                                {"Feasible", ""},
                                {"Distinct designs", ""},
                                {"Distinct feasible", ""},
                                {"Within 1 % after", ""},
                                {"L0 queries", ""}});
  for (const Heat& heat : heats) {
    for (const Entry& entry : heat.entries) {
      for (const PlannedRun& run : entry.planned) {
        std::vector<Cell> cells = heat_cells(heat);
        cells.insert(cells.end(), {entry.variant.label,
                                   searcher_text(entry.variant.searcher, entry.variant.settings),
                                   number(run.spec.seed), std::string(state_name(run.state))});
        if (run.state == RunState::kValid) {
          for (Cell& cell : run_cells(heat, run)) cells.push_back(std::move(cell));
        }
        while (cells.size() < table.columns.size()) cells.emplace_back(Missing{run.reason});
        table.add(std::move(cells));
      }
    }
  }
  return table;
}

Table contest_summary_table(const std::vector<Heat>& heats) {
  Table table{"summary", "", {}, {}};
  table.caption =
      "The contest by case, track, budget and searcher. Medians over runs; 95 % interval of the "
      "median from order statistics, exact for any distribution" +
      interval_text(heats) +
      ". Regret: best score minus the best known. p: two-sided Mann-Whitney test of the best "
      "scores against the best other baseline, exact without ties and up to 20 runs a side, else "
      "normal with corrections for ties and continuity. Superiority: probability that a run's "
      "best score is lower than one of that baseline. Feasible: share of evaluations. A run that "
      "never comes within 1 % of the best known counts its budget";
  table.columns = heat_columns({{"Searcher", ""},
                                {"Settings", ""},
                                {"Runs", ""},
                                {"Void runs", ""},
                                {"Initial score", ""},
                                {"Median best score", ""},
                                {"Low", ""},
                                {"High", ""},
                                {"Median regret", ""},
                                {"Regret low", ""},
                                {"Regret high", ""},
                                {"Feasible", ""},
                                {"Distinct designs", ""},
                                {"Distinct feasible", ""},
                                {"Within 1 % after", ""},
                                {"Runs within 1 %", ""},
                                {"Best other baseline", ""},
                                {"p", ""},
                                {"Test", ""},
                                {"Superiority", ""},
                                {"Rank", ""},
                                {"First or tied", ""}});
  for (const Heat& heat : heats) {
    for (const Entry& entry : heat.entries)
      add_entry(table, heat, entry, summary_cells(heat, entry));
  }
  return table;
}

Table contest_standings_table(const std::vector<Heat>& heats) {
  Table table{"standings",
              fmt::format("Cases in which a searcher is first or tied for first: median best score "
                          "within {} of the lowest, and the probability that a run of the leader "
                          "is better at most {}",
                          kTiedMedian, kTiedSuperiority),
              {{"Searcher", ""}},
              {}};
  std::vector<std::pair<Track, std::int64_t>> combinations;
  for (const Heat& heat : heats) {
    const std::pair combination{heat.track, heat.budget};
    if (std::find(combinations.begin(), combinations.end(), combination) != combinations.end())
      continue;
    combinations.push_back(combination);
    table.columns.push_back({fmt::format("{} {}", track_name(heat.track), heat.budget), ""});
  }
  for (const std::string& label : labels_of(heats)) {
    std::vector<Cell> cells{label};
    for (const auto& [track, budget] : combinations)
      cells.push_back(standing(heats, label, track, budget));
    table.add(std::move(cells));
  }
  return table;
}

Table contest_times_table(const std::vector<Heat>& heats) {
  Table table{"times",
              "Median time of a run, the evaluations' included; runs shared the machine",
              heat_columns({{"Searcher", ""}, {"Wall time", "s"}, {"Processor time", "s"}}),
              {}};
  for (const Heat& heat : heats) {
    for (const Entry& entry : heat.entries) {
      add_entry(table, heat, entry,
                entry.missing.empty()
                    ? std::vector<Cell>{number(entry.wall_s, 4), number(entry.cpu_s, 4)}
                    : std::vector<Cell>{});
    }
  }
  return table;
}

Table contest_best_table(const std::vector<Heat>& heats) {
  Table table{"best_known_used",
              "The best known design of each case, from which regret is measured",
              {{"Model", ""},
               {"Node", ""},
               {"Score", ""},
               {"From", ""},
               {"Found by", ""},
               {"Seed", ""},
               {"Evaluation", ""},
               {"Of", ""}},
              {}};
  std::vector<ContestCase> done;
  for (const Heat& heat : heats) {
    if (std::find(done.begin(), done.end(), heat.where) != done.end()) continue;
    done.push_back(heat.where);
    std::vector<Cell> cells{heat.where.model, heat.where.node};
    if (heat.best) {
      cells.insert(cells.end(), {Number{heat.best->score}, heat.best->source, heat.best->found_by,
                                 number(heat.best->seed), number(heat.best->evaluation),
                                 number(heat.best->budget)});
    }
    while (cells.size() < table.columns.size()) cells.emplace_back(no_best());
    table.add(std::move(cells));
  }
  return table;
}

}  // namespace tilewright
