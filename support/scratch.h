// A private folder that goes when its owner goes.
#pragma once

#include <filesystem>
#include <string_view>

namespace tilewright {

class ScratchFolder {
 public:
  ScratchFolder();  // throws Error TW-FILE-006 when none can be made
  ~ScratchFolder();
  ScratchFolder(ScratchFolder&& other) noexcept;
  ScratchFolder& operator=(ScratchFolder&&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;  // empty when moved from
};

// Writes a file in such a folder: without write_file's sync, for it goes with the process. Throws
// Error TW-FILE-003.
void write_scratch(const std::filesystem::path& file, std::string_view bytes);

}  // namespace tilewright
