// A table of results, written as CSV, LaTeX or text. A cell that could not be computed is missing
// with its reason, never zero and never blank.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tilewright {

struct Missing {
  std::string reason;
};

// A number with the digits to print (significant digits; 0 = all of them for machines, a few for
// readers).
struct Number {
  double value = 0;
  int digits = 0;
};

using Cell = std::variant<std::string, Number, Missing>;

struct Column {
  std::string name;
  std::string unit;  // empty: none
};

struct Table {
  std::string id;  // file stem, e.g. "table11_ppa_by_node"
  std::string caption;
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;  // each as long as columns

  // Throws Error TW-TABLE-001 if the row's length is wrong.
  void add(std::vector<Cell> row);
};

std::string to_csv(const Table& table);  // RFC 4180; a missing cell is "missing: REASON"
// Needs booktabs, array and graphicx. Missing cells are "---" with notes below; rows with the same
// label in the first column form a block.
std::string to_latex(const Table& table);
// Parts of it, for LaTeX that is no table.
std::string latex_escaped(const std::string& text);
std::string latex_number(const Number& number);
std::string to_text(const Table& table);  // aligned columns

// CSV for a plotting program: headings without units as lower-case words joined by '_', and "nan"
// for a missing cell.
std::string to_plot_csv(const Table& table);

// Never locale dependent. With 0 digits: format_number reads back exactly; readable_number, which
// LaTeX and text use, has six significant digits, or all of a whole number's.
std::string format_number(const Number& number);
std::string readable_number(const Number& number);

// CSV in. Rows as text; quoted cells are unquoted. Throws Error TW-TABLE-002 with the line.
std::vector<std::vector<std::string>> parse_csv(const std::string& text, const std::string& where);
double parse_number(const std::string& text, const std::string& where);  // throws TW-TABLE-003

}  // namespace tilewright
