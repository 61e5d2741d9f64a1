#include "experiments/printed.h"

#include <algorithm>
#include <cctype>

#include "support/error.h"
#include "support/file.h"

namespace tilewright {
namespace {

bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

// "8,421" -> "8421"; "13.59x" -> "13.59"; empty when the text does not start with a number.
std::string leading_number(const std::string& text) {
  std::string number;
  for (const char c : text) {
    if (c == ',') continue;
    if (c == '-' && number.empty()) {
      number += c;
      continue;
    }
    if (!is_digit(c) && c != '.') break;
    number += c;
  }
  return number == "-" ? "" : number;
}

int significant_digits(const std::string& number) {
  const auto first = number.find_first_of("123456789");
  if (first == std::string::npos) return 1;
  return static_cast<int>(
      std::count_if(number.begin() + static_cast<std::ptrdiff_t>(first), number.end(), is_digit));
}

}  // namespace

PrintedTable::PrintedTable(const std::filesystem::path& folder, const std::string& stem)
    : where_((folder / (stem + ".csv")).string()) {
  if (!std::filesystem::exists(folder)) return;
  rows_ = parse_csv(read_file(where_), where_);
  for (const auto& row : rows_) {
    if (row.size() != rows_.front().size()) {
      throw Error("TW-EXP-001", "row '" + row.front() + "' is not as long as the header", where_);
    }
  }
}

const std::string* PrintedTable::find(const std::string& row, const std::string& column) const {
  if (rows_.empty()) return nullptr;
  const auto& header = rows_.front();
  const auto at = std::find(header.begin(), header.end(), column);
  if (at == header.end()) return nullptr;
  for (std::size_t i = 1; i < rows_.size(); ++i) {
    if (rows_[i].front() == row) return &rows_[i][static_cast<std::size_t>(at - header.begin())];
  }
  return nullptr;
}

bool PrintedTable::has(const std::string& row, const std::string& column) const {
  return find(row, column) != nullptr;
}

Cell PrintedTable::cell(const std::string& row, const std::string& column) const {
  if (!exists()) return Missing{"the printed tables are not here"};
  const auto* text = find(row, column);
  if (text == nullptr) {
    throw Error("TW-EXP-002", "no cell '" + row + "', '" + column + "'", where_);
  }
  return printed_text(*text);
}

double PrintedTable::value(const std::string& row, const std::string& column) const {
  const auto* text = find(row, column);
  const std::string number = text == nullptr ? "" : leading_number(*text);
  if (number.empty()) {
    throw Error("TW-EXP-002", "no figure at '" + row + "', '" + column + "'", where_);
  }
  return parse_number(number, where_);
}

Cell printed_text(const std::string& text) {
  const std::string number = leading_number(text);
  if (number.empty() || number != text) return text;
  return Number{parse_number(number, text), significant_digits(number)};
}

std::vector<std::string> PrintedTable::labels() const {
  std::vector<std::string> labels;
  for (std::size_t i = 1; i < rows_.size(); ++i) labels.push_back(rows_[i].front());
  return labels;
}

}  // namespace tilewright
