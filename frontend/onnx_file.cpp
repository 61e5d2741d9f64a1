#include "frontend/onnx_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "support/error.h"

namespace tilewright {

MappedFile::MappedFile(const std::filesystem::path& path) {
  const auto refuse = [&](const std::string& what) {
    return Error("TW-ONNX-001", "cannot read the model: " + what, path.string(),
                 "give the path of an .onnx file");
  };
  // O_NONBLOCK: a named pipe must not hang the program before it is refused.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    throw refuse(std::strerror(errno));
  }
  struct stat status {};
  const bool known = ::fstat(descriptor, &status) == 0;
  if (!known || !S_ISREG(status.st_mode) || status.st_size == 0) {
    ::close(descriptor);
    throw refuse(known && S_ISREG(status.st_mode) ? "the file is empty" : "not a regular file");
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  void* const data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  const int reason = errno;
  ::close(descriptor);
  if (data == MAP_FAILED) {
    throw refuse(std::strerror(reason));
  }
  bytes_ = std::string_view(static_cast<const char*>(data), size);
}

MappedFile::~MappedFile() {
  ::munmap(const_cast<char*>(bytes_.data()), bytes_.size());
}

}  // namespace tilewright
