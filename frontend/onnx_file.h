// A file mapped read-only, so that its pages are read only where they are looked at.
#pragma once

#include <filesystem>
#include <string_view>

namespace tilewright {

class MappedFile {
 public:
  // Throws Error TW-ONNX-001 unless `path` is a readable, regular, non-empty file.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  std::string_view bytes() const { return bytes_; }

 private:
  std::string_view bytes_;
};

}  // namespace tilewright
