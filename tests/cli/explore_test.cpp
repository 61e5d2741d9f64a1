// The page of tilewright explore says what the folder says.
#include <cmath>
#include <map>
#include <set>
#include <string>

#include "program.h"
#include "support/file.h"
#include "support/json.h"
#include "support/table.h"

namespace tilewright {
namespace {

namespace fs = std::filesystem;

class Explore : public Program {
 protected:
  void compile(const std::string& out, std::vector<std::string> more = {}) {
    std::vector<std::string> words{"compile",    "llama-tiny", "--agent", "random",
                                   "--episodes", "60",         "-o",      out};
    words.insert(words.end(), more.begin(), more.end());
    ASSERT_EQ(run(words).status, 0);
  }
  // The data of a page.
  Json data(const std::string& file) const {
    const std::string page = read_file(folder_ / file);
    const std::string open = "<script type=\"application/json\" id=\"data\">";
    const std::size_t begin = page.find(open) + open.size();
    return parse_json(page.substr(begin, page.find("</script>", begin) - begin), file);
  }
  Json json(const std::string& file) const { return read_json(folder_ / file); }
  // ppa.json less what the page does not show.
  Json shown_ppa(const std::string& file) const {
    Json ppa = json(file);
    ppa.erase("factors");
    ppa.at("physical").erase("influences");
    return ppa;
  }
};

// A column of the page, at a row.
double at(const Json& evaluations, const std::string& name, std::size_t row) {
  const Json& column = evaluations.at("columns").at(name);
  return (column.is_array() ? column[row] : column).get<double>();
}

void expect_near(double shown, double exact, const std::string& what) {
  EXPECT_NEAR(shown, exact, 1e-5 * std::abs(exact)) << what;
}

TEST_F(Explore, ThePageSaysWhatTheFolderSays) {
  compile("out");
  const Outcome outcome = run({"explore", "out"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  EXPECT_NE(outcome.out.find("60 evaluations"), std::string::npos) << outcome.out;
  const Json page = data("out/explore.html");
  ASSERT_EQ(page.at("folders").size(), 1U);
  const Json &folder = page.at("folders")[0], design = json("out/design.json");
  EXPECT_EQ(folder.at("ppa"), shown_ppa("out/ppa.json"));
  EXPECT_EQ(folder.at("workload"), design.at("workload"));
  EXPECT_EQ(page.at("variables").size(), 30U);
  EXPECT_EQ(folder.at("actions").size(), 30U);
  for (std::size_t i = 0; i < 30; ++i) {
    const auto name = page.at("variables")[i].at("name").get<std::string>();
    EXPECT_EQ(folder.at("actions")[i], design.at("actions").at(name)) << name;
  }
  const Json& map = folder.at("final_map");
  EXPECT_EQ(map.at("w"), design.at("mesh").at("w"));
  EXPECT_EQ(map.at("h"), design.at("mesh").at("h"));
}

TEST_F(Explore, ThePageHasEveryEvaluationAndTheParetoSet) {
  compile("out");
  ASSERT_EQ(run({"explore", "out", "-o", "page.html"}).status, 0);
  EXPECT_FALSE(fs::exists(folder_ / "out/explore.html"));
  const Json evaluations = data("page.html").at("folders")[0].at("evaluations");
  const auto rows = parse_csv(read_file(folder_ / "out/search.csv"), "search.csv");
  ASSERT_EQ(evaluations.at("shown"), rows.size() - 1);
  ASSERT_EQ(evaluations.at("total"), rows.size() - 1);
  double best = std::nan("");
  std::map<std::string, std::size_t> column;
  for (std::size_t c = 0; c < rows[0].size(); ++c) column[rows[0][c]] = c;
  for (std::size_t row = 1; row < rows.size(); ++row) {
    for (const auto& [name, c] : column)
      expect_near(at(evaluations, name, row - 1), parse_number(rows[row][c], name), name);
    const double score = parse_number(rows[row][column.at("score")], "score");
    if (rows[row][column.at("feasible")] == "1" && !(score >= best)) best = score;
    if (!std::isnan(best)) expect_near(at(evaluations, "best_score", row - 1), best, "best");
  }
  const auto front = parse_csv(read_file(folder_ / "out/pareto.csv"), "pareto.csv");
  ASSERT_EQ(evaluations.at("pareto").size(), front.size() - 1);
  for (std::size_t i = 1; i < front.size(); ++i) {
    const auto row = evaluations.at("pareto")[i - 1].get<std::size_t>();
    expect_near(at(evaluations, "tok_s", row), parse_number(front[i][0], "rate"), "rate");
    expect_near(at(evaluations, "area_mm2", row), parse_number(front[i][2], "area"), "area");
  }
}

TEST_F(Explore, TheParetoSetAndTheBestHaveTheirTiles) {
  compile("out");
  ASSERT_EQ(run({"explore", "out"}).status, 0);
  const Json folder = data("out/explore.html").at("folders")[0];
  const Json& evaluations = folder.at("evaluations");
  std::set<std::string> wanted;
  for (const Json& row : evaluations.at("pareto")) wanted.insert(std::to_string(row.get<int>()));
  wanted.erase(std::to_string(evaluations.at("final").get<int>()));
  EXPECT_FALSE(wanted.empty());
  for (const std::string& row : wanted) {
    ASSERT_TRUE(folder.at("maps").contains(row)) << row;
    const Json& map = folder.at("maps").at(row);
    ASSERT_TRUE(map.contains("ppa")) << map.dump();
    const std::size_t number = std::stoul(row);
    EXPECT_EQ(map.at("w").get<double>(), at(evaluations, "W", number));
    expect_near(at(evaluations, "power_mw", number), map.at("ppa").at("power_mw").get<double>(),
                row);
  }
}

TEST_F(Explore, TwiceGivesTheSameBytes) {
  compile("out");
  ASSERT_EQ(run({"explore", "out", "-o", "a.html"}).status, 0);
  ASSERT_EQ(run({"explore", "out", "-o", "b.html"}).status, 0);
  EXPECT_TRUE(read_file(folder_ / "a.html") == read_file(folder_ / "b.html"));
}

TEST_F(Explore, ASweepIsOnePageOfAllItsJobs) {
  ASSERT_EQ(run({"sweep", "llama-tiny", "--nodes", "5nm,7nm", "--agent", "random", "--episodes",
                 "20", "-o", "sw"})
                .status,
            0);
  ASSERT_EQ(run({"explore", "sw"}).status, 0);
  const Json folders = data("sw/explore.html").at("folders");
  ASSERT_EQ(folders.size(), 2U);
  EXPECT_EQ(folders[0].at("name"), "llama-tiny-5nm-high-performance-seed0");
  EXPECT_EQ(folders[1].at("node"), "7nm");
  EXPECT_EQ(folders[1].at("ppa"),
            shown_ppa("sw/jobs/llama-tiny-7nm-high-performance-seed0/ppa.json"));
}

TEST_F(Explore, ADesignThatWasGivenHasItsTilesAndNoSearch) {
  compile("out");
  compile("given", {"--design", "out/design.json"});
  ASSERT_EQ(run({"explore", "given"}).status, 0);
  const Json folder = data("given/explore.html").at("folders")[0];
  EXPECT_EQ(folder.at("ppa"), shown_ppa("given/ppa.json"));
  EXPECT_GT(folder.at("final_map").at("kinds").at("vlen").size(), 0U);
}

TEST_F(Explore, WhatIsNoFolderOfOursIsOneLine) {
  fs::create_directories(folder_ / "empty");
  expect_one_error_line(run({"explore"}), "nothing");
  expect_one_error_line(run({"explore", "none"}), "none");
  expect_one_error_line(run({"explore", "empty"}), "empty");
  compile("out");
  const std::string log = read_file(folder_ / "out/search.csv");
  write_file(folder_ / "out/search.csv", log.substr(0, log.size() / 2));
  expect_one_error_line(run({"explore", "out"}), "half a search");
  EXPECT_FALSE(fs::exists(folder_ / "out/explore.html"));
}

}  // namespace
}  // namespace tilewright
