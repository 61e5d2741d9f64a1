#include "codegen/rtl_folder.h"

#include <algorithm>
#include <sstream>

#include "codegen/names.h"
#include "codegen/sv_text.h"
#include "support/error.h"
#include "support/file.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kMaxSource = 1 << 20;  // a hand-written module is far smaller

Error bad_library(const std::string& what, const fs::path& where) {
  return Error("TW-GEN-002", what, where.string(), "reinstall, or set TILEWRIGHT_HOME");
}

NamedText read_source(const fs::path& folder, const std::string& name) {
  if (!fs::is_regular_file(folder / name)) {
    throw bad_library("the RTL library lacks a file that tcc.f names", folder / name);
  }
  return {name, read_file(folder / name, kMaxSource)};
}

std::vector<std::string> header_names(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".svh") {
      names.push_back(entry.path().filename().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

// Lines of tcc.f without comments and blanks.
std::vector<std::string> listed_names(const fs::path& list) {
  std::istringstream lines(read_file(list, kMaxSource));
  std::vector<std::string> names;
  for (std::string line; std::getline(lines, line);) {
    line.erase(std::min(line.find("//"), line.size()));
    line.erase(line.find_last_not_of(" \t\r") + 1);
    if (line.empty()) {
      continue;
    }
    if (!plain_file_name(line)) {
      throw bad_library("a line of the file list is not a plain file name: " + comment_text(line),
                        list);
    }
    names.push_back(line);
  }
  return names;
}

}  // namespace

std::vector<NamedText> read_rtl_library(const fs::path& folder) {
  if (!fs::is_regular_file(folder / "tcc.f")) {
    throw bad_library("the RTL library's file list tcc.f was not found", folder);
  }
  std::vector<NamedText> library;
  for (const std::string& name : header_names(folder)) {
    library.push_back(read_source(folder, name));
  }
  for (const std::string& name : listed_names(folder / "tcc.f")) {
    library.push_back(read_source(folder, name));
  }
  return library;
}

std::vector<NamedText> generated_modules(const Chip& chip) {
  std::vector<NamedText> modules;
  modules.push_back({chip.id + "_pkg.sv", package_text(chip)});
  for (std::size_t c = 0; c < chip.configs.size(); ++c) {
    modules.push_back({chip.id + "_tile_cfg" + std::to_string(c) + ".sv", wrapper_text(chip, c)});
  }
  modules.push_back({chip.id + "_tile_shell.sv", shell_text(chip)});
  modules.push_back({chip.id + "_tile.sv", selector_text(chip)});
  modules.push_back({chip.id + "_top.sv", top_text(chip)});
  return modules;
}

std::vector<fs::path> write_rtl(const Chip& chip, const EmitOptions& options,
                                const fs::path& folder) {
  std::vector<NamedText> files = read_rtl_library(options.rtl_library);
  for (NamedText& module : generated_modules(chip)) {
    files.push_back(std::move(module));
  }
  for (NamedText& file : project_files(chip, files, options)) {
    files.push_back(std::move(file));
  }
  std::vector<fs::path> written;
  for (const NamedText& file : files) {
    written.push_back(fs::path("rtl") / file.name);
    write_file(folder / written.back(), file.text);
  }
  return written;
}

}  // namespace tilewright
