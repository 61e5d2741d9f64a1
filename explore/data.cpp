#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <set>

#include "explore/page.h"
#include "explore/tile_map.h"
#include "support/json.h"

namespace tilewright {
namespace {

constexpr int kDigits = 6;  // of what is measured; what is exact is written exactly

// An evaluation of one of the folders.
struct Row {
  std::size_t folder, row;
};

Json vocabulary() {
  Json variables = Json::array(), margins = Json::array();
  for (std::size_t i = 0; i < kActionCount; ++i) {
    const ActionInfo& info = action_info(i);
    variables.push_back({{"name", info.name}, {"unit", info.unit}, {"meaning", info.meaning}});
  }
  for (std::size_t m = 0; m < kMarginCount; ++m)
    margins.push_back({{"name", margin_name(m)}, {"meaning", margin_meaning(m)}});
  return {{"variables", variables}, {"margins", margins}};
}

// Rows from the best on: feasible before infeasible, then lower violation, then lower score.
std::vector<std::size_t> ranked(const SearchLog& log) {
  std::vector<std::size_t> rows(log.rows());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const auto &score = log.column("score"), &violation = log.column("violation");
  std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
    if (log.feasible(a) != log.feasible(b)) return log.feasible(a);
    if (!log.feasible(a) && violation[a] != violation[b]) return violation[a] < violation[b];
    return score[a] < score[b];
  });
  return rows;
}

std::optional<std::size_t> final_row(const Explored& folder) {
  if (folder.log.rows() == 0) return std::nullopt;
  std::vector<const std::vector<double>*> columns;
  for (std::size_t i = 0; i < kActionCount; ++i)
    columns.push_back(&folder.log.column(std::string(action_info(i).name)));
  for (std::size_t r = 0; r < folder.log.rows(); ++r) {
    bool same = true;
    for (std::size_t i = 0; i < kActionCount && same; ++i)
      same = (*columns[i])[r] == folder.design.actions[i];
    if (same) return r;
  }
  return std::nullopt;
}

// Of `rows` at most about `most`, at equal steps.
std::vector<std::size_t> thinned(const std::vector<std::size_t>& rows, std::size_t most) {
  const std::size_t step =
      std::max<std::size_t>(1, (rows.size() + most - 1) / std::max<std::size_t>(most, 1));
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < rows.size(); i += step) kept.push_back(rows[i]);
  return kept;
}

// All when they have room. Else the final design, the Pareto set, the best and the rest, each
// thinned to a part of the room; by row.
std::vector<std::size_t> shown_rows(const Explored& folder, std::size_t room) {
  const std::size_t all = folder.log.rows();
  std::vector<std::size_t> every(all);
  std::iota(every.begin(), every.end(), std::size_t{0});
  if (all <= room) return every;
  std::set<std::size_t> shown;
  if (const auto last = final_row(folder)) shown.insert(*last);
  const auto front = thinned(folder.pareto, room / 2);
  shown.insert(front.begin(), front.end());
  const auto best = ranked(folder.log);
  shown.insert(best.begin(), best.begin() + static_cast<std::ptrdiff_t>(room / 4));
  const auto rest = thinned(every, room > shown.size() ? room - shown.size() : 1);
  shown.insert(rest.begin(), rest.end());
  return {shown.begin(), shown.end()};
}

std::vector<double> best_so_far(const SearchLog& log) {
  std::vector<double> best;
  double least = std::numeric_limits<double>::quiet_NaN();
  const auto& score = log.column("score");
  for (std::size_t r = 0; r < log.rows(); ++r) {
    if (log.feasible(r) && !(score[r] >= least)) least = score[r];
    best.push_back(least);
  }
  return best;
}

// A column that never changes is one number.
Json column_json(const std::vector<double>& values, const std::vector<std::size_t>& rows) {
  Json json = Json::array();
  bool constant = !rows.empty();
  for (const std::size_t row : rows) {
    json.push_back(rounded(values[row], kDigits));  // NaN becomes null
    constant = constant && values[row] == values[rows.front()];
  }
  return constant ? json.front() : json;
}

Json evaluations_json(const Explored& folder, const std::vector<std::size_t>& rows) {
  const SearchLog& log = folder.log;
  Json json{{"total", log.rows()}, {"shown", rows.size()}};
  Json columns = Json::object();
  for (std::size_t c = 0; c < log.names.size(); ++c)
    columns[log.names[c]] = column_json(log.columns[c], rows);
  if (log.rows() > 0) columns["best_score"] = column_json(best_so_far(log), rows);
  json["columns"] = columns;
  // Positions among the rows shown.
  const auto position = [&](std::size_t row) {
    return std::lower_bound(rows.begin(), rows.end(), row) - rows.begin();
  };
  json["pareto_total"] = folder.pareto.size();
  json["pareto"] = Json::array();
  for (const std::size_t row : folder.pareto) {
    if (std::binary_search(rows.begin(), rows.end(), row)) json["pareto"].push_back(position(row));
  }
  if (const auto last = final_row(folder)) json["final"] = position(*last);
  return json;
}

Json final_map(const Explored& folder) {
  MapRequest request = folder.surrogate->map_request(folder.design.actions);
  if (!folder.design.tiles.empty()) request.fixed_tiles = &folder.design.tiles;
  Mapping mapping;
  std::vector<TileLinks> links;
  folder.surrogate->mapper()->map(request, mapping, links);
  return tile_map_json(mapping, links);
}

// ppa.json less what the page does not show.
Json shown_ppa(Json ppa) {
  ppa.erase("factors");
  if (ppa.contains("physical")) ppa["physical"].erase("influences");
  return ppa;
}

// Less what is known of the final design alone, too.
Json brief(const Ppa& ppa) {
  Json json = shown_ppa(to_json(ppa));
  for (const char* key : {"schema", "schema_version", "advice", "reference"}) json.erase(key);
  if (json.contains("physical")) {
    for (const char* key : {"bands", "relaxations"}) json["physical"].erase(key);
  }
  return json;
}

// An evaluated design, mapped and judged again. A folder of another version of the program may say
// something else of it: then there is no map.
Json mapped(const Explored& folder, std::size_t row) {
  const ActionVector actions = folder.log.design(row);
  const Surrogate& surrogate = *folder.surrogate;
  Mapping mapping;
  std::vector<TileLinks> links;
  surrogate.mapper()->map(surrogate.map_request(actions), mapping, links);
  const Ppa ppa = folder.level == Level::kL0 ? surrogate.evaluate_l0(actions)
                                             : surrogate.judge(actions, mapping);
  if (ppa.score != folder.log.column("score")[row])
    return {{"missing", "this version of the program scores it otherwise"}};
  Json json = tile_map_json(mapping, links);
  json["ppa"] = brief(ppa);
  return json;
}

// Members of all folders' lists in turn: the first of each, the second of each, ...
std::vector<Row> in_turn(const std::vector<std::vector<std::size_t>>& lists) {
  std::vector<Row> rows;
  std::size_t longest = 0;
  for (const auto& list : lists) longest = std::max(longest, list.size());
  for (std::size_t i = 0; i < longest; ++i) {
    for (std::size_t f = 0; f < lists.size(); ++f) {
      if (i < lists[f].size()) rows.push_back({f, lists[f][i]});
    }
  }
  return rows;
}

// Rows of every folder that should have a map, by falling importance.
std::vector<Row> wanted_maps(const std::vector<Explored>& folders, const PageRoom& room) {
  std::vector<std::vector<std::size_t>> lists;
  for (const Explored& folder : folders) {
    auto& list = lists.emplace_back();
    if (folder.log.rows() == 0) continue;
    const auto best = ranked(folder.log);
    const auto last = final_row(folder);
    // Best and Pareto set alternate, so that a page without room for all has both.
    for (std::size_t i = 0; i < std::max(room.best_mapped, folder.pareto.size()); ++i) {
      if (i < std::min(room.best_mapped, best.size())) list.push_back(best[i]);
      if (i < folder.pareto.size()) list.push_back(folder.pareto[i]);
    }
    std::set<std::size_t> seen;
    std::erase_if(list, [&](std::size_t row) { return row == last || !seen.insert(row).second; });
  }
  return in_turn(lists);
}

Json folder_json(const Explored& folder, const std::vector<std::size_t>& rows) {
  const Design& design = folder.design;
  Json json{
      {"name", folder.name},       {"workload", design.workload}, {"node", design.node},
      {"mode", design.mode},       {"unit", folder.unit},         {"options", folder.options},
      {"assumed", design.assumed}, {"actions", design.actions},   {"ppa", shown_ppa(folder.ppa)}};
  json["evaluations"] = evaluations_json(folder, rows);
  json["maps"] = Json::object();
  return json;
}

}  // namespace

Json explore_data(const std::vector<Explored>& folders, const PageRoom& room,
                  const std::string& version) {
  Json data{{"schema", "tilewright.explore"}, {"schema_version", 1}, {"program", version}};
  data.update(vocabulary());
  data["folders"] = Json::array();
  std::vector<std::vector<std::size_t>> rows;
  std::size_t bytes = 0;
  for (const Explored& folder : folders) {
    rows.push_back(shown_rows(folder, room.evaluations / folders.size()));
    data["folders"].push_back(folder_json(folder, rows.back()));
    Json map = bytes < room.map_bytes ? final_map(folder)
                                      : Json{{"missing", "the page has no room for more meshes"}};
    bytes += map.dump().size();
    data["folders"].back()["final_map"] = std::move(map);
  }
  for (const auto& [f, row] : wanted_maps(folders, room)) {
    if (bytes > room.map_bytes) break;
    const auto at = std::lower_bound(rows[f].begin(), rows[f].end(), row);
    if (at == rows[f].end() || *at != row) continue;  // found no room among the evaluations
    const Json map = mapped(folders[f], row);
    bytes += map.dump().size();
    data["folders"][f]["maps"][std::to_string(at - rows[f].begin())] = map;
  }
  return data;
}

}  // namespace tilewright
