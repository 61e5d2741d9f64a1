// How near L1 comes to the printed tables at the printed designs, against the bounds that the
// surrogate is held to.
#include <cmath>
#include <optional>

#include "experiments/printed.h"
#include "experiments/table_builder.h"
#include "experiments/tables.h"
#include "support/error.h"

namespace tilewright {
namespace {

// Percent; of a ratio the sum of its parts.
struct Bound {
  const char* table;
  std::size_t index;  // of the experiment's tables
  const char* column;
  double percent;
  const char* but_for = "";  // a node that the law does not reach
};
constexpr Bound kBounds[] = {{"10", 0, "Power", 1},
                             {"10", 0, "Performance", 1},
                             {"10", 0, "Area", 2.5},
                             {"11", 0, "Power", 1},
                             {"11", 0, "Performance", 1},
                             {"11", 0, "Area", 2.5},
                             {"11", 0, "Rate", 1},
                             {"12", 0, "Compute", 2},
                             {"12", 0, "SRAM", 2},
                             {"12", 0, "ROM read", 2},
                             {"12", 0, "NoC", 2, "28nm"},
                             {"12", 0, "Leakage", 2},
                             {"18", 0, "Performance over power", 2},
                             {"18", 0, "Rate over power", 2},
                             {"18", 0, "Performance over area", 3.5},
                             {"19", 0, "Rate", 3},
                             {"19", 0, "Power", 11},
                             {"19", 0, "Area", 2.5}};

struct Worst {
  double percent = 0;  // with its sign
  std::string node;
};

std::size_t column_of(const Table& table, const std::string& name) {
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (table.columns[c].name == name) return c;
  }
  throw Error("TW-EXP-011", "no column '" + name + "'", table.id, "", ErrorKind::kInternal);
}

// Over the error rows of a table by node.
Worst worst_of(const Table& table, const Bound& bound) {
  Worst worst;
  for (const auto& row : table.rows) {
    const auto& node = std::get<std::string>(row[0]);
    if (std::get<std::string>(row[1]) != "L1 error [%]" || node == bound.but_for) continue;
    const auto* error = std::get_if<Number>(&row[column_of(table, bound.column)]);
    if (error != nullptr && std::fabs(error->value) >= std::fabs(worst.percent))
      worst = {error->value, node};
  }
  return worst;
}

void add(TableBuilder& out, const std::string& table, const std::string& column, const Worst& worst,
         double bound, const std::string& but_for) {
  const bool holds = std::fabs(worst.percent) <= bound;
  out.ours({table, column, Number{worst.percent, 3}, worst.node, Number{bound},
            std::string(holds ? "yes" : "no"), but_for});
}

// Table 17 has rows of another form: its last prints best over worst.
void add_ends(TableBuilder& out, const ExperimentInputs& inputs) {
  const PrintedTable printed(inputs.printed, "table17_best_vs_worst_node");
  const Ppa &best = inputs.llama.points.front().l1, &worst = inputs.llama.points.back().l1;
  const std::string row = printed.labels().back();
  // The area's ratio is printed with two digits.
  for (const auto& [name, column, ours, bound] :
       {std::tuple{"Power", "Power (mW)", best.power_mw / worst.power_mw, 2.0},
        {"Performance", "Perf (GOps/s)", best.gops / worst.gops, 2.0},
        {"Area", "Area (mm2)", best.area_mm2 / worst.area_mm2, 5.0}}) {
    const double percent = 100 * (ours / printed.value(row, column) - 1);
    add(out, "17", std::string(name) + ", best over worst", {percent, row}, bound, "");
  }
}

}  // namespace

std::vector<ExperimentTable> reproduction(const ExperimentInputs& inputs) {
  TableBuilder out("reproduction",
                   "Largest error of L1 against the printed tables over the nodes, and its bound");
  out.label("Table");
  out.label("Column");
  out.figure("Largest error", "%");
  out.label("At");
  out.label("Bound", "%");
  out.label("Holds");
  out.label("But for");
  if (!PrintedTable(inputs.printed, "table11_ppa_by_node").exists()) return {out.take()};
  for (const Bound& bound : kBounds) {
    const Table table = find_experiment(bound.table).run(inputs).at(bound.index).table;
    add(out, bound.table, bound.column, worst_of(table, bound), bound.percent, bound.but_for);
  }
  add_ends(out, inputs);
  return {out.take()};
}

}  // namespace tilewright
