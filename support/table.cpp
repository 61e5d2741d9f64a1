#include "support/table.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

#include "support/error.h"

namespace tilewright {
namespace {

std::string heading(const Column& column) {
  return column.unit.empty() ? column.name : column.name + " [" + column.unit + "]";
}

using NumberText = std::string (*)(const Number&);

std::string cell_text(const Cell& cell, NumberText number_text) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* number = std::get_if<Number>(&cell)) return number_text(*number);
  return "missing: " + std::get<Missing>(cell).reason;
}

std::string csv_quoted(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

// A unit's last digit is its power: mm2.
std::string latex_heading(const Column& column) {
  std::string text = latex_escaped(column.name);
  if (column.unit.empty()) return text;
  std::string unit = column.unit;
  const char power = unit.back();
  if (power < '2' || power > '9') return text + " [" + latex_escaped(unit) + "]";
  unit.pop_back();
  return text + " [" + latex_escaped(unit) + "$^" + power + "$]";
}

// A table wider than the page is scaled to fit it.
constexpr const char* kFitOpen =
    "\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%\n";
constexpr std::size_t kLongText =
    36;  // characters from which a column of words is broken into lines
constexpr const char* kBrokenColumn = ">{\\raggedright\\arraybackslash}p{5.5cm}";

constexpr std::size_t kManyColumns = 9;  // beyond which headings stand, so that columns are narrow

// Reasons of missing cells, each once, in the order of their marks.
struct LatexNotes {
  std::vector<std::string> reasons;

  std::string mark(const std::string& reason) {
    auto at = std::find(reasons.begin(), reasons.end(), reason);
    if (at == reasons.end()) at = reasons.insert(at, reason);
    return "---$^{" + std::to_string(1 + std::distance(reasons.begin(), at)) + "}$";
  }
};

std::string latex_columns(const Table& table) {
  std::string spec;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    bool numeric = false, broken = false;
    for (const auto& row : table.rows) {
      numeric = numeric || std::holds_alternative<Number>(row[i]);
      const auto* text = std::get_if<std::string>(&row[i]);
      broken = broken || (text != nullptr && text->size() > kLongText &&
                          text->find(' ') != std::string::npos);
    }
    spec += broken ? kBrokenColumn : numeric ? "r" : "l";
  }
  return spec;
}

std::string latex_cell(const Cell& cell, LatexNotes& notes) {
  if (const auto* missing = std::get_if<Missing>(&cell)) return notes.mark(missing->reason);
  if (const auto* number = std::get_if<Number>(&cell)) return latex_number(*number);
  return latex_escaped(std::get<std::string>(cell));
}

const std::string* label_of(const std::vector<Cell>& row) {
  return row.empty() ? nullptr : std::get_if<std::string>(&row.front());
}

// Rows that follow each other with the same label form a block: the label stands once.
std::string latex_rows(const Table& table, LatexNotes& notes) {
  const auto repeats = [&](std::size_t r) {
    const auto* label = label_of(table.rows[r]);
    const auto* before = r > 0 ? label_of(table.rows[r - 1]) : nullptr;
    return label != nullptr && before != nullptr && *label == *before;
  };
  bool blocks = false;
  for (std::size_t r = 0; r < table.rows.size(); ++r) blocks = blocks || repeats(r);
  std::string out;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const bool again = repeats(r);
    if (blocks && r > 0 && !again) out += "\\addlinespace\n";
    for (std::size_t i = 0; i < table.rows[r].size(); ++i) {
      if (i) out += " & ";
      if (i > 0 || !again) out += latex_cell(table.rows[r][i], notes);
    }
    out += " \\\\\n";
  }
  return out;
}

}  // namespace

std::string latex_escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
      case '%':
      case '$':
      case '#':
      case '_':
      case '{':
      case '}':
        out += '\\';
        out += c;
        break;
      case '~':
        out += "\\textasciitilde{}";
        break;
      case '^':
        out += "\\textasciicircum{}";
        break;
      case '\\':
        out += "\\textbackslash{}";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// A sign and a power of ten are mathematics.
std::string latex_number(const Number& number) {
  std::string text = readable_number(number);
  const auto e = text.find('e');
  if (!std::isfinite(number.value) || (e == std::string::npos && text[0] != '-')) return text;
  if (e == std::string::npos) return "$" + text + "$";
  const int exponent =
      static_cast<int>(parse_number(text.substr(e + (text[e + 1] == '+' ? 2 : 1)), text));
  return "$" + text.substr(0, e) + "\\times 10^{" + std::to_string(exponent) + "}$";
}

void Table::add(std::vector<Cell> row) {
  if (row.size() != columns.size()) {
    throw Error("TW-TABLE-001",
                "a row of " + std::to_string(row.size()) + " cells in a table of " +
                    std::to_string(columns.size()) + " columns",
                id, "", ErrorKind::kInternal);
  }
  rows.push_back(std::move(row));
}

std::string format_number(const Number& number) {
  if (!std::isfinite(number.value))
    return std::isnan(number.value) ? "nan" : number.value > 0 ? "inf" : "-inf";
  char buffer[400];
  const auto text = [&](std::to_chars_result end) { return std::string(buffer, end.ptr); };
  if (number.digits <= 0) return text(std::to_chars(buffer, std::end(buffer), number.value));
  if (number.value == 0) return "0";
  // Fixed notation with the asked significant digits; large values keep all their whole digits.
  const int exponent = static_cast<int>(std::floor(std::log10(std::fabs(number.value))));
  if (exponent >= 15 || exponent < -6) {
    return text(std::to_chars(buffer, std::end(buffer), number.value, std::chars_format::scientific,
                              number.digits - 1));
  }
  const int decimals = std::max(0, number.digits - 1 - exponent);
  return text(
      std::to_chars(buffer, std::end(buffer), number.value, std::chars_format::fixed, decimals));
}

std::string readable_number(const Number& number) {
  constexpr int kDigits = 6;
  if (number.digits > 0) return format_number(number);
  std::string exact = format_number({number.value});
  if (number.value == std::trunc(number.value)) return exact;
  std::string rounded = format_number({number.value, kDigits});
  if (rounded.find('e') == std::string::npos) {
    // Zeros at the end were not asked for.
    rounded.erase(rounded.find_last_not_of('0') + 1);
    if (rounded.back() == '.') rounded.pop_back();
  }
  return exact.size() < rounded.size() ? exact : rounded;
}

std::string to_csv(const Table& table) {
  std::string out;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    out += (i ? "," : "") + csv_quoted(heading(table.columns[i]));
  }
  out += "\n";
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i)
      out += (i ? "," : "") + csv_quoted(cell_text(row[i], format_number));
    out += "\n";
  }
  return out;
}

std::string to_plot_csv(const Table& table) {
  Table plain = table;
  for (Column& column : plain.columns) {
    for (char& c : column.name)
      c = std::isalnum(static_cast<unsigned char>(c)) != 0
              ? static_cast<char>(std::tolower(static_cast<unsigned char>(c)))
              : '_';
    column.unit.clear();
  }
  for (auto& row : plain.rows) {
    for (Cell& cell : row) {
      if (std::holds_alternative<Missing>(cell)) cell = std::string("nan");
    }
  }
  return to_csv(plain);
}

std::string to_latex(const Table& table) {
  LatexNotes notes;
  std::string out = "\\begin{table}[htbp]\n\\centering\n\\caption{" + latex_escaped(table.caption) +
                    "}\n\\label{tab:" + table.id + "}\n" + kFitOpen + "\\begin{tabular}{" +
                    latex_columns(table) + "}\n\\toprule\n";
  const bool standing = table.columns.size() > kManyColumns;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const std::string heading = latex_heading(table.columns[i]);
    out += (i ? " & " : "") + (standing ? "\\rotatebox{75}{" + heading + "}" : heading);
  }
  out += " \\\\\n\\midrule\n" + latex_rows(table, notes) + "\\bottomrule\n\\end{tabular}}\n";
  for (std::size_t i = 0; i < notes.reasons.size(); ++i) {
    out += "\\par\\footnotesize $^{" + std::to_string(i + 1) + "}$ " +
           latex_escaped(notes.reasons[i]) + "\n";
  }
  return out + "\\end{table}\n";
}

std::string to_text(const Table& table) {
  std::vector<std::vector<std::string>> lines(1);
  for (const auto& column : table.columns) lines[0].push_back(heading(column));
  for (const auto& row : table.rows) {
    auto& line = lines.emplace_back();
    for (const auto& cell : row) line.push_back(cell_text(cell, readable_number));
  }
  std::string out;
  for (std::size_t r = 0; r < lines.size(); ++r) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      std::size_t width = 0;
      for (const auto& line : lines) width = std::max(width, line[i].size());
      const bool right = r > 0 && std::holds_alternative<Number>(table.rows[r - 1][i]);
      const std::string pad(width - lines[r][i].size(), ' ');
      out += (i ? "  " : "") + (right ? pad + lines[r][i] : lines[r][i] + pad);
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    out += "\n";
  }
  return out;
}

std::vector<std::vector<std::string>> parse_csv(const std::string& text, const std::string& where) {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> row;
  std::string cell;
  bool quoted = false, any = false;
  std::size_t line = 1;
  const auto end_row = [&] {
    row.push_back(std::move(cell));
    cell.clear();
    rows.push_back(std::move(row));
    row.clear();
    any = false;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
        cell += text[++i];
      } else if (c == '"') {
        quoted = false;
      } else {
        cell += c;
      }
    } else if (c == '"' && cell.empty()) {
      quoted = any = true;
    } else if (c == ',') {
      row.push_back(std::move(cell));
      cell.clear();
      any = true;
    } else if (c == '\n') {
      if (any || !cell.empty() || !row.empty()) end_row();
    } else if (c != '\r') {
      cell += c;
    }
    if (c == '\n') ++line;
  }
  if (quoted)
    throw Error("TW-TABLE-002", "a quote is not closed by line " + std::to_string(line), where);
  if (any || !cell.empty() || !row.empty()) end_row();
  return rows;
}

double parse_number(const std::string& text, const std::string& where) {
  double value = 0;
  const auto* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end) {
    throw Error("TW-TABLE-003", "'" + text + "' is not a number", where);
  }
  return value;
}

}  // namespace tilewright
