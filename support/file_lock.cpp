#include "support/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "support/error.h"

namespace tilewright {
namespace {

// Whoever held the lock before may have removed the file, which then locks nobody out.
bool is_still_there(int descriptor, const std::filesystem::path& file) {
  struct stat held {
  }, named{};
  return ::fstat(descriptor, &held) == 0 && ::stat(file.c_str(), &named) == 0 &&
         held.st_ino == named.st_ino && held.st_dev == named.st_dev;
}

}  // namespace

std::optional<FileLock> FileLock::try_lock(const std::filesystem::path& file) {
  while (true) {
    FileLock lock(::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (lock.descriptor_ < 0) {
      throw Error("TW-FILE-003", std::string("can't be opened: ") + std::strerror(errno),
                  file.string(), "check the folder's permissions and free space");
    }
    if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
      return std::nullopt;
    if (is_still_there(lock.descriptor_, file)) return lock;
  }
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace tilewright
