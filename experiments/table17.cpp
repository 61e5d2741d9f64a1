// Table 17: the worst node, the best node, and best over worst.
#include <fmt/format.h>

#include <algorithm>

#include "experiments/by_node.h"
#include "experiments/tables.h"
#include "support/error.h"

namespace tilewright {
namespace {

constexpr int kDigits = 6;

// Llama's rows come from Table 17 itself, SmolVLM's from Table 19, which prints no ratios.
struct Metric {
  Column column;
  const char* in_table17;
  const char* in_table19;
  double Ppa::*member;
};
const std::vector<Metric>& metrics() {
  static const std::vector<Metric> all{
      {{"Power", "mW"}, "Power (mW)", "Power (mW)", &Ppa::power_mw},
      {{"Performance", "GOps/s"}, "Perf (GOps/s)", "", &Ppa::gops},
      {{"Area", "mm2"}, "Area (mm2)", "Area (mm2)", &Ppa::area_mm2}};
  return all;
}

struct Ends {
  const PaperPoint *best, *worst;
};

// Best is the smallest node and worst the largest, as Table 17 has them.
Ends ends_of(const Study& study) {
  return {&study.points.front(), &study.points.back()};
}

void add_printed(ExperimentTable& out, const PrintedTable& printed, const Ends& ends,
                 const char* Metric::*name, const char* score) {
  if (!printed.exists()) return;
  const std::string ratio = ends.best->node + " vs " + ends.worst->node;
  for (const std::string& label : {ends.worst->node, ends.best->node, ratio}) {
    std::vector<Cell> row{label, std::string("printed")};
    for (const Metric& metric : metrics()) {
      row.push_back(printed.has(label, metric.*name)
                        ? printed.cell(label, metric.*name)
                        : Cell(Missing{"not printed for this workload"}));
    }
    row.push_back(printed.has(label, score) ? printed.cell(label, score)
                                            : Cell(Missing{"not printed for this workload"}));
    out.table.add(std::move(row));
    out.computed_row.push_back(false);
  }
}

void add_ours(ExperimentTable& out, const Ends& ends, Ppa PaperPoint::*level,
              const std::string& name) {
  const Ppa &best = ends.best->*level, &worst = ends.worst->*level;
  std::vector<Cell> first{ends.worst->node, name}, second{ends.best->node, name},
      ratio{ends.best->node + " vs " + ends.worst->node, name};
  for (const Metric& metric : metrics()) {
    first.push_back(Number{worst.*metric.member, kDigits});
    second.push_back(Number{best.*metric.member, kDigits});
    ratio.push_back(Number{best.*metric.member / worst.*metric.member, 4});
  }
  for (auto* row : {&first, &second, &ratio}) {
    row->push_back(score_lost());
    out.table.add(std::move(*row));
    out.computed_row.push_back(true);
  }
}

ExperimentTable table_for(const Study& study, const PrintedTable& printed, const std::string& id,
                          const std::string& caption, const char* Metric::*name,
                          const char* score) {
  ExperimentTable out;
  out.table = Table{id, caption, {{"Node", ""}, {"Source", ""}}, {}};
  for (const Metric& metric : metrics()) out.table.columns.push_back(metric.column);
  out.table.columns.push_back({"PPA score", ""});
  out.figure_column = {false, false, true, true, true, true};
  const Ends ends = ends_of(study);
  add_printed(out, printed, ends, name, score);
  add_ours(out, ends, &PaperPoint::l0, "L0");
  add_ours(out, ends, &PaperPoint::l1, "L1");
  return out;
}

}  // namespace

std::vector<ExperimentTable> table17(const ExperimentInputs& inputs) {
  const PrintedTable llama(inputs.printed, "table17_best_vs_worst_node");
  const PrintedTable smolvlm(inputs.printed, "table19_smolvlm_low_power");
  const std::string caption = "Smallest against largest node";
  return {table_for(inputs.llama, llama, "table17_best_vs_worst_node", caption + ", Llama 3.1 8B",
                    &Metric::in_table17, "PPA Score"),
          table_for(inputs.smolvlm, smolvlm, "table17_best_vs_worst_node_smolvlm",
                    caption + ", SmolVLM-256M", &Metric::in_table19, "PPA")};
}

}  // namespace tilewright
