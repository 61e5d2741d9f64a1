#include "support/scratch.h"

#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>

#include "support/error.h"

namespace tilewright {

ScratchFolder::ScratchFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "tilewright-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw Error("TW-FILE-006", "no temporary folder can be made", name, "set TMPDIR");
  }
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code code;
  if (!path_.empty()) std::filesystem::remove_all(path_, code);
}

ScratchFolder::ScratchFolder(ScratchFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

void write_scratch(const std::filesystem::path& file, std::string_view bytes) {
  std::ofstream out(file, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.flush();
  if (!out) {
    throw Error("TW-FILE-003", "can't be written", file.string(),
                "check the space left there, or set TMPDIR");
  }
}

}  // namespace tilewright
