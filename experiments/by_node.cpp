#include "experiments/by_node.h"

#include <fmt/format.h>

namespace tilewright {
namespace {

constexpr int kDigits = 6;
constexpr int kErrorDigits = 3;

Cell printed_cell(const PrintedTable& printed, const std::string& node,
                  const ByNodeColumn& column) {
  if (column.printed.empty()) return Missing{"not a column of the paper"};
  if (!printed.has(node, column.printed)) return Missing{"not printed for this workload"};
  return printed.cell(node, column.printed);
}

// 100 (ours / printed - 1), or why there is none.
Cell error_cell(const Cell& ours, const Cell& printed) {
  const auto* a = std::get_if<Number>(&ours);
  const auto* b = std::get_if<Number>(&printed);
  if (a != nullptr && b != nullptr) return Number{100 * (a->value / b->value - 1), kErrorDigits};
  if (std::holds_alternative<Missing>(ours)) return ours;
  if (std::holds_alternative<Missing>(printed)) return printed;
  return std::string();
}

ByNodeColumn figure(Column column, std::string printed, double Ppa::*member) {
  return {std::move(column), std::move(printed), true, [member](const PaperPoint&, const Ppa& ppa) {
            return Number{ppa.*member, kDigits};
          }};
}

void add_block(ExperimentTable& out, const PaperPoint& point, const PrintedTable& printed,
               const std::vector<ByNodeColumn>& columns) {
  std::vector<Cell> as_printed{point.node, std::string("printed")},
      l0{point.node, std::string("L0")}, l1{point.node, std::string("L1")},
      error{point.node, std::string("L1 error [%]")};
  for (const ByNodeColumn& column : columns) {
    as_printed.push_back(printed_cell(printed, point.node, column));
    l0.push_back(column.ours(point, point.l0));
    l1.push_back(column.ours(point, point.l1));
    error.push_back(column.figure ? error_cell(l1.back(), as_printed.back()) : std::string());
  }
  for (auto* row : {&as_printed, &l0, &l1, &error}) {
    const bool compares = row == &as_printed || row == &error;
    if (compares && !printed.exists()) continue;
    out.computed_row.push_back(row != &as_printed);
    out.table.add(std::move(*row));
  }
}

}  // namespace

ExperimentTable by_node_table(const std::string& id, const std::string& caption, const Study& study,
                              const PrintedTable& printed,
                              const std::vector<ByNodeColumn>& columns) {
  ExperimentTable out;
  out.table = Table{id, caption, {{"Node", ""}, {"Source", ""}}, {}};
  out.figure_column = {false, false};
  for (const ByNodeColumn& column : columns) {
    out.table.columns.push_back(column.column);
    out.figure_column.push_back(column.figure);
  }
  for (const PaperPoint& point : study.points) add_block(out, point, printed, columns);
  return out;
}

std::vector<ExperimentTable> for_both_workloads(const ExperimentInputs& inputs,
                                                const std::string& id, const std::string& caption,
                                                const std::string& printed,
                                                const std::vector<ByNodeColumn>& columns) {
  const PrintedTable llama(inputs.printed, printed);
  const PrintedTable smolvlm(inputs.printed, "table19_smolvlm_low_power");
  return {
      by_node_table(id, caption + ", Llama 3.1 8B", inputs.llama, llama, columns),
      by_node_table(id + "_smolvlm", caption + ", SmolVLM-256M", inputs.smolvlm, smolvlm, columns)};
}

std::string mesh_text(const ActionVector& design) {
  return fmt::format("{}x{}", design[kMeshW], design[kMeshH]);
}

const Missing& score_lost() {
  static const Missing reason{
      "the paper's score formula and its references are lost and no monotone formula of rate, "
      "power and "
      "area alone gives its values"};
  return reason;
}

ByNodeColumn mesh_column() {
  return {{"Mesh", ""}, "Mesh", false, [](const PaperPoint& p, const Ppa&) {
            return mesh_text(p.design);
          }};
}

ByNodeColumn cores_column() {
  return {{"Cores", ""}, "Cores", false, [](const PaperPoint& p, const Ppa&) {
            return Number{p.tiles()};
          }};
}

ByNodeColumn clock_column() {
  return {{"Clock", "MHz"}, "Freq (MHz)", false, [](const PaperPoint&, const Ppa& ppa) {
            return Number{ppa.clock_mhz};
          }};
}

ByNodeColumn power_column(const std::string& printed) {
  return figure({"Power", "mW"}, printed, &Ppa::power_mw);
}

ByNodeColumn gops_column(const std::string& printed) {
  return figure({"Performance", "GOps/s"}, printed, &Ppa::gops);
}

ByNodeColumn area_column() {
  return figure({"Area", "mm2"}, "Area (mm2)", &Ppa::area_mm2);
}

ByNodeColumn rate_column() {
  return figure({"Rate", "tok/s"}, "Tok/s", &Ppa::tok_s);
}

ByNodeColumn printed_score_column(const std::string& printed) {
  return {
      {"PPA score", ""}, printed, true, [](const PaperPoint&, const Ppa&) { return score_lost(); }};
}

ByNodeColumn cross_score_column() {
  return figure({"Cross-node score", ""}, "", &Ppa::cross_score);
}

}  // namespace tilewright
