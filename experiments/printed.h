// The source paper's tables as printed. No printed figure lives in a source file: they come from
// here.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "support/table.h"

namespace tilewright {

class PrintedTable {
 public:
  // Reads FOLDER/STEM.csv; without that folder nothing is printed, and tables show ours alone.
  // Throws Error TW-EXP-001 when a row is shorter or longer than the header.
  PrintedTable(const std::filesystem::path& folder, const std::string& stem);

  bool exists() const { return !rows_.empty(); }
  bool has(const std::string& row, const std::string& column) const;
  // The figure with the digits it is printed with, or its text; missing where nothing is printed.
  // Throws Error TW-EXP-002 when absent.
  Cell cell(const std::string& row, const std::string& column) const;
  // The leading number: "13.59x" is 13.59, "8,421" is 8421. Throws Error TW-EXP-002 when there is
  // none.
  double value(const std::string& row, const std::string& column) const;
  // Labels of the rows (first column) in printed order.
  std::vector<std::string> labels() const;
  // Cells as text, the header first; for tables whose first column does not tell rows apart.
  const std::vector<std::vector<std::string>>& rows() const { return rows_; }

 private:
  const std::string* find(const std::string& row, const std::string& column) const;

  std::string where_;
  std::vector<std::vector<std::string>> rows_;  // the header first
};

// A cell of the paper: a number with the digits it is printed with, or its text.
Cell printed_text(const std::string& text);

}  // namespace tilewright
