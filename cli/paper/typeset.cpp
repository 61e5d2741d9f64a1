#include "cli/paper/typeset.h"

#include <cstdlib>
#include <sstream>
#include <vector>

#include "support/error.h"
#include "support/file.h"
#include "verify/process.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

constexpr int kTimeLimit = 600;  // seconds
constexpr int kMostRuns = 4;

std::string text_or_nothing(const fs::path& file) {
  return fs::exists(file) ? read_file(file) : std::string();
}

}  // namespace

void typeset(const fs::path& folder) {
  // Dates and identifiers of the PDF come from the clock unless this is set.
  ::setenv("SOURCE_DATE_EPOCH", "0", 1);
  ::setenv("FORCE_SOURCE_DATE", "1", 1);
  std::string settled;
  for (int run = 0; run < kMostRuns; ++run) {
    const ToolRun tool = run_tool({"pdflatex", "-no-shell-escape", "-interaction=nonstopmode",
                                   "-halt-on-error", "-file-line-error", "paper.tex"},
                                  folder, kTimeLimit);
    if (!tool.started) {
      throw Error("TW-CLI-041", "pdflatex is not here", folder.string(),
                  "run scripts/setup.sh, or take the tables alone with --no-pdf");
    }
    if (!tool.ok()) {
      throw Error("TW-CLI-042", "pdflatex: " + first_failure(tool, {".tex:", "! "}),
                  (folder / "paper.log").string(), "see the log", ErrorKind::kInternal);
    }
    const std::string references =
        text_or_nothing(folder / "paper.aux") + text_or_nothing(folder / "paper.out");
    if (references == settled) return;
    settled = references;
  }
}

std::vector<std::string> overfull_boxes(const fs::path& folder) {
  std::vector<std::string> boxes;
  std::istringstream log(text_or_nothing(folder / "paper.log"));
  for (std::string line; std::getline(log, line);) {
    if (line.starts_with("Overfull ") || line.find("Float too large") != std::string::npos)
      boxes.push_back(line);
  }
  return boxes;
}

}  // namespace tilewright
