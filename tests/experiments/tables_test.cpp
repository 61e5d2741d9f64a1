// The printed tables: how near ours come, and that nothing in them is written down by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "experiments/experiment.h"
#include "experiments/printed.h"
#include "inputs.h"
#include "support/error.h"

namespace tilewright {
namespace {

std::size_t column_of(const Table& table, const std::string& name) {
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (table.columns[c].name == name) return c;
  }
  ADD_FAILURE() << table.id << " has no column " << name;
  return 0;
}

bool is_row(const std::vector<Cell>& row, const std::string& node, const std::string& source) {
  return std::get<std::string>(row[0]) == node && std::get<std::string>(row[1]) == source;
}

double cell(const Table& table, const std::string& node, const std::string& source,
            const std::string& column) {
  for (const auto& row : table.rows) {
    if (!is_row(row, node, source)) continue;
    if (const auto* number = std::get_if<Number>(&row[column_of(table, column)]))
      return number->value;
  }
  ADD_FAILURE() << table.id << ": no figure at " << node << ", " << source << ", " << column;
  return NAN;
}

std::vector<ExperimentTable> run(const std::string& id,
                                 const ExperimentInputs& inputs = paper_inputs()) {
  return find_experiment(id).run(inputs);
}

// |L1 / printed - 1| of every node, in percent.
void expect_within(const Table& table, const std::string& column, double percent,
                   const std::string& but_for = "") {
  for (const PaperPoint& point : paper_inputs().llama.points) {
    if (point.node == but_for) continue;
    const double error =
        100 *
        (cell(table, point.node, "L1", column) / cell(table, point.node, "printed", column) - 1);
    EXPECT_LE(std::fabs(error), percent) << table.id << " " << column << " at " << point.node;
  }
}

TEST(Tables, Table11IsNearThePrintedOne) {
  const Table table = run("11").at(0).table;
  expect_within(table, "Rate", 1);
  expect_within(table, "Performance", 1);
  expect_within(table, "Power", 1);
  expect_within(table, "Area", 2.5);
}

TEST(Tables, Table12sComponentsAreNearThePrintedOnes) {
  const Table table = run("12").at(0).table;
  for (const char* component : {"Compute", "SRAM", "ROM read", "Leakage"})
    expect_within(table, component, 2);
  expect_within(table, "NoC", 2, "28nm");
  const double noc = cell(table, "28nm", "L1", "NoC") / cell(table, "28nm", "printed", "NoC") - 1;
  EXPECT_LE(100 * std::fabs(noc), 7);
}

TEST(Tables, Table19IsNearThePrintedOne) {
  const Table table = run("19").at(0).table;
  expect_within(table, "Rate", 3);
  expect_within(table, "Area", 3);
  expect_within(table, "Power", 11);
}

TEST(Tables, L0AndL1AgreeAtThePrintedDesigns) {
  for (const char* id : {"11", "19"}) {
    for (const ExperimentTable& result : run(id)) {
      for (const PaperPoint& point : paper_inputs().llama.points) {
        for (const char* column : {"Rate", "Power", "Area"}) {
          const double l0 = cell(result.table, point.node, "L0", column),
                       l1 = cell(result.table, point.node, "L1", column);
          EXPECT_NEAR(l1 / l0, 1, 0.01) << result.table.id << " " << column << " at " << point.node;
        }
      }
    }
  }
}

TEST(Tables, RatiosFollowFromTheFiguresBesideThem) {
  const Table ends = run("17").at(0).table, ratios = run("18").at(0).table,
              nodes = run("11").at(0).table;
  EXPECT_DOUBLE_EQ(
      cell(ends, "3nm vs 28nm", "L1", "Performance"),
      cell(ends, "3nm", "L1", "Performance") / cell(ends, "28nm", "L1", "Performance"));
  EXPECT_DOUBLE_EQ(cell(ratios, "10nm", "L0", "Rate over power"),
                   cell(nodes, "10nm", "L0", "Rate") / cell(nodes, "10nm", "L0", "Power"));
}

// The published order of the nodes by score: 3 < 5 < 7 < 10 < 14 < 28 < 22 (surrogate.md 9b).
TEST(Tables, TheCrossNodeScoreGivesThePublishedOrder) {
  const Table table = run("11").at(0).table;
  const std::vector<std::string> order{"3nm", "5nm", "7nm", "10nm", "14nm", "28nm", "22nm"};
  for (std::size_t i = 1; i < order.size(); ++i) {
    EXPECT_LT(cell(table, order[i - 1], "L1", "Cross-node score"),
              cell(table, order[i], "L1", "Cross-node score"))
        << order[i];
  }
}

TEST(Tables, TheLostScoreIsMissingWithItsReason) {
  const Table table = run("10").at(0).table;
  for (const auto& row : table.rows) {
    if (!is_row(row, "3nm", "L1")) continue;
    const auto* missing = std::get_if<Missing>(&row[column_of(table, "PPA score")]);
    ASSERT_NE(missing, nullptr);
    EXPECT_NE(missing->reason.find("lost"), std::string::npos);
  }
}

// No .cpp holds a constant or a printed figure: a move of the node table moves every cell that
// claims to be computed.
TEST(Tables, EveryComputedCellMovesWithTheNodeTable) {
  const ExperimentInputs moved =
      make_inputs(with_nodes_scaled(load_calibration("paper"), 1.01, 0.99));
  for (const char* id : {"10", "11", "12", "17", "18", "19", "placement"}) {
    const auto before = run(id), after = run(id, moved);
    ASSERT_EQ(before.size(), after.size());
    for (std::size_t t = 0; t < before.size(); ++t) {
      const Table &a = before[t].table, &b = after[t].table;
      ASSERT_EQ(a.rows.size(), b.rows.size());
      int computed = 0;
      for (std::size_t r = 0; r < a.rows.size(); ++r) {
        for (std::size_t c = 0; c < a.columns.size(); ++c) {
          if (!before[t].computed(r, c)) continue;
          ++computed;
          EXPECT_NE(std::get<Number>(a.rows[r][c]).value, std::get<Number>(b.rows[r][c]).value)
              << a.id << ", row " << r << ", " << a.columns[c].name;
        }
      }
      EXPECT_GT(computed, 0) << a.id;
    }
  }
}

TEST(Tables, PrintedCellsAreThePapersAndStay) {
  const ExperimentInputs moved =
      make_inputs(with_nodes_scaled(load_calibration("paper"), 1.01, 0.99));
  const PrintedTable paper(moved.printed, "table11_ppa_by_node");
  const Table table = run("11", moved).at(0).table;
  for (const PaperPoint& point : moved.llama.points) {
    EXPECT_EQ(cell(table, point.node, "printed", "Rate"), paper.value(point.node, "Tok/s"));
    EXPECT_EQ(cell(table, point.node, "printed", "Power"), paper.value(point.node, "Power (mW)"));
  }
}

TEST(Tables, WorsePlacementsAreSlower) {
  const auto results = run("placement");
  const Table& table = results.at(0).table;
  const std::size_t over = column_of(table, "Greedy over this");
  for (const auto& row : table.rows) {
    const auto& policy = std::get<std::string>(row[1]);
    const double factor = std::get<Number>(row[over]).value;
    const double least = policy == "greedy" ? 1 : policy == "a quarter of the tiles" ? 2 : 1.02;
    EXPECT_GE(factor, least) << std::get<std::string>(row[0]) << " " << policy;
  }
}

TEST(Tables, Table21SearchesWithOneBudget) {
  ExperimentInputs inputs = paper_inputs();
  inputs.episodes = 40;
  inputs.level = "L0";
  inputs.seeds = 6;
  inputs.searchers = "random,grid;wide=cmaes:sigma=0.3";
  const auto results = run("21", inputs);
  const Table table = results.at(0).table;
  ASSERT_EQ(table.rows.size(), 6U);
  const std::size_t score = column_of(table, "Search score"), low = column_of(table, "Low"),
                    high = column_of(table, "High");
  for (const auto& row : table.rows) {
    if (std::get<std::string>(row[1]) == "printed") continue;
    const auto& counts = std::get<std::string>(row.back());  // "FEASIBLE / EVALUATIONS"
    const double evaluations = parse_number(counts.substr(counts.find("/ ") + 2), table.id);
    // The grid takes the largest grid that fits the budget; the others spend it all.
    const bool grid = std::get<std::string>(row[0]) == "grid";
    EXPECT_LE(evaluations, 40);
    EXPECT_GE(evaluations, grid ? 2 : 40) << std::get<std::string>(row[0]);
    EXPECT_LE(std::get<Number>(row[low]).value, std::get<Number>(row[score]).value);
    EXPECT_GE(std::get<Number>(row[high]).value, std::get<Number>(row[score]).value);
  }
  // Figure 3: twenty marks for each searcher, and a picture of them.
  EXPECT_EQ(results.at(1).table.rows.size(), 60U);
  EXPECT_TRUE(results.at(1).picture.starts_with("<svg "));
}

TEST(Tables, Table21TakesTheRunsOfAContest) {
  ExperimentInputs inputs = paper_inputs();
  inputs.episodes = 20;
  inputs.searchers = "random";
  inputs.runs = std::filesystem::temp_directory_path() / "no-runs-are-here";
  const Table table = run("21", inputs).at(0).table;
  const auto* missing = std::get_if<Missing>(&table.rows.back()[column_of(table, "Search score")]);
  ASSERT_NE(missing, nullptr);
  EXPECT_EQ(missing->reason, "of 1 runs 1 not run and 0 stale");
}

// Every network stands beside the mesh, whose own rows are the study's, and scores can be compared.
TEST(Tables, TopologiesStandBesideTheMesh) {
  ExperimentInputs inputs = paper_inputs();
  inputs.episodes = 12;
  const auto results = run("topology", inputs);
  ASSERT_EQ(results.size(), 2U);
  const Table &printed = results[0].table, &searched = results[1].table;
  ASSERT_EQ(printed.rows.size(), 2U * 2 * 3 * 2 * 5);  // calibrations, workloads, nodes, levels
  ASSERT_EQ(searched.rows.size(), 2U * 2 * 5);
  const auto text = [](const std::vector<Cell>& row, std::size_t c) {
    return std::get<std::string>(row[c]);
  };
  const auto figure = [&](const std::vector<Cell>& row, const char* column) {
    return std::get<Number>(row[column_of(printed, column)]).value;
  };
  const PaperPoint& point = paper_inputs().llama.points.front();
  int hops = 0;
  for (const auto& row : printed.rows) {
    const std::string topology = text(row, 3), level = text(row, 4);
    if (topology == "mesh") {
      EXPECT_EQ(figure(row, "Rate over mesh"), 1);
      if (text(row, 0) == "llama-3.1-8b" && text(row, 1) == "paper" && text(row, 2) == point.node) {
        EXPECT_EQ(figure(row, "Rate"), (level == "L0" ? point.l0 : point.l1).tok_s);
      }
    }
    if (text(row, 0) != "llama-3.1-8b") continue;
    if (topology == "torus" || topology == "ring") {  // L1's bytes go to the next tile, nearly all
      EXPECT_EQ(figure(row, "Hops over mesh") < 1.01, topology == "torus") << level;
      ++hops;
    }
    EXPECT_EQ(std::holds_alternative<Missing>(row[column_of(printed, "Busiest link")]),
              level == "L0");
    // The paper's constants know no price of a network.
    if (text(row, 1) == "paper" && level == "L0") {
      EXPECT_EQ(figure(row, "Area over mesh"), 1) << topology;
    }
  }
  EXPECT_EQ(hops, 2 * 2 * 3 * 2);
}

TEST(Tables, FidelityReportsEveryNode) {
  ExperimentInputs inputs = paper_inputs();
  inputs.samples = 40;
  inputs.smolvlm.points.resize(
      1);  // low-power boxes hold few feasible designs: one node will do here
  const auto results = run("fidelity", inputs);
  const Table& table = results.at(0).table;
  ASSERT_EQ(table.rows.size(), inputs.llama.points.size());
  for (const auto& row : table.rows) {
    EXPECT_EQ(std::get<Number>(row[1]).value, 40);
    const double rank = std::get<Number>(row[column_of(table, "Rank score")]).value;
    EXPECT_GT(rank, -1);
    EXPECT_LE(rank, 1);
  }
}

TEST(Tables, AnUnknownTableIsRefusedWithTheKnownOnes) {
  try {
    find_experiment("99");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.fix().find("11"), std::string::npos);
  }
}

}  // namespace
}  // namespace tilewright
