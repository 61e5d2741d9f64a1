// tilewright paper: a PDF from runs, resumed without running again, and no number in it that no
// file has.
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <map>
#include <regex>
#include <set>
#include <thread>

#include "program.h"
#include "support/file.h"
#include "support/json.h"
#include "support/table.h"

namespace tilewright {
namespace {

namespace fs = std::filesystem;

class Paper : public Program {
 protected:
  std::vector<std::string> words() {
    return {"paper", "--quick", "--smoke", "--jobs", "2", "-o", "paper"};
  }
};

bool is_here(const std::string& tool) {
  return std::system(("command -v " + tool + " > /dev/null 2>&1").c_str()) == 0;
}

std::vector<double> numbers_in(const std::string& text) {
  std::vector<double> numbers;
  const std::regex number(R"(\d+(\.\d+)?)");
  for (std::sregex_iterator i(text.begin(), text.end(), number), end; i != end; ++i)
    numbers.push_back(parse_number(i->str(), "text"));
  return numbers;
}

// Every table of the manuscript alone in a document, as text.
std::string text_of_tables(const fs::path& paper) {
  const fs::path folder = paper / "latex";
  std::string document = read_file(folder / "paper.tex");
  document = document.substr(0, document.find("\\title{"));
  document += "\\pagestyle{empty}\\captionsetup{labelformat=empty}\\begin{document}\n";
  for (const auto& entry : fs::directory_iterator(paper / "tables")) {
    if (entry.path().extension() == ".tex")
      document += "\\generated{" + entry.path().stem().string() + "}\\clearpage\n";
  }
  write_file(folder / "tables_only.tex", document + "\\end{document}\n");
  const std::string command =
      "cd '" + folder.string() +
      "' && pdflatex -no-shell-escape -interaction=batchmode tables_only.tex > /dev/null && "
      "pdftotext -layout tables_only.pdf tables_only.txt";
  EXPECT_EQ(std::system(command.c_str()), 0);
  return read_file(folder / "tables_only.txt");
}

TEST_F(Paper, IsMadeResumedAndTrue) {
  if (!is_here("pdflatex") || !is_here("pdftotext")) GTEST_SKIP() << "no pdflatex or pdftotext";
  const Outcome made = run(words());
  ASSERT_EQ(made.status, 0) << made.err;
  const fs::path paper = folder_ / "paper";
  ASSERT_TRUE(fs::exists(paper / "paper.pdf"));
  const Json manifest = read_json(paper / "manifest.json");
  EXPECT_EQ(manifest.at("result").at("overfull_boxes").get<int>(), 0);
  const std::string log = read_file(paper / "latex" / "paper.log");
  EXPECT_EQ(log.find("undefined references"), std::string::npos);

  // A search, a run of Table 21 and the tables made of searches are taken away: they alone are run
  // again, and every byte comes back.
  const std::string pdf = sha256_of_file(paper / "paper.pdf");
  std::set<fs::path> lost;
  fs::path search, tables;
  std::map<fs::path, fs::file_time_type> jobs;
  for (const auto& entry : fs::recursive_directory_iterator(paper / "runs")) {
    const fs::path& file = entry.path();
    const bool of_contest = file.string().find("/runs/contest/") != std::string::npos;
    if (!of_contest && file.filename() != "manifest.json") continue;
    if (of_contest && file.extension() != ".json") continue;
    jobs[file] = fs::last_write_time(file);
    if (of_contest && file.string().find("random") != std::string::npos) lost.insert(file);
    if (file.string().find("smolvlm-256m-28nm") != std::string::npos) search = file.parent_path();
    if (file.string().find("/runs/tables-") != std::string::npos) tables = file.parent_path();
  }
  ASSERT_GT(jobs.size(), 16U);
  ASSERT_FALSE(search.empty() || tables.empty());
  lost.insert({search / "manifest.json", tables / "manifest.json"});
  ASSERT_EQ(lost.size(), 3U);
  for (const fs::path& file : lost)
    fs::remove_all(file.filename() == "manifest.json" ? file.parent_path() : file);

  // A search that fails, since somebody's letter lies where it goes: no tables are made without it.
  fs::create_directories(search);
  write_file(search / "letter.txt", "dear");
  const Outcome failed = run(words());
  EXPECT_NE(failed.status, 0);
  expect_one_error_line(failed, "TW-CLI-043");
  EXPECT_FALSE(fs::exists(tables));
  fs::remove_all(search);

  const Outcome again = run(words());
  ASSERT_EQ(again.status, 0) << again.err;
  for (const auto& [file, written] : jobs) {
    ASSERT_TRUE(fs::exists(file)) << file;
    EXPECT_EQ(fs::last_write_time(file) == written, !lost.contains(file)) << file;
  }
  EXPECT_EQ(sha256_of_file(paper / "paper.pdf"), pdf);

  // Searching for Table 21 in one process gives the same as its runs in theirs.
  const Outcome alone = run(
      {"tables", "--table", "21", "--searchers", "random,grid", "--episodes", "20", "-o", "alone"});
  ASSERT_EQ(alone.status, 0) << alone.err;
  const std::string table21 = "table21_search_strategy.csv";
  EXPECT_EQ(read_file(paper / "tables" / table21), read_file(folder_ / "alone" / table21));
  EXPECT_NE(read_file(paper / "tables" / table21).find("\nrandom,"), std::string::npos);

  std::vector<double> known;
  for (const auto& entry : fs::directory_iterator(paper / "tables")) {
    for (const double n : numbers_in(read_file(entry.path()))) known.push_back(n);
  }
  std::sort(known.begin(), known.end());
  for (const double n : numbers_in(text_of_tables(paper)))
    EXPECT_TRUE(std::binary_search(known.begin(), known.end(), n)) << n << " is in no file";
}

// Tables as well as searches, which are told to leave a checkpoint.
TEST_F(Paper, NothingGoesOnWhenItIsKilled) {
  const pid_t paper = start({"paper", "--quick", "--jobs", "2", "-o", "paper"});
  const std::vector<pid_t> children = wait_for_children(paper, 2);
  EXPECT_EQ(children.size(), 2U);
  std::this_thread::sleep_for(std::chrono::milliseconds(500));  // they have begun
  ::kill(paper, SIGKILL);
  EXPECT_EQ(wait(paper).status, 128 + SIGKILL);
  for (const pid_t child : children) {
    for (int i = 0; i < 1000 && is_running(child); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_FALSE(is_running(child));
  }
}

TEST_F(Paper, RefusesAFolderThatIsNotItsOwn) {
  fs::create_directories(folder_ / "mine");
  write_file(folder_ / "mine" / "letter.txt", "dear");
  const Outcome refused = run({"paper", "--quick", "-o", "mine"});
  EXPECT_EQ(refused.status, 2);
  expect_one_error_line(refused, "TW-FILE-004");
}

}  // namespace
}  // namespace tilewright
