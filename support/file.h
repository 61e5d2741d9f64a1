// Files: bounded reads, and writes that appear whole or not at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

namespace tilewright {

// The whole file. Throws Error TW-FILE-001 (unreadable) or TW-FILE-002 (larger than `limit` bytes).
std::string read_file(const std::filesystem::path& path, std::uint64_t limit = 1ULL << 32);

// Writes to a temporary name in the same folder, syncs, renames. Throws Error TW-FILE-003.
void write_file(const std::filesystem::path& path, std::string_view bytes);

// As write_file, for content produced piecewise: `fill` writes to the temporary file.
void write_file(const std::filesystem::path& path, const std::function<void(std::ostream&)>& fill);

// Lower-case hexadecimal SHA-256.
std::string sha256(std::string_view bytes);
std::string sha256_of_file(const std::filesystem::path& path);

// A folder that appears whole: work in path(), then commit() renames it to its final name,
// replacing a folder there only if that one was written by us (it holds a manifest.json) or is
// empty; otherwise Error TW-FILE-004. Destruction without commit removes it. A killed run leaves
// only ".NAME.partial-PID".
class StagedFolder {
 public:
  explicit StagedFolder(const std::filesystem::path& final_path);
  ~StagedFolder();
  StagedFolder(const StagedFolder&) = delete;
  StagedFolder& operator=(const StagedFolder&) = delete;
  const std::filesystem::path& path() const { return staging_; }
  void commit();

 private:
  std::filesystem::path final_, staging_;
  bool committed_ = false;
};

// Where the program's data lives (nodes, RTL library, printed tables): $TILEWRIGHT_HOME if set,
// else share/tilewright beside the program or one folder up. Throws Error TW-FILE-005 when not
// found.
std::filesystem::path data_folder();

}  // namespace tilewright
