// Table 1: what systems of the field can do. Others' rows are the paper's; ours names a test of
// each tick.
#include <fmt/format.h>

#include "experiments/capabilities.h"
#include "experiments/printed.h"
#include "experiments/table_builder.h"
#include "experiments/tables.h"

namespace tilewright {
namespace {

constexpr const char* kPrinted = "table01_positioning";

ExperimentTable matrix(const ExperimentInputs& inputs) {
  const PrintedTable printed(inputs.printed, kPrinted);
  TableBuilder out(kPrinted,
                   "Capabilities; the rows of others, and of the paper's own system, as "
                   "it prints them");
  out.label("System");
  out.label("Source");
  for (const Capability& c : capabilities()) out.label(c.title);
  for (const std::string& system : printed.labels()) {
    std::vector<Cell> row{system == "Ours" ? "The paper's" : system, std::string("printed")};
    for (const Capability& c : capabilities()) row.push_back(printed.cell(system, c.column));
    out.printed(std::move(row));
  }
  std::vector<Cell> row{std::string("Tilewright"), std::string("ours")};
  for (const Capability& c : capabilities())
    row.emplace_back(std::string(c.tests.empty() ? c.value : "yes"));
  out.ours(std::move(row));
  return out.take();
}

ExperimentTable proofs() {
  TableBuilder out("table01_proofs", "The test that proves each tick of ours");
  out.label("Capability");
  out.label("Test");
  out.label("File");
  for (const Capability& c : capabilities()) {
    for (const ProvingTest& test : c.tests)
      out.ours({std::string(c.title), std::string(test.name), std::string(test.file)});
  }
  return out.take();
}

}  // namespace

std::vector<ExperimentTable> table01(const ExperimentInputs& inputs) {
  return {matrix(inputs), proofs()};
}

}  // namespace tilewright
