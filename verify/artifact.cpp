#include "verify/artifact.h"

#include <algorithm>
#include <sstream>

#include "support/error.h"
#include "support/file.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kMaxList = 1 << 20;

Error bad(const std::string& what, const fs::path& where) {
  return Error("TW-VERIFY-002", what, where.string(), "compile the model again", ErrorKind::kCheck);
}

bool plain(const std::string& name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  };
  return !name.empty() && name.front() != '.' && std::all_of(name.begin(), name.end(), allowed);
}

std::string module_of(const std::string& file) {
  return file.substr(0, file.rfind(".sv"));
}

}  // namespace

RtlSources read_rtl_sources(const fs::path& folder) {
  RtlSources sources;
  sources.folder = folder / "rtl";
  const fs::path list = sources.folder / "filelist.f";
  if (!fs::is_regular_file(list)) {
    throw bad("there is no file list", list);
  }
  std::istringstream lines(read_file(list, kMaxList));
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.starts_with("//") || line == "+incdir+.") {
      continue;
    }
    if (!plain(line) || !line.ends_with(".sv")) {
      throw bad("a line is not a plain name of a .sv file", list);
    }
    if (!fs::is_regular_file(fs::symlink_status(sources.folder / line))) {
      throw bad("a listed file is missing", sources.folder / line);
    }
    sources.files.push_back(line);
    if (line.find("_tile_cfg") != line.npos) {
      sources.wrappers.push_back(module_of(line));
    }
  }
  if (sources.files.empty() || !sources.files.back().ends_with("_top.sv")) {
    throw bad("the last file is not a top module", list);
  }
  sources.top = module_of(sources.files.back());
  return sources;
}

bool inside_folder(const std::string& path) {
  const fs::path relative(path);
  return !path.empty() && relative.is_relative() && path.find('\0') == path.npos &&
         std::none_of(relative.begin(), relative.end(),
                      [](const fs::path& p) { return p == ".."; });
}

}  // namespace tilewright
