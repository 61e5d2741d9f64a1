#include "verify/scratch.h"

#include <cstdlib>
#include <string>

#include "support/error.h"

namespace tilewright {

ScratchFolder::ScratchFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "tilewright-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw Error("TW-VERIFY-003", "no temporary folder can be made", name, "set TMPDIR");
  }
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code code;
  std::filesystem::remove_all(path_, code);
}

}  // namespace tilewright
