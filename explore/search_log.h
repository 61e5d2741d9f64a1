// search.csv as columns of numbers.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "arch/actions.h"

namespace tilewright {

struct SearchLog {
  std::vector<std::string> names;            // of the columns, each once
  std::vector<std::vector<double>> columns;  // NaN where the cell is missing

  std::size_t rows() const { return columns.empty() ? 0 : columns.front().size(); }
  const std::vector<double>& column(const std::string& name) const;  // one that the reader required
  ActionVector design(std::size_t row) const;
  bool feasible(std::size_t row) const { return column("feasible")[row] == 1; }
};

// A column that repeats a name (a searcher's own "reward") is called "NAME (searcher)". Throws
// Error TW-EXPLORE-001 when a column that every search writes is missing, or a line has another
// length.
SearchLog read_search_log(const std::string& csv, const std::string& where);

// The row of every line of a pareto.csv, in its order. Throws Error TW-EXPLORE-001 when one is not
// of this search.
std::vector<std::size_t> pareto_rows(const SearchLog& log, const std::string& csv,
                                     const std::string& where);

}  // namespace tilewright
