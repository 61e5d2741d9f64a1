// The printed designs under the physical calibration, against the figures of the calibration's own
// design document, which rounds them to two to five digits.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "experiments/experiment.h"
#include "inputs.h"
#include "support/file.h"

namespace tilewright {
namespace {

using Rows = std::map<std::string, std::map<std::string, double>>;  // node, column

Rows computed(const std::string& id) {
  Rows rows;
  for (const ExperimentTable& result : find_experiment("physical").run(paper_inputs())) {
    if (result.table.id != id) continue;
    for (const auto& row : result.table.rows) {
      for (std::size_t c = 1; c < row.size(); ++c) {
        if (const auto* number = std::get_if<Number>(&row[c]))
          rows[std::get<std::string>(row[0])][result.table.columns[c].name] = number->value;
      }
    }
  }
  return rows;
}

// A last digit of what is printed, or 3 %, whichever is more.
double allowed(const std::string& text, double value) {
  const std::size_t point = text.find('.');
  const auto digits = point == std::string::npos ? 0 : text.size() - point - 1;
  return std::max(0.03 * std::fabs(value), std::pow(10.0, -static_cast<double>(digits)));
}

void expect_table(const std::string& id, std::size_t nodes) {
  const auto file = std::string(TILEWRIGHT_SOURCE_DIR) + "/tests/data/" + id + ".csv";
  const auto wanted = parse_csv(read_file(file), file);
  Rows rows = computed(id);
  ASSERT_EQ(wanted.size(), nodes + 1);
  ASSERT_EQ(rows.size(), nodes);
  for (std::size_t r = 1; r < wanted.size(); ++r) {
    for (std::size_t c = 1; c < wanted[r].size(); ++c) {
      const double want = parse_number(wanted[r][c], file);
      ASSERT_TRUE(rows.at(wanted[r][0]).contains(wanted[0][c])) << wanted[0][c];
      EXPECT_NEAR(rows.at(wanted[r][0]).at(wanted[0][c]), want, allowed(wanted[r][c], want))
          << wanted[r][0] << " " << wanted[0][c];
    }
  }
}

TEST(PhysicalTables, EveryRowOfTheDocumentIsRegenerated) {
  expect_table("physical_llama", 7);
  expect_table("physical_smolvlm", 7);
}

}  // namespace
}  // namespace tilewright
