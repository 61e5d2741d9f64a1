// Archives of third-party models, found through TILEWRIGHT_DATA.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "onnx_writer.h"

namespace tilewright::testing {

// Unpacks an archive of the data folder; the empty path when there is no data.
class DataArchive {
 public:
  explicit DataArchive(const std::string& name) {
    const char* const data = std::getenv("TILEWRIGHT_DATA");
    if (data == nullptr) {
      return;
    }
    const std::filesystem::path archive = std::filesystem::path(data) / "onnx" / name;
    const std::string command =
        "tar -xJf '" + archive.string() + "' -C '" + folder_.path().string() + "'";
    ok_ = std::filesystem::exists(archive) && std::system(command.c_str()) == 0;
  }
  bool ok() const { return ok_; }
  const std::filesystem::path& path() const { return folder_.path(); }
  std::vector<std::filesystem::path> models() const {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
      if (entry.path().extension() == ".onnx") {
        found.push_back(entry.path());
      }
    }
    std::sort(found.begin(), found.end());
    return found;
  }

 private:
  TemporaryFolder folder_;
  bool ok_ = false;
};

}  // namespace tilewright::testing
