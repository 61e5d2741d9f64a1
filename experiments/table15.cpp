// Tables 15 and 16, Figures 10 to 12: the tiles of the best design that was searched for Llama at
// the smallest node.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "experiments/design_tables.h"
#include "experiments/printed.h"
#include "experiments/searches.h"
#include "experiments/statistics.h"
#include "experiments/table_builder.h"
#include "experiments/tables.h"

namespace tilewright {
namespace {

constexpr double kKibPerMib = 1024;

std::optional<Design> best_design(const ExperimentInputs& inputs) {
  const Searches searches(inputs.searches);
  const FinishedSearch* best = searches.best(inputs.llama, inputs.llama.points.front().node);
  if (best == nullptr) return std::nullopt;
  return design_of(*best);
}

std::string of_what(const ExperimentInputs& inputs) {
  return "best searched design of Llama 3.1 8B at " + inputs.llama.points.front().node;
}

// A column of a table by its name, or why there is none.
Cell cell_of(const std::optional<Table>& table, const std::string& row, const std::string& column) {
  if (!table) return not_searched();
  for (std::size_t c = 0; c < table->columns.size(); ++c) {
    if (table->columns[c].name != column) continue;
    for (const auto& cells : table->rows) {
      const auto& label = std::get<std::string>(cells.front());
      if (label == row || label.starts_with(row + " [")) return cells[c];
    }
  }
  return Missing{"no such figure"};
}

Cell scaled(const Cell& cell, double factor, int digits) {
  if (const auto* number = std::get_if<Number>(&cell))
    return Number{number->value * factor, digits};
  return cell;
}

}  // namespace

std::vector<ExperimentTable> table15(const ExperimentInputs& inputs) {
  const std::string id = "table15_region_statistics";
  const PrintedTable printed(inputs.printed, id);
  const std::optional<Design> design = best_design(inputs);
  const std::optional<Table> regions = design ? std::optional(region_table(*design)) : std::nullopt;
  TableBuilder out(id, "Means by region of the mesh, " + of_what(inputs));
  out.label("Region");
  out.label("Source");
  for (const auto& [name, unit] : {std::pair{"WMEM", "MiB"},
                                   {"DFLIT", "bit"},
                                   {"FETCH", "words"},
                                   {"VLEN", "bit"},
                                   {"DMEM", "KiB"},
                                   {"Tiles", ""}}) {
    out.figure(name, unit);
  }
  for (const std::string region : {"Edge", "Inner", "Center"}) {
    if (printed.exists()) {
      const Missing none{"not printed"};
      out.printed({region, std::string("printed"), printed.cell(region, "Avg WMEM (MB)"),
                   printed.cell(region, "Avg DFLIT (bits)"), printed.cell(region, "Avg FETCH"),
                   none, none, none});
    }
    const Cell flit = design ? Cell(Number{design->actions[kDflit], 5}) : Cell(not_searched());
    out.ours({region, std::string("ours"),
              scaled(cell_of(regions, region, "WMEM"), 1 / kKibPerMib, 4), flit,
              scaled(cell_of(regions, region, "FETCH"), 1, 4),
              scaled(cell_of(regions, region, "VLEN"), 1, 4),
              scaled(cell_of(regions, region, "DMEM"), 1, 4), cell_of(regions, region, "Tiles")});
  }
  return {out.take()};
}

std::vector<ExperimentTable> table16(const ExperimentInputs& inputs) {
  const std::string id = "table16_per_tcc_statistics";
  const PrintedTable printed(inputs.printed, id);
  const std::optional<Design> design = best_design(inputs);
  const std::optional<Table> statistics =
      design ? std::optional(tile_statistics_table(*design)) : std::nullopt;
  const std::vector<std::pair<const char*, const char*>> parameters{{"FETCH_SIZE", "FETCH"},
                                                                    {"VLEN (bits)", "VLEN"},
                                                                    {"WMEM (KB)", "WMEM"},
                                                                    {"DMEM (KB)", "DMEM"},
                                                                    {"IMEM (KB)", "IMEM"}};
  const char* figures[] = {"Min", "Max", "Mean", "Median", "Std dev", "Unique"};
  const char* printed_figures[] = {"Min", "Max", "Mean", "Median", "Std Dev", "Unique"};
  TableBuilder out(id, "Parameters over the tiles, " + of_what(inputs));
  out.label("Parameter");
  out.label("Source");
  for (const char* figure : figures) out.figure(figure);
  for (const auto& [label, name] : parameters) {
    if (printed.exists()) {
      std::vector<Cell> row{std::string(label), std::string("printed")};
      for (const char* figure : printed_figures) row.push_back(printed.cell(label, figure));
      out.printed(std::move(row));
    }
    std::vector<Cell> row{std::string(label), std::string("ours")};
    for (const std::string figure : figures) {
      const bool averaged = figure == "Mean" || figure == "Std dev";
      row.push_back(scaled(cell_of(statistics, name, figure), 1, averaged ? 5 : 0));
    }
    out.ours(std::move(row));
  }
  return {out.take()};
}

std::vector<ExperimentTable> figure10(const ExperimentInputs& inputs) {
  TableBuilder out("figure10_wmem_map", "Weight memory of every tile, " + of_what(inputs));
  out.label("x");
  out.label("y");
  out.figure("WMEM", "MiB");
  const std::optional<Design> design = best_design(inputs);
  for (std::int32_t t = 0; design && t < design->tile_count(); ++t) {
    const TileConfig& tile = design->tiles[static_cast<std::size_t>(t)];
    out.ours({Number{static_cast<double>(t % design->mesh_w)},
              Number{static_cast<double>(t / design->mesh_w)},
              Number{static_cast<double>(tile.wmem_kib) / kKibPerMib, 5}});
  }
  return {out.take()};
}

std::vector<ExperimentTable> figure11(const ExperimentInputs& inputs) {
  const PrintedTable printed(inputs.printed, "table15_region_statistics");
  const std::optional<Design> design = best_design(inputs);
  const std::optional<Table> regions = design ? std::optional(region_table(*design)) : std::nullopt;
  TableBuilder out("figure11_regions", "Means by region of the mesh, " + of_what(inputs));
  out.label("Region");
  for (const char* name : {"WMEM", "DFLIT", "FETCH"}) {
    out.figure(std::string(name) + " ours");
    out.label(std::string(name) + " printed");
  }
  for (const std::string region : {"Edge", "Inner", "Center"}) {
    out.ours({region, scaled(cell_of(regions, region, "WMEM"), 1 / kKibPerMib, 5),
              printed.cell(region, "Avg WMEM (MB)"),
              design ? Cell(Number{design->actions[kDflit], 5}) : Cell(not_searched()),
              printed.cell(region, "Avg DFLIT (bits)"),
              scaled(cell_of(regions, region, "FETCH"), 1, 4), printed.cell(region, "Avg FETCH")});
  }
  return {out.take()};
}

// (a) how the weight memories are spread; (b) the smallest beside the largest node.
std::vector<ExperimentTable> figure12(const ExperimentInputs& inputs) {
  TableBuilder spread("figure12_wmem_distribution",
                      "Weight memory over the tiles: counts, and the share of tiles with at most "
                      "as much, " +
                          of_what(inputs));
  spread.label("WMEM", "MiB");
  spread.figure("Tiles");
  spread.figure("Share");
  if (const std::optional<Design> design = best_design(inputs)) {
    std::map<std::int64_t, int> counts;
    for (const TileConfig& tile : design->tiles) ++counts[tile.wmem_kib];
    double below = 0;
    for (const auto& [kib, count] : counts) {
      below += count;
      spread.ours({Number{static_cast<double>(kib) / kKibPerMib, 5},
                   Number{static_cast<double>(count)}, Number{below / design->tile_count(), 5}});
    }
  }
  TableBuilder ends("figure12_nodes", "The largest node over the smallest, printed designs");
  ends.label("Metric");
  ends.figure("Llama 3.1 8B");
  ends.figure("SmolVLM-256M");
  for (const auto& [name, figure] : {std::pair{"Rate", &Ppa::tok_s},
                                     {"Power", &Ppa::power_mw},
                                     {"Area", &Ppa::area_mm2},
                                     {"Energy", &Ppa::energy_mj},
                                     {"Clock", &Ppa::clock_mhz}}) {
    std::vector<Cell> row{std::string(name)};
    for (const Study* study : {&inputs.llama, &inputs.smolvlm})
      row.push_back(Number{study->points.back().l1.*figure / study->points.front().l1.*figure, 4});
    ends.ours(std::move(row));
  }
  return {spread.take(), ends.take()};
}

}  // namespace tilewright
