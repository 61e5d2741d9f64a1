// Every file that the manifest lists is there, is a plain file, and has the hash given; every
// listed source of the RTL is in the manifest.
#include "support/error.h"
#include "support/file.h"
#include "support/json.h"
#include "verify/artifact.h"
#include "verify/gates.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

// What is wrong with one file, or empty.
std::string check_file(const fs::path& folder, const std::string& path, const std::string& hash) {
  if (!inside_folder(path)) {
    return "the path leads out of the folder";
  }
  std::error_code code;
  if (!fs::is_regular_file(fs::symlink_status(folder / path, code))) {
    return "missing, or not a plain file";
  }
  return sha256_of_file(folder / path) == hash ? "" : "its SHA-256 is not the manifest's";
}

std::string unlisted_source(const fs::path& folder, const Json& files) {
  if (!fs::exists(folder / "rtl/filelist.f")) {
    return "";
  }
  for (const std::string& name : read_rtl_sources(folder).files) {
    if (!files.contains("rtl/" + name)) {
      return "rtl/" + name;
    }
  }
  return "";
}

}  // namespace

GateResult gate_files(const fs::path& folder, const GateOptions&) {
  const Json manifest = read_json(folder / "manifest.json");
  const auto files = required<Json>(manifest, "files", "manifest.json");
  std::uintmax_t bytes = 0;
  std::size_t count = 0;
  for (const auto& [path, hash] : files.items()) {
    const std::string wrong =
        check_file(folder, path, hash.is_string() ? hash.get<std::string>() : "");
    if (!wrong.empty()) {
      return failed(std::to_string(count) + " files good before it",
                    std::string(path).append(": ").append(wrong));
    }
    bytes += fs::file_size(folder / path);
    ++count;
  }
  const std::string unlisted = unlisted_source(folder, files);
  if (!unlisted.empty()) {
    return failed(std::to_string(count) + " files", unlisted + ": not in the manifest");
  }
  if (count == 0) {
    return failed("0 files", "the manifest lists no file");
  }
  return passed(std::to_string(count) + " files, " + std::to_string(bytes) + " bytes");
}

}  // namespace tilewright
