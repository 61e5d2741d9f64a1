// Any bytes as a model: refused in one line, or loaded, counted, optimised, run and written.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "support/error.h"
#include "use_model.h"

namespace {

using namespace tilewright;

// The bytes as a file without a disk.
class MemoryFile {
 public:
  MemoryFile(const std::uint8_t* bytes, std::size_t size) : fd_(::memfd_create("model", 0)) {
    if (fd_ < 0 || ::write(fd_, bytes, size) != static_cast<ssize_t>(size)) std::abort();
  }
  ~MemoryFile() { ::close(fd_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  int fd_;
};

template <typename F>
void attempt(F f) {
  try {
    f();
  } catch (const Error& error) {
    // A broken promise of ours is a finding; everything else is an answer.
    if (error.kind() == ErrorKind::kInternal) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const MemoryFile file(bytes, size);
  testing::use_model(file.path(), [](const auto& f) { attempt(f); });
  return 0;
}
