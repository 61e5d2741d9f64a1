#include "floors.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "support/file.h"
#include "support/table.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

bool is_source(const fs::path& file) {
  const auto extension = file.extension();
  return extension == ".h" || extension == ".cpp" || extension == ".inl";
}

// `text` of #include "text" or <text>, or nothing.
std::string included(const std::string& line) {
  const auto hash = line.find_first_not_of(" \t");
  if (hash == std::string::npos || line[hash] != '#' || line.find("include") == std::string::npos)
    return "";
  const auto open = line.find_first_of("<\"");
  if (open == std::string::npos) return "";
  const auto close = line.find_first_of(">\"", open + 1);
  return close == std::string::npos ? "" : line.substr(open + 1, close - open - 1);
}

std::string first_part(const std::string& path) {
  return path.substr(0, path.find('/'));
}

// Who may include `head`: libraries that no folder claims are everybody's.
bool is_claimed(const Floors& floors, const std::string& head) {
  return std::any_of(floors.begin(), floors.end(),
                     [&](const auto& f) { return f.second.libraries.contains(head); });
}

class Checker {
 public:
  Checker(const fs::path& root, const Floors& floors) : root_(root), floors_(floors) {}

  // `owner` is the folder whose libraries count; `is_test` lifts the floors, not the libraries.
  void check_folder(const fs::path& folder, const std::string& owner, bool is_test) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file() && is_source(entry.path())) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) check_file(file, owner, is_test);
  }

  std::vector<std::string> take() { return std::move(breaches_); }

 private:
  void check_file(const fs::path& file, const std::string& owner, bool is_test) {
    std::ifstream in(file);
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
      const std::string header = included(line);
      if (header.empty()) continue;
      const std::string why = breach(header, owner, is_test);
      if (why.empty()) continue;
      std::ostringstream text;
      text << file.lexically_relative(root_).generic_string() << ":" << number << ": includes "
           << header << ", " << why;
      breaches_.push_back(text.str());
    }
  }

  std::string breach(const std::string& header, const std::string& owner, bool is_test) const {
    const std::string head = first_part(header);
    const auto self = floors_.find(owner);
    if (const auto other = floors_.find(head); other != floors_.end() && header != head) {
      if (is_test || head == owner) return "";
      if (self == floors_.end() || other->second.level < self->second.level) return "";
      return other->second.level > self->second.level ? "which is on a higher floor"
                                                      : "which is on the same floor";
    }
    if (!is_claimed(floors_, head) || self == floors_.end()) return "";
    return self->second.libraries.contains(head) ? "" : "which this folder may not use";
  }

  fs::path root_;
  const Floors& floors_;
  std::vector<std::string> breaches_;
};

}  // namespace

Floors read_floors(const fs::path& csv) {
  Floors floors;
  const auto rows = parse_csv(read_file(csv), csv.string());
  for (std::size_t i = 1; i < rows.size(); ++i) {
    Floor floor;
    floor.level = static_cast<int>(parse_number(rows[i].at(0), csv.string()));
    std::istringstream libraries(rows[i].at(2));
    for (std::string library; libraries >> library;) floor.libraries.insert(library);
    floors[rows[i].at(1)] = std::move(floor);
  }
  return floors;
}

std::vector<std::string> include_breaches(const fs::path& root, const Floors& floors) {
  Checker checker(root, floors);
  for (const auto& [folder, floor] : floors) {
    if (fs::is_directory(root / folder)) checker.check_folder(root / folder, folder, false);
    if (fs::is_directory(root / "tests" / folder))
      checker.check_folder(root / "tests" / folder, folder, true);
  }
  return checker.take();
}

std::vector<std::string> folders_without_readme(const fs::path& root, const Floors& floors) {
  std::vector<std::string> missing;
  const auto look = [&](const fs::path& folder) {
    if (fs::is_directory(root / folder) && !fs::exists(root / folder / "README.md"))
      missing.push_back(folder.string());
  };
  for (const auto& [folder, floor] : floors) look(folder);
  for (const char* folder : {"rtl", "tests", "scripts", "docs"}) look(folder);
  return missing;
}

}  // namespace tilewright
