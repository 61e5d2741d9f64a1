#include "experiments/table_builder.h"

#include <utility>

namespace tilewright {

TableBuilder::TableBuilder(std::string id, std::string caption) {
  out_.table.id = std::move(id);
  out_.table.caption = std::move(caption);
}

void TableBuilder::label(const std::string& name, const std::string& unit) {
  out_.table.columns.push_back({name, unit});
  out_.figure_column.push_back(false);
}

void TableBuilder::figure(const std::string& name, const std::string& unit) {
  out_.table.columns.push_back({name, unit});
  out_.figure_column.push_back(true);
}

void TableBuilder::add(std::vector<Cell> row, bool computed) {
  out_.table.add(std::move(row));
  out_.computed_row.push_back(computed);
}

}  // namespace tilewright
