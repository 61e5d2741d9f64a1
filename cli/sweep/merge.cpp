#include "cli/sweep/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "cli/sweep/result.h"
#include "experiments/statistics.h"
#include "support/file.h"
#include "support/file_lock.h"
#include "support/json.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

// Numbers of ppa.json in the order of the columns.
constexpr const char* kFigures[] = {"clock_mhz", "tok_s",      "tok_s_without_drafts", "power_mw",
                                    "area_mm2",  "latency_ms", "energy_mj_per_unit",   "score"};

struct Row {
  std::map<std::string, double> figures;
  std::string mesh, binding;
  bool feasible = false;
};

Row row_of(const JobResult& result, const std::string& where) {
  Row row;
  for (const char* key : kFigures) row.figures[key] = required<double>(result.ppa, key, where);
  row.mesh = fmt::format("{}x{}", result.design.at("mesh").at("w").get<int>(),
                         result.design.at("mesh").at("h").get<int>());
  row.binding = result.ppa.at("ceilings").at("binding").get<std::string>();
  row.feasible = result.ppa.at("feasible").get<bool>();
  return row;
}

bool beats(const Row& a, const Row& b) {
  if (a.feasible != b.feasible) return a.feasible;
  return a.figures.at("score") < b.figures.at("score");
}

struct Absent {
  std::string reason;
  bool failed = false;
};

Absent why_absent(const SearchJob& job) {
  if (fs::exists(job.log)) {
    if (!FileLock::try_lock(job.log)) return {"running"};
    return {"failed; see jobs/" + job.name + ".log", true};
  }
  const bool begun = fs::exists(job.folder()) || fs::exists(job.folder().string() + ".checkpoint");
  return {begun ? "not finished" : "not run"};
}

Table jobs_table(const std::string& id, const std::string& caption) {
  return {id,
          caption,
          {{"Workload", ""},
           {"Node", ""},
           {"Mode", ""},
           {"Seed", ""},
           {"Mesh", ""},
           {"Clock", "MHz"},
           {"Rate", "1/s"},
           {"Without drafts", "1/s"},
           {"Power", "mW"},
           {"Area", "mm2"},
           {"Latency", "ms"},
           {"Energy", "mJ"},
           {"Score", ""},
           {"Feasible", ""},
           {"Binding", ""}},
          {}};
}

std::vector<Cell> key_cells(const SearchJob& job) {
  return {job.workload, job.node(), job.mode()};
}

void add_row(Table& table, const SearchJob& job, const Row& row) {
  std::vector<Cell> cells = key_cells(job);
  cells.emplace_back(Number{static_cast<double>(job.seed())});
  cells.emplace_back(row.mesh);
  for (const char* key : kFigures) cells.emplace_back(Number{row.figures.at(key)});
  cells.emplace_back(std::string(row.feasible ? "yes" : "no"));
  cells.emplace_back(row.binding);
  table.add(std::move(cells));
}

void add_absent(Table& table, const SearchJob& job, const std::string& reason) {
  std::vector<Cell> cells = key_cells(job);
  cells.emplace_back(Number{static_cast<double>(job.seed())});
  cells.resize(table.columns.size(), Missing{reason});
  table.add(std::move(cells));
}

// All seeds of one workload, mode and node.
struct Group {
  const SearchJob* first = nullptr;
  std::size_t planned = 0;
  std::vector<std::pair<const SearchJob*, Row>> rows;  // of those that are done
};

void add_best(Table& table, const Group& group) {
  if (group.rows.empty()) return;
  const auto best =
      std::min_element(group.rows.begin(), group.rows.end(),
                       [](const auto& a, const auto& b) { return beats(a.second, b.second); });
  add_row(table, *best->first, best->second);
}

struct Summarised {
  const char *key, *name, *unit;
};
constexpr Summarised kSummarised[] = {{"score", "Score", ""},
                                      {"tok_s", "Rate", "1/s"},
                                      {"power_mw", "Power", "mW"},
                                      {"area_mm2", "Area", "mm2"}};

Table summary_table() {
  Table table{
      "sweep_summary",
      "Medians over the seeds whose design is feasible; low and high bound the median with "
      "the coverage given, whatever the distribution",
      {{"Workload", ""}, {"Node", ""}, {"Mode", ""}, {"Seeds", ""}, {"Done", ""}, {"Feasible", ""}},
      {}};
  for (const Summarised& what : kSummarised) {
    for (const char* part : {"", " low", " high"})
      table.columns.push_back({std::string(what.name) + part, what.unit});
  }
  table.columns.push_back({"Coverage", ""});
  return table;
}

void add_summary(Table& table, const Group& group) {
  std::vector<Row> feasible;
  for (const auto& [job, row] : group.rows) {
    if (row.feasible) feasible.push_back(row);
  }
  std::vector<Cell> cells = key_cells(*group.first);
  for (const std::size_t count : {group.planned, group.rows.size(), feasible.size()})
    cells.emplace_back(Number{static_cast<double>(count)});
  std::optional<MedianInterval> interval;
  for (const Summarised& what : kSummarised) {
    std::vector<double> values;
    values.reserve(feasible.size());
    for (const Row& row : feasible) values.push_back(row.figures.at(what.key));
    cells.emplace_back(values.empty() ? Cell(Missing{"no feasible seed"})
                                      : Cell(Number{median(values)}));
    interval = median_interval(values);
    const Missing few{"too few feasible seeds for an interval of 95 %"};
    cells.emplace_back(interval ? Cell(Number{interval->low}) : Cell(few));
    cells.emplace_back(interval ? Cell(Number{interval->high}) : Cell(few));
  }
  cells.emplace_back(interval ? Cell(Number{interval->coverage}) : Cell(Missing{"no interval"}));
  table.add(std::move(cells));
}

}  // namespace

MergedSweep merge_jobs(const std::vector<SearchJob>& jobs) {
  MergedSweep merged{jobs_table("sweep", "Every job of the sweep"),
                     jobs_table("sweep_best", "Best seed by workload, mode and node"),
                     summary_table(), 0};
  using Key = std::tuple<std::string, std::string, std::string>;
  std::map<Key, std::size_t> index;
  std::vector<Group> groups;  // in the order of their first jobs
  Results results;
  for (const SearchJob& job : jobs) {
    const auto [at, is_new] =
        index.try_emplace(Key{job.workload, job.mode(), job.node()}, groups.size());
    if (is_new) groups.push_back({&job, 0, {}});
    Group& group = groups[at->second];
    ++group.planned;
    if (const auto result = results.read(job)) {
      const Row row = row_of(*result, job.folder().string());
      merged.status = std::max(merged.status, row.feasible ? 0 : 1);
      add_row(merged.all, job, row);
      group.rows.emplace_back(&job, row);
    } else {
      const Absent absent = why_absent(job);
      merged.status = std::max(merged.status, absent.failed ? 2 : 1);
      add_absent(merged.all, job, absent.reason);
    }
  }
  for (const Group& group : groups) {
    add_best(merged.best, group);
    add_summary(merged.summary, group);
  }
  return merged;
}

void write_merged(const MergedSweep& merged, const fs::path& folder) {
  for (const Table* table : {&merged.all, &merged.best, &merged.summary}) {
    write_file(folder / (table->id + ".csv"), to_csv(*table));
    write_file(folder / (table->id + ".tex"), to_latex(*table));
  }
}

}  // namespace tilewright
