#include "explore/search_log.h"

#include <gtest/gtest.h>

#include <cmath>

#include "../error_id.h"
#include "support/table.h"
#include "surrogate/ppa.h"

namespace tilewright {
namespace {

// A search of three evaluations whose figures are made from `row`; `alpha` is known from the
// second.
double value_of(std::size_t column, std::size_t row) {
  return 0.1 * static_cast<double>(column) + static_cast<double>(row) / 3;
}

Table search(const std::string& without = "") {
  Table table{"search", "", {}, {}};
  std::vector<std::string> names{"evaluation"};
  for (std::size_t i = 0; i < kActionCount; ++i) names.emplace_back(action_info(i).name);
  for (const char* name :
       {"score", "feasible", "violation", "tok_s", "power_mw", "area_mm2", "reward"})
    names.emplace_back(name);
  for (std::size_t m = 0; m < kMarginCount; ++m)
    names.push_back("margin_" + std::string(margin_name(m)));
  names.insert(names.end(), {"alpha", "reward"});
  std::erase(names, without);
  for (const std::string& name : names) table.columns.push_back({name, ""});
  for (std::size_t row = 0; row < 3; ++row) {
    std::vector<Cell> cells;
    for (std::size_t c = 0; c < names.size(); ++c) {
      if (names[c] == "feasible") {
        cells.emplace_back(Number{row == 1 ? 0.0 : 1.0});
      } else if (names[c] == "alpha" && row == 0) {
        cells.emplace_back(Missing{"not known yet"});
      } else {
        cells.emplace_back(Number{value_of(c, row)});
      }
    }
    table.add(std::move(cells));
  }
  return table;
}

TEST(SearchLog, ReadsEveryFigureToTheBitAndLeavesOutWhatIsMissing) {
  const SearchLog log = read_search_log(to_csv(search()), "search.csv");
  ASSERT_EQ(log.rows(), 3U);
  EXPECT_EQ(log.column("evaluation")[2], value_of(0, 2));
  EXPECT_EQ(log.design(1)[kVlen], value_of(1 + kVlen, 1));
  EXPECT_TRUE(log.feasible(0));
  EXPECT_FALSE(log.feasible(1));
  EXPECT_TRUE(std::isnan(log.column("alpha")[0]));
  EXPECT_FALSE(std::isnan(log.column("alpha")[1]));
}

TEST(SearchLog, ASearchersOwnRewardHasANameOfItsOwn) {
  const SearchLog log = read_search_log(to_csv(search()), "search.csv");
  EXPECT_EQ(log.names.back(), "reward (searcher)");
  EXPECT_NE(log.column("reward")[2], log.column("reward (searcher)")[2]);
}

TEST(SearchLog, WhatIsNoSearchIsRefused) {
  EXPECT_EQ(id_of([] { read_search_log("", "x"); }), "TW-EXPLORE-001");
  for (const std::string name : {"score", "tok_s", "VLEN", "margin_rate"}) {
    const std::string csv = to_csv(search(name));
    EXPECT_EQ(id_of([&] { read_search_log(csv, "x"); }), "TW-EXPLORE-001") << name;
  }
  const std::string csv = to_csv(search());
  EXPECT_EQ(id_of([&] { read_search_log(csv + "1,2\n", "x"); }), "TW-EXPLORE-001");
  EXPECT_EQ(id_of([&] { read_search_log(csv.substr(0, csv.rfind(',')) + ",many\n", "x"); }),
            "TW-TABLE-003");
}

std::string pareto(const SearchLog& log, const std::vector<std::size_t>& rows, double shift = 0) {
  Table table{"pareto", "", {{"Rate", ""}, {"Power", ""}, {"Area", ""}}, {}};
  for (const std::size_t row : rows)
    table.add({Number{log.column("tok_s")[row] + shift}, Number{log.column("power_mw")[row]},
               Number{log.column("area_mm2")[row]}});
  return to_csv(table);
}

TEST(SearchLog, MembersOfTheParetoSetAreFoundAgain) {
  const SearchLog log = read_search_log(to_csv(search()), "search.csv");
  EXPECT_EQ(pareto_rows(log, pareto(log, {2, 0}), "p"), (std::vector<std::size_t>{2, 0}));
  EXPECT_EQ(id_of([&] { pareto_rows(log, pareto(log, {1}, 1e-9), "p"); }), "TW-EXPLORE-001");
}

}  // namespace
}  // namespace tilewright
