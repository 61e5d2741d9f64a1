// The paper's tables and figures: all there, none typed by hand, and ours without the printed ones.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <regex>
#include <set>

#include "experiments/capabilities.h"
#include "experiments/experiment.h"
#include "inputs.h"
#include "support/error.h"
#include "support/file.h"

namespace tilewright {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = TILEWRIGHT_SOURCE_DIR;
const fs::path kManuscript = kRoot / "paper" / "manuscript";
constexpr int kTables = 21, kFigures = 12;

std::string manuscript_sections() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(kManuscript / "sections"))
    files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::string text;
  for (const fs::path& file : files) text += read_file(file);
  return text;
}

// Everything that takes seconds, made once with the printed folder and once without.
const std::vector<ExperimentTable>& made(bool printed) {
  static const auto make = [](bool with) {
    ExperimentInputs inputs = paper_inputs();
    if (!with) inputs.printed = "/nowhere/printed";
    std::vector<ExperimentTable> all;
    for (const Experiment& experiment : experiments()) {
      if (experiment.searches) continue;
      for (ExperimentTable& table : experiment.run(inputs)) all.push_back(std::move(table));
    }
    return all;
  };
  static const std::vector<ExperimentTable> with = make(true), without = make(false);
  return printed ? with : without;
}

TEST(Paper, HasEveryTableAndFigure) {
  const std::string text = manuscript_sections();
  for (int n = 1; n <= kTables; ++n) {
    EXPECT_NO_THROW(find_experiment(std::to_string(n))) << "table " << n;
    EXPECT_NE(text.find(fmt::format("\\papertable{{{}}}{{table{:02}_", n, n)), std::string::npos)
        << "table " << n << " is in no section";
  }
  for (int n = 1; n <= kFigures; ++n) {
    const std::string name = fmt::format("figures/figure{:02}", n);
    EXPECT_TRUE(fs::exists(kManuscript / (name + ".tex"))) << name;
    EXPECT_NE(text.find("\\input{" + name + "}"), std::string::npos) << name;
    // The first is a drawing of the flow: it has no data.
    if (n > 1) {
      EXPECT_NO_THROW(find_experiment("figure" + std::to_string(n)));
    }
  }
}

TEST(Paper, EveryTickNamesATestThatExists) {
  for (const Capability& capability : capabilities()) {
    for (const ProvingTest& test : capability.tests) {
      const std::string source = read_file(kRoot / test.file), name = test.name;
      const auto dot = name.find('.');
      const std::string suite = name.substr(0, dot), which = name.substr(dot + 1);
      EXPECT_TRUE(
          std::regex_search(source, std::regex("TEST(_F|_P)?\\(" + suite + ", " + which + "\\)")))
          << test.name << " in " << test.file;
    }
    EXPECT_TRUE(!capability.tests.empty() || *capability.value != 0) << capability.title;
  }
}

// Numbers of results have three digits or a fraction; those of the prose come from \fact.
TEST(Paper, NoResultIsTypedIntoTheManuscript) {
  for (const auto& entry : fs::directory_iterator(kManuscript / "sections")) {
    if (entry.path().stem() == "references") continue;
    std::string text = read_file(entry.path());
    EXPECT_EQ(text.find("\\begin{tabular"), std::string::npos) << entry.path();
    for (const char* named :
         {"%[^\n]*", R"(\\(fact|ref|label|input|generated|papertable|IfFileExists)\{[^}]*\})",
          "arXiv 2604\\.07526", "Llama 3\\.1 8B", "SmolVLM-256M", R"(Figure~?\d+|Table~?\d+)"}) {
      text = std::regex_replace(text, std::regex(named), "");
    }
    std::smatch found;
    EXPECT_FALSE(std::regex_search(text, found, std::regex(R"(\d{3,}|\d+\.\d+)")))
        << entry.path() << ": " << found.str();
  }
}

// Whole printed figures of four digits and more that no round number or power of two could be.
std::set<std::string> telling_figures() {
  std::set<std::string> figures;
  for (const auto& entry : fs::directory_iterator(kRoot / "paper" / "printed")) {
    const std::string stem = entry.path().stem().string();
    if (stem < "table10" || stem > "table22" || stem.starts_with("table14")) continue;
    for (const auto& row : parse_csv(read_file(entry.path()), stem)) {
      for (std::string cell : row) {
        std::erase(cell, ',');
        if (!std::regex_match(cell, std::regex(R"(\d+(\.\d+)?)"))) continue;
        std::string digits = cell;
        std::erase(digits, '.');
        const double value = parse_number(cell, stem);
        const bool round =
            digits.find_last_not_of('0') < 2 || std::log2(value) == std::trunc(std::log2(value));
        if (digits.size() >= 4 && !round) figures.insert(cell);
      }
    }
  }
  return figures;
}

TEST(Paper, NoPrintedFigureIsInASource) {
  const std::set<std::string> figures = telling_figures();
  ASSERT_GT(figures.size(), 100U);
  for (const char* folder : {"support", "arch", "nodes", "frontend", "models", "mapping",
                             "surrogate", "mdp", "agents", "codegen", "experiments", "cli"}) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".cpp" && extension != ".h") continue;
      const std::string source =
          std::regex_replace(read_file(entry.path()), std::regex("//[^\n]*"), "");
      const std::regex literal(R"([0-9][0-9']*\.?[0-9']*)");
      for (std::sregex_iterator i(source.begin(), source.end(), literal), end; i != end; ++i) {
        std::string text = i->str();
        std::erase(text, '\'');
        EXPECT_FALSE(figures.contains(text)) << text << " in " << entry.path();
      }
    }
  }
}

bool of_the_paper(const Column& column) {
  return column.name.find("rinted") != std::string::npos && column.name != "Printed design";
}

// The cells that are ours, as text.
std::vector<std::string> own_cells(const ExperimentTable& t) {
  std::vector<std::string> cells;
  for (std::size_t r = 0; r < t.table.rows.size(); ++r) {
    if (!t.computed_row[r]) continue;
    const auto& row = t.table.rows[r];
    const auto* source = row.size() > 1 ? std::get_if<std::string>(&row[1]) : nullptr;
    if (source != nullptr && source->find("error") != std::string::npos) continue;
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (of_the_paper(t.table.columns[c])) continue;
      const auto* number = std::get_if<Number>(&row[c]);
      const auto* text = std::get_if<std::string>(&row[c]);
      cells.push_back(number != nullptr ? format_number(*number)
                      : text != nullptr ? *text
                                        : std::get<Missing>(row[c]).reason);
    }
  }
  return cells;
}

TEST(Paper, WithoutThePrintedFolderOnlyThePrintedFiguresGo) {
  const auto &with = made(true), &without = made(false);
  ASSERT_EQ(with.size(), without.size());
  for (std::size_t t = 0; t < with.size(); ++t) {
    const std::string& id =
        with[t].table.id;  // those that compare with nothing but printed figures
    if (id.starts_with("inconsistencies") || id == "reproduction") continue;
    EXPECT_EQ(own_cells(with[t]), own_cells(without[t])) << with[t].table.id;
    for (std::size_t r = 0; r < without[t].table.rows.size(); ++r)
      EXPECT_TRUE(without[t].computed_row[r]) << without[t].table.id;
  }
}

std::vector<std::string> numbers_in(const std::string& text) {
  std::vector<std::string> numbers;
  const std::regex number(R"(\d+(\.\d+)?)");
  for (std::sregex_iterator i(text.begin(), text.end(), number), end; i != end; ++i)
    numbers.push_back(i->str());
  return numbers;
}

// Half a unit of the last digit that is printed.
double tolerance(const std::string& number) {
  const auto dot = number.find('.');
  return dot == std::string::npos
             ? 0.5
             : 0.5 * std::pow(10, -static_cast<double>(number.size() - dot - 1));
}

TEST(Paper, NumbersOfALatexTableAreThoseOfItsCsv) {
  for (const ExperimentTable& t : made(true)) {
    std::vector<double> csv;
    for (const std::string& text : numbers_in(to_csv(t.table)))
      csv.push_back(parse_number(text, t.table.id));
    std::string latex = to_latex(t.table);
    latex = latex.substr(latex.find("\\midrule"));
    latex = latex.substr(0, latex.find("\\bottomrule"));
    for (const char* markup : {R"(\$\^\{\d+\}\$)", R"(\\times 10\^\{[-\d]+\})"})
      latex = std::regex_replace(latex, std::regex(markup), "");
    for (const std::string& text : numbers_in(latex)) {
      const double value = parse_number(text, t.table.id);
      EXPECT_TRUE(std::any_of(
          csv.begin(), csv.end(),
          [&](double v) { return std::fabs(v - value) <= tolerance(text) * (1 + 1e-9); }))
          << text << " in " << t.table.id;
    }
  }
}

TEST(Paper, ContradictionsAreThoseOfThePrintedTables) {
  const auto results = find_experiment("inconsistencies").run(paper_inputs());
  const Table& table = results.at(0).table;
  const auto ratio = [&](const std::string& about) -> double {
    for (const auto& row : table.rows) {
      if (std::get<std::string>(row[0]) == about) return std::get<Number>(row.back()).value;
    }
    ADD_FAILURE() << about;
    return NAN;
  };
  EXPECT_NEAR(ratio("Power of ROM reads, 3 nm"), 147, 1);
  EXPECT_NEAR(ratio("Exponent of performance"), 1.789 / 1.3284, 0.01);
  EXPECT_NEAR(ratio("Deviation of FETCH"), 0.866 / 0.71, 0.01);
}

TEST(Paper, TheDocumentNamesEveryExperiment) {
  const std::string page = read_file(kRoot / "docs" / "paper.md");
  for (const Experiment& experiment : experiments())
    EXPECT_NE(page.find("`" + experiment.id + "`"), std::string::npos) << experiment.id;
}

}  // namespace
}  // namespace tilewright
