// A lock that the kernel gives back when the last process that holds the file open has ended.
#pragma once

#include <filesystem>
#include <optional>

namespace tilewright {

// Holds `file` open for reading and writing, and locked against every other FileLock, in any
// process. A child that was given the descriptor holds the lock too, until it ends. On a file
// system without locks everyone gets it.
class FileLock {
 public:
  // Creates the file when it is not there and leaves its content; none when another holds it.
  // Throws Error TW-FILE-003 when it can't be opened.
  static std::optional<FileLock> try_lock(const std::filesystem::path& file);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();
  int descriptor() const { return descriptor_; }

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace tilewright
