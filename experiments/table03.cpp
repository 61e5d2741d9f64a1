// Table 3: the groups of the action vector, and what each variable is.
#include <fmt/format.h>

#include "arch/actions.h"
#include "experiments/printed.h"
#include "experiments/table_builder.h"
#include "experiments/tables.h"

namespace tilewright {
namespace {

// The groups are contiguous in the order of `Action`; a group ends where the next begins.
struct ActionGroup {
  const char* name;  // the paper's
  std::size_t first, end;
};
constexpr ActionGroup kGroups[] = {{"Discrete Mesh/SC Deltas", kMeshW, kFetch},
                                   {"Continuous TCC Params", kFetch, kAIn},
                                   {"Memory/Load Partition", kAIn, kRhoMm},
                                   {"Op-Partition Controls", kRhoMm, kStreamIn},
                                   {"Streaming", kStreamIn, kSubMatmul},
                                   {"Workload Partition", kSubMatmul, kActionCount},
                                   {"Total", kMeshW, kActionCount}};

std::string names_of(const ActionGroup& group) {
  std::string names;
  for (std::size_t i = group.first; i < group.end; ++i)
    names += (names.empty() ? "" : ", ") + std::string(action_info(i).name);
  return names;
}

}  // namespace

std::vector<ExperimentTable> table03(const ExperimentInputs& inputs) {
  const std::string id = "table03_action_space";
  const PrintedTable printed(inputs.printed, id);
  TableBuilder out(id, "Design variables by group");
  out.label("Group");
  out.label("Index");
  out.figure("Variables");
  if (printed.exists()) out.label("Printed");
  out.label("Names");
  for (const ActionGroup& group : kGroups) {
    std::vector<Cell> row{std::string(group.name),
                          fmt::format("{} to {}", group.first, group.end - 1),
                          Number{static_cast<double>(group.end - group.first)}};
    if (printed.exists()) row.push_back(printed.cell(group.name, "Dims"));
    const bool all = group.end - group.first == kActionCount;
    row.emplace_back(all ? std::string("all") : names_of(group));
    out.ours(std::move(row));
  }
  return {out.take()};
}

}  // namespace tilewright
