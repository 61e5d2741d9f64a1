// A private folder for a gate's own files; gone when the gate ends.
#pragma once

#include <filesystem>

namespace tilewright {

class ScratchFolder {
 public:
  ScratchFolder();  // throws Error TW-VERIFY-003 when none can be made
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace tilewright
