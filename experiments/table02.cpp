// Table 2: the groups of the state vector.
#include <fmt/format.h>

#include "experiments/printed.h"
#include "experiments/table_builder.h"
#include "experiments/tables.h"
#include "mdp/state.h"

namespace tilewright {
namespace {

struct FeatureGroup {
  std::string name;
  std::size_t first = 0, size = 0, of_policy = 0;
};

std::vector<FeatureGroup> groups_of_state() {
  std::vector<FeatureGroup> groups;
  const auto features = state_features();
  for (std::size_t i = 0; i < features.size(); ++i) {
    if (groups.empty() || groups.back().name != features[i].group)
      groups.push_back({std::string(features[i].group), i});
    ++groups.back().size;
    if (features[i].policy) ++groups.back().of_policy;
  }
  return groups;
}

std::string range_text(std::size_t first, std::size_t size) {
  return size == 1 ? fmt::format("{}", first) : fmt::format("{} to {}", first, first + size - 1);
}

Cell count(std::size_t n) {
  return Number{static_cast<double>(n)};
}

}  // namespace

std::vector<ExperimentTable> table02(const ExperimentInputs& inputs) {
  const std::string id = "table02_state_vector";
  const PrintedTable printed(inputs.printed, id);
  TableBuilder out(id, "State features by group, and how many of them the policy reads");
  out.label("Group");
  out.label("Index");
  out.figure("Features");
  out.figure("Of the policy");
  if (printed.exists()) out.label("Printed");
  const auto add = [&](const std::string& name, std::size_t first, std::size_t size,
                       std::size_t of_policy) {
    std::vector<Cell> row{name, range_text(first, size), count(size), count(of_policy)};
    if (printed.exists()) row.push_back(printed.cell(name, "Dims"));
    out.ours(std::move(row));
  };
  std::size_t of_policy = 0;
  for (const FeatureGroup& group : groups_of_state()) {
    add(group.name, group.first, group.size, group.of_policy);
    of_policy += group.of_policy;
  }
  add("Total", 0, kStateSize, of_policy);
  return {out.take()};
}

}  // namespace tilewright
