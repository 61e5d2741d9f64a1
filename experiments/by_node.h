// Tables with one block of rows a node: printed, L0, L1, and the error of L1.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "experiments/experiment.h"
#include "experiments/printed.h"

namespace tilewright {

struct ByNodeColumn {
  Column column;
  std::string printed;  // its name in the printed table; empty: the paper has no such column
  bool figure = true;   // false: part of the design, the same in every row
  std::function<Cell(const PaperPoint&, const Ppa&)> ours;
};

ExperimentTable by_node_table(const std::string& id, const std::string& caption, const Study& study,
                              const PrintedTable& printed,
                              const std::vector<ByNodeColumn>& columns);

// The same columns for both workloads: Llama against `printed`, SmolVLM against what Table 19 has.
std::vector<ExperimentTable> for_both_workloads(const ExperimentInputs& inputs,
                                                const std::string& id, const std::string& caption,
                                                const std::string& printed,
                                                const std::vector<ByNodeColumn>& columns);

// Columns that several tables share.
ByNodeColumn mesh_column();
ByNodeColumn cores_column();
ByNodeColumn clock_column();
ByNodeColumn power_column(const std::string& printed = "Power (mW)");
ByNodeColumn gops_column(const std::string& printed = "Perf (GOps)");
ByNodeColumn area_column();
ByNodeColumn rate_column();
ByNodeColumn printed_score_column(
    const std::string& printed = "PPA");  // ours is missing, with the reason
ByNodeColumn cross_score_column();        // ours alone

std::string mesh_text(const ActionVector& design);  // "41x42"
const Missing& score_lost();

}  // namespace tilewright
