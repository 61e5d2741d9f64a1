// An ExperimentTable made column by column, then row by row.
#pragma once

#include <string>
#include <vector>

#include "experiments/experiment.h"

namespace tilewright {

class TableBuilder {
 public:
  TableBuilder(std::string id, std::string caption);

  void label(const std::string& name, const std::string& unit = "");  // says what the row is of
  void figure(const std::string& name, const std::string& unit = "");
  // Rows are as long as the columns (Error TW-TABLE-001).
  void printed(std::vector<Cell> row) { add(std::move(row), false); }
  void ours(std::vector<Cell> row) { add(std::move(row), true); }
  ExperimentTable take() { return std::move(out_); }

 private:
  void add(std::vector<Cell> row, bool computed);

  ExperimentTable out_;
};

}  // namespace tilewright
