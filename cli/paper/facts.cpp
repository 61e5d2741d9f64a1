#include "cli/paper/facts.h"

#include <algorithm>
#include <map>

#include "support/error.h"
#include "support/file.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

using Rows = std::vector<std::vector<std::string>>;

struct Line {
  std::string key, table, row, column;
  int digits = 0;
};

[[noreturn]] void refuse(const Line& line, const std::string& what, const fs::path& list) {
  throw Error("TW-CLI-040", "fact '" + line.key + "': " + what, list.string(),
              "take a table, row and column that an experiment writes");
}

std::vector<Line> read_list(const fs::path& list) {
  std::vector<Line> lines;
  const Rows rows = parse_csv(read_file(list), list.string());
  for (std::size_t r = 1; r < rows.size(); ++r) {
    const auto& cells = rows[r];
    if (cells.size() != 5)
      refuse({cells.front(), "", "", ""}, "is not key, table, row, column, digits", list);
    lines.push_back({cells[0], cells[1], cells[2], cells[3],
                     static_cast<int>(parse_number(cells[4], list.string()))});
  }
  return lines;
}

// Whether the row begins with the cells that `key` joins.
bool begins_with(const std::vector<std::string>& row, const std::string& key) {
  std::string cells;
  for (const std::string& cell : row) {
    cells += (cells.empty() ? "" : "|") + cell;
    if (cells == key) return true;
    if (cells.size() > key.size()) return false;
  }
  return false;
}

std::string without_unit(const std::string& heading) {
  return heading.substr(0, heading.find(" ["));
}

Cell value_of(const std::string& text, int digits) {
  constexpr const char* kMissing = "missing: ";
  if (text.starts_with(kMissing)) return Missing{text.substr(std::string(kMissing).size())};
  double value = 0;
  try {
    value = parse_number(text, text);
  } catch (const Error&) {
    return text;
  }
  return Number{value, digits};
}

Cell find(const Line& line, const Rows& rows, bool printed, const fs::path& list) {
  const auto column =
      std::find_if(rows.front().begin(), rows.front().end(), [&](const std::string& heading) {
        return heading == line.column || without_unit(heading) == line.column;
      });
  const auto row = std::find_if(rows.begin() + 1, rows.end(),
                                [&](const auto& cells) { return begins_with(cells, line.row); });
  const bool found = column != rows.front().end() && row != rows.end();
  if (!found && !printed) return Missing{"the printed tables are not here"};
  if (column == rows.front().end()) refuse(line, "no column '" + line.column + "'", list);
  if (row == rows.end()) refuse(line, "no row '" + line.row + "'", list);
  return value_of(row->at(static_cast<std::size_t>(column - rows.front().begin())), line.digits);
}

}  // namespace

Table resolve_facts(const fs::path& list, const fs::path& folder, bool printed) {
  Table facts{"facts",
              "Numbers of the prose",
              {{"Key", ""}, {"Value", ""}, {"Table", ""}, {"Row", ""}, {"Column", ""}},
              {}};
  std::map<std::string, Rows> read;
  for (const Line& line : read_list(list)) {
    Rows& rows = read[line.table];
    if (rows.empty()) {
      fs::path file = folder / "tables" / (line.table + ".csv");
      if (!fs::exists(file)) file = folder / "figures" / (line.table + ".csv");
      if (!fs::exists(file)) refuse(line, "no table '" + line.table + "'", list);
      rows = parse_csv(read_file(file), file.string());
    }
    facts.add({line.key, find(line, rows, printed, list), line.table, line.row, line.column});
  }
  return facts;
}

std::string facts_as_latex(const Table& facts) {
  std::string out =
      "\\newcommand{\\fact}[1]{\\ifcsname fact@#1\\endcsname\\csname fact@#1\\endcsname\\else"
      "\\PackageError{facts}{no fact '#1'}{}\\fi}\n";
  for (const auto& row : facts.rows) {
    std::string value = "---";
    if (const auto* number = std::get_if<Number>(&row[1])) value = latex_number(*number);
    if (const auto* text = std::get_if<std::string>(&row[1])) value = latex_escaped(*text);
    out += "\\expandafter\\def\\csname fact@" + std::get<std::string>(row[0]) + "\\endcsname{" +
           value + "}\n";
  }
  return out;
}

}  // namespace tilewright
