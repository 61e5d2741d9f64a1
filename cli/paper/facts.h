// Numbers of the prose: each is a cell of a table that an experiment wrote.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "support/table.h"

namespace tilewright {

// `list` is a CSV of key, table, row, column, digits: the first cells of the row, joined by '|',
// and the heading without its unit; tables lie in folder/tables or folder/figures. Gives the table
// "facts" of key, value, table, row, column; a value is missing where its cell is, and where the
// row is one of the paper's and `printed` is false. Throws Error TW-CLI-040 for a table, row or
// column that is not there.
Table resolve_facts(const std::filesystem::path& list, const std::filesystem::path& folder,
                    bool printed);

// \fact{key} for LaTeX.
std::string facts_as_latex(const Table& facts);

}  // namespace tilewright
