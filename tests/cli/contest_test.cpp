// tilewright contest: equal tables however it ran, and a row for what did not count.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <thread>

#include "program.h"
#include "support/file.h"
#include "support/json.h"
#include "support/table.h"

namespace tilewright {
namespace {

namespace fs = std::filesystem;

class Contest : public Program {
 protected:
  // A small contest; `more` replaces options and adds some.
  static std::vector<std::string> words(const std::string& folder,
                                        const std::map<std::string, std::string>& more = {}) {
    std::map<std::string, std::string> options{{"--cases", "llama-3.1-8b:3nm"},
                                               {"--budgets", "20,40"},
                                               {"--searchers", "random,grid"},
                                               {"--seeds", "3"},
                                               {"-o", folder}};
    for (const auto& [key, value] : more) options[key] = value;
    std::vector<std::string> all{"contest"};
    for (const auto& [key, value] : options) {
      all.push_back(key);
      if (!value.empty()) all.push_back(value);
    }
    return all;
  }

  // What must not depend on how the runs were made: neither times nor the records that hold them.
  std::vector<std::pair<std::string, std::string>> tables(const std::string& folder) {
    auto files = contents(folder_ / folder);
    std::erase_if(files, [](const auto& file) {
      return file.first.starts_with("times.") || file.first.starts_with("runs/");
    });
    return files;
  }

  std::vector<fs::path> records(const std::string& folder) {
    std::vector<fs::path> files;
    if (!fs::exists(folder_ / folder / "runs")) return files;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / folder / "runs")) {
      if (entry.path().extension() == ".json") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  // Rows of a table by the name of a column.
  std::vector<std::string> column(const fs::path& table, const std::string& name) {
    const auto rows = parse_csv(read_file(folder_ / table), table.string());
    const auto at = std::find(rows[0].begin(), rows[0].end(), name) - rows[0].begin();
    std::vector<std::string> cells;
    for (std::size_t i = 1; i < rows.size(); ++i)
      cells.push_back(rows[i].at(static_cast<std::size_t>(at)));
    return cells;
  }

  bool wait_for_records(const std::string& folder, std::size_t count) {
    for (int i = 0; i < 3000 && records(folder).size() < count; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return records(folder).size() >= count;
  }

  void edit(const fs::path& record, const std::string& from, const std::string& to) {
    std::string text = read_file(record);
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    write_file(record, text.replace(at, from.size(), to));
  }
};

TEST_F(Contest, TheTablesAreTheSameForAnyNumberOfWorkers) {
  const Outcome one = run(words("one", {{"--jobs", "1"}}));
  ASSERT_EQ(one.status, 0) << one.err;
  EXPECT_NE(one.out.find("24 runs: 24 valid, 0 void, 0 stale, 0 missing"), std::string::npos);
  ASSERT_EQ(run(words("four", {{"--jobs", "4"}})).status, 0);
  EXPECT_EQ(tables("one"), tables("four"));
  EXPECT_EQ(records("one").size(), 24U);
  for (const char* file :
       {"contest.csv", "summary.csv", "summary.tex", "standings.csv", "curves_black-box_40.svg",
        "curves_with-model_20.csv", "figure3_exploration.csv", "table21_search_strategy.csv"})
    EXPECT_TRUE(fs::exists(folder_ / "one" / file)) << file;
  // Where L0 is free, searchers without another use for it start at its optimum, or ignore it.
  const auto tracks = column("one/contest.csv", "Track"),
             labels = column("one/contest.csv", "Searcher"),
             queries = column("one/contest.csv", "L0 queries");
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    const bool without = tracks[i] == "black-box" || labels[i].ends_with(" without L0");
    EXPECT_EQ(queries[i] == "0", without) << i;
  }
}

TEST_F(Contest, WhatIsThereIsNotRunAgain) {
  ASSERT_EQ(run(words("x")).status, 0);
  std::map<fs::path, fs::file_time_type> before;
  for (const fs::path& file : records("x")) before[file] = fs::last_write_time(file);
  fs::remove(before.begin()->first);
  ASSERT_EQ(run(words("x")).status, 0);
  std::size_t rewritten = 0;
  for (const fs::path& file : records("x"))
    rewritten += fs::last_write_time(file) != before[file] ? 1U : 0U;
  EXPECT_EQ(rewritten, 1U);
}

TEST_F(Contest, AKilledContestGoesOnToTheSameTables) {
  ASSERT_EQ(run(words("whole")).status, 0);
  const pid_t pid = start(words("killed", {{"--jobs", "1"}}));
  ASSERT_TRUE(wait_for_records("killed", 3));
  ::kill(pid, SIGKILL);
  wait(pid);
  EXPECT_LT(records("killed").size(), 24U);
  ASSERT_EQ(run(words("killed")).status, 0);
  EXPECT_EQ(tables("killed"), tables("whole"));
}

TEST_F(Contest, CtrlCKeepsTheFinishedRunsAndBlamesNone) {
  const pid_t pid = start(words("x", {{"--jobs", "1"}, {"--budgets", "2000"}}));
  ASSERT_TRUE(wait_for_records("x", 2));
  ::kill(pid, SIGINT);
  const Outcome outcome = wait(pid);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.err.find("interrupted"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.out.find(" 0 void, 0 stale"), std::string::npos) << outcome.out;
  for (const std::string& state : column("x/contest.csv", "State"))
    EXPECT_TRUE(state == "valid" || state == "missing") << state;
}

// The process that makes a run, which /proc lists below its parent.
pid_t child_of(pid_t parent) {
  const std::string list =
      "/proc/" + std::to_string(parent) + "/task/" + std::to_string(parent) + "/children";
  for (int i = 0; i < 1000; ++i) {
    pid_t child = 0;
    if (std::ifstream(list) >> child) return child;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return 0;
}

TEST_F(Contest, ACrashVoidsOneRunAndIsTriedAgain) {
  const auto line = words("x", {{"--jobs", "1"},
                                {"--budgets", "3000"},
                                {"--seeds", "2"},
                                {"--tracks", "black-box"},
                                {"--searchers", "random"}});
  const pid_t pid = start(line);
  const pid_t child = child_of(pid);
  ASSERT_GT(child, 0);
  ::kill(child, SIGSEGV);
  const Outcome outcome = wait(pid);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(column("x/contest.csv", "State"), (std::vector<std::string>{"void", "valid"}));
  EXPECT_EQ(column("x/contest.csv", "Best score")[0],
            "missing: the process died of signal " + std::to_string(SIGSEGV));
  EXPECT_EQ(column("x/summary.csv", "Void runs"), std::vector<std::string>{"1"});
  ASSERT_EQ(run(line).status, 0);
  EXPECT_EQ(column("x/contest.csv", "State"), (std::vector<std::string>{"valid", "valid"}));
}

TEST_F(Contest, OlderCodeIsStaleUntilItIsRunAgain) {
  ASSERT_EQ(run(words("x")).status, 0);
  const std::string hash =
      required<std::string>(read_json(records("x").front()).at("code"), "searcher", "record");
  edit(records("x").front(), hash, std::string(64, '0'));
  const Outcome report = run(words("x", {{"--report-only", ""}}));
  EXPECT_EQ(report.status, 1);
  EXPECT_NE(report.out.find("23 valid, 0 void, 1 stale"), std::string::npos) << report.out;
  EXPECT_NE(report.out.find("1 records of other code"), std::string::npos) << report.out;
  const auto medians = column("x/summary.csv", "Median best score");
  // The run stands in both tracks.
  EXPECT_EQ(std::count(medians.begin(), medians.end(), "missing: of 3 runs 0 not run and 1 stale"),
            2);
  EXPECT_EQ(run(words("x")).status, 0);
}

TEST_F(Contest, AQueryOfL0InTheBlackBoxIsVoidAndOpenOtherwise) {
  ASSERT_EQ(run(words("x")).status, 0);
  for (const fs::path& record : records("x")) {
    const bool black_box = read_file(record).find("\"l0_calls\":0") != std::string::npos;
    if (black_box && record.string().find("-20-grid-seed101") != std::string::npos)
      edit(record, "\"l0_calls\":0", "\"l0_calls\":5");
  }
  const Outcome report = run(words("x", {{"--report-only", ""}}));
  EXPECT_NE(report.out.find("23 valid, 1 void"), std::string::npos) << report.out;
  const auto medians = column("x/summary.csv", "Median best score");
  EXPECT_EQ(std::count(medians.begin(), medians.end(),
                       "missing: void, 1 of 3 runs: L0 was queried 5 times in the black box"),
            2);
}

TEST_F(Contest, LongRunsGiveTheBestKnownThatRegretIsMeasuredFrom) {
  const std::string where = "llama-3.1-8b:3nm";
  ASSERT_EQ(run({"contest", "--best-known", "--cases", where, "--budgets", "300", "--seeds", "2",
                 "--searchers", "cmaes,sade", "-o", "long"})
                .status,
            0);
  const std::map<std::string, std::string> from{{"--best-known-file", "long/best_known.csv"}};
  ASSERT_EQ(run(words("x", from)).status, 0);
  EXPECT_EQ(column("x/best_known_used.csv", "From"), std::vector<std::string>{"long runs"});
  EXPECT_EQ(column("x/best_known_used.csv", "Score"), column("long/best_known.csv", "score"));
  EXPECT_EQ(column("long/best_known.csv", "evaluations spent"), std::vector<std::string>{"1200"});
  for (const std::string& regret : column("x/contest.csv", "Regret"))
    EXPECT_GE(parse_number(regret, "regret"), 0);

  // A score that the program does not give the design.
  edit(folder_ / "long/best_known.csv", column("long/best_known.csv", "score").front(), "0.5");
  const Outcome refused = run(words("x", from));
  EXPECT_NE(refused.err.find("not used"), std::string::npos) << refused.err;
  EXPECT_EQ(column("x/best_known_used.csv", "From"), std::vector<std::string>{"this contest"});
}

// Of all cases, as they come with the program.
TEST_F(Contest, TheBestKnownDesignsScoreWhatTheirRowsSay) {
  run({"contest", "--report-only", "--budgets", "20", "--tracks", "black-box", "--searchers",
       "random", "-o", "x"});
  EXPECT_EQ(column("x/best_known_used.csv", "From"), std::vector<std::string>(8, "long runs"));
}

TEST_F(Contest, ABadQuestionIsRefusedBeforeAnythingIsWritten) {
  const std::vector<std::vector<std::string>> lines{
      {"contest"},
      {"contest", "--cases", "no-such-model:3nm:low-power", "-o", "x"},
      {"contest", "--cases", "llama-3.1-8b:1nm", "-o", "x"},
      {"contest", "--cases", "llama-tiny:3nm", "-o", "x"},
      {"contest", "--searchers", "nobody", "-o", "x"},
      {"contest", "--searchers", "cmaes:no-such-setting=1", "-o", "x"},
      {"contest", "--tracks", "glass-box", "-o", "x"},
      {"contest", "--budgets", "0", "-o", "x"},
      {"contest", "--level", "L9", "-o", "x"},
      {"contest-run", "--run", "{}", "--cache", "x"},
  };
  for (const auto& line : lines) {
    std::string text;
    for (const std::string& word : line) text += word + " ";
    expect_one_error_line(run(line), text);
    EXPECT_FALSE(fs::exists(folder_ / "x")) << text;
  }
  write_file(folder_ / "home/thesis.tex", "years of work");
  expect_one_error_line(run(words("home")), "home");
}

TEST_F(Contest, HelpHasExamplesAndHidesTheInnerVerb) {
  const Outcome help = run({"contest", "--help"});
  for (const char* word : {"Examples", "--best-known", "--report-only", "--first-seed", "100"})
    EXPECT_NE(help.out.find(word), std::string::npos) << word;
  EXPECT_EQ(run({"--help"}).out.find("contest-run"), std::string::npos);
  EXPECT_EQ(run({"nonsense"}).err.find("contest-run"), std::string::npos);
}

}  // namespace
}  // namespace tilewright
