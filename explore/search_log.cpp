#include "explore/search_log.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include "support/error.h"
#include "support/table.h"
#include "surrogate/ppa.h"

namespace tilewright {
namespace {

using Rows = std::vector<std::vector<std::string>>;

constexpr const char* kFix = "give the folder of a finished compile, as it was written";

Error unusable(const std::string& what, const std::string& where) {
  return Error("TW-EXPLORE-001", what, where, kFix);
}

std::size_t position(const std::vector<std::string>& names, const std::string& name,
                     const std::string& where) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) throw unusable("column '" + name + "' is missing", where);
  return static_cast<std::size_t>(found - names.begin());
}

void require_columns(const SearchLog& log, const std::string& where) {
  for (const char* name :
       {"evaluation", "score", "feasible", "tok_s", "power_mw", "area_mm2", "reward"})
    position(log.names, name, where);
  for (std::size_t i = 0; i < kActionCount; ++i)
    position(log.names, std::string(action_info(i).name), where);
  for (std::size_t m = 0; m < kMarginCount; ++m)
    position(log.names, "margin_" + std::string(margin_name(m)), where);
}

std::vector<std::string> distinct(std::vector<std::string> names) {
  for (auto name = names.begin(); name != names.end(); ++name) {
    while (std::find(names.begin(), name, *name) != name) *name += " (searcher)";
  }
  return names;
}

const std::vector<std::string>& checked(const Rows& rows, std::size_t row,
                                        const std::string& where) {
  if (rows[row].size() != rows.front().size())
    throw unusable("a line is not as long as the header", where + ":" + std::to_string(row + 1));
  return rows[row];
}

double number_or_missing(const std::string& cell, const std::string& where) {
  if (cell.starts_with("missing:")) return std::numeric_limits<double>::quiet_NaN();
  return parse_number(cell, where);
}

}  // namespace

const std::vector<double>& SearchLog::column(const std::string& name) const {
  return columns[position(names, name, "search")];
}

ActionVector SearchLog::design(std::size_t row) const {
  ActionVector design{};
  for (std::size_t i = 0; i < kActionCount; ++i)
    design[i] = column(std::string(action_info(i).name))[row];
  return design;
}

SearchLog read_search_log(const std::string& csv, const std::string& where) {
  const Rows rows = parse_csv(csv, where);
  if (rows.empty()) throw unusable("there is no header line", where);
  SearchLog log;
  log.names = distinct(rows.front());
  require_columns(log, where);
  log.columns.resize(log.names.size());
  for (auto& column : log.columns) column.reserve(rows.size() - 1);
  for (std::size_t r = 1; r < rows.size(); ++r) {
    const auto& row = checked(rows, r, where);
    for (std::size_t c = 0; c < row.size(); ++c)
      log.columns[c].push_back(number_or_missing(row[c], where + ":" + std::to_string(r + 1)));
  }
  return log;
}

std::vector<std::size_t> pareto_rows(const SearchLog& log, const std::string& csv,
                                     const std::string& where) {
  using Point = std::array<double, 3>;
  std::map<Point, std::size_t> row_of;
  const auto &rate = log.column("tok_s"), &power = log.column("power_mw"),
             &area = log.column("area_mm2");
  for (std::size_t r = 0; r < log.rows(); ++r) row_of.try_emplace({rate[r], power[r], area[r]}, r);

  const Rows rows = parse_csv(csv, where);
  if (rows.empty()) throw unusable("there is no header line", where);
  std::vector<std::size_t> members;
  for (std::size_t r = 1; r < rows.size(); ++r) {
    const auto& row = checked(rows, r, where);
    Point point{};
    for (std::size_t c = 0; c < point.size(); ++c)
      point[c] = parse_number(row.at(c), where + ":" + std::to_string(r + 1));
    const auto found = row_of.find(point);
    if (found == row_of.end())
      throw unusable("a member of the Pareto set is not in search.csv",
                     where + ":" + std::to_string(r + 1));
    members.push_back(found->second);
  }
  return members;
}

}  // namespace tilewright
