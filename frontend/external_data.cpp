#include "frontend/external_data.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "frontend/text.h"
#include "support/error.h"

namespace tilewright {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) {
      ::close(value_);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  int get() const { return value_; }

 private:
  int value_;
};

Error escapes(std::string_view location, const std::string& why, const std::string& where) {
  return Error("TW-ONNX-020", "the external data path '" + printable(location) + "' " + why, where,
               "external data must lie in the model's folder, under a plain relative path");
}

Descriptor open_beneath(const std::filesystem::path& folder,
                        const std::filesystem::path& relative) {
  Descriptor at(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (auto step = relative.begin(); step != relative.end() && at.get() >= 0; ++step) {
    const bool last = std::next(step) == relative.end();
    const int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | (last ? 0 : O_DIRECTORY);
    at = Descriptor(::openat(at.get(), step->c_str(), flags));
  }
  return at;
}

}  // namespace

std::filesystem::path check_external_path(const std::filesystem::path& folder,
                                          std::string_view location, const std::string& where) {
  if (location.empty()) {
    throw escapes(location, "is empty", where);
  }
  constexpr std::size_t kLongest = 4096;  // as PATH_MAX
  if (location.size() > kLongest) {
    throw escapes(location.substr(0, 64), "is longer than 4096 bytes", where);
  }
  if (location.find('\0') != std::string_view::npos) {
    throw escapes(location, "holds a NUL", where);
  }
  const bool drive = location.size() > 1 && location[1] == ':';
  if (location.front() == '/' || location.front() == '\\' || drive) {
    throw escapes(location, "is absolute", where);
  }
  std::filesystem::path relative;
  std::size_t start = 0;
  while (start <= location.size()) {
    const std::size_t end = std::min(location.find_first_of("/\\", start), location.size());
    const std::string_view step = location.substr(start, end - start);
    if (step == "..") {
      throw escapes(location, "leads out of the model's folder", where);
    }
    start = end + 1;
  }
  for (const std::filesystem::path& step : std::filesystem::path(location)) {
    if (step.empty() || step == ".") {
      continue;
    }
    relative /= step;
    std::error_code ignored;
    if (std::filesystem::is_symlink(folder / relative, ignored)) {
      throw escapes(location, "goes through a symbolic link", where);
    }
  }
  if (relative.empty()) {
    throw escapes(location, "names no file", where);
  }
  return folder / relative;
}

std::string read_external(const std::filesystem::path& folder, const std::filesystem::path& path,
                          std::int64_t offset, std::int64_t bytes, const std::string& where) {
  const std::filesystem::path relative = path.lexically_relative(folder.empty() ? "." : folder);
  const Descriptor file = open_beneath(folder, relative);
  if (file.get() < 0) {
    throw Error("TW-ONNX-021",
                "cannot read the weight file " + path.string() + ": " + std::strerror(errno), where,
                "put the weight file beside the model");
  }
  struct stat status {};
  const bool regular = ::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode);
  std::int64_t end = 0;
  if (!regular || offset < 0 || bytes < 0 || __builtin_add_overflow(offset, bytes, &end) ||
      end > status.st_size) {
    throw Error("TW-ONNX-022",
                "the weight file " + path.string() + " does not hold bytes " +
                    std::to_string(offset) + " to " + std::to_string(offset) + "+" +
                    std::to_string(bytes),
                where, "download or export the weight file again");
  }
  std::string data(static_cast<std::size_t>(bytes), '\0');
  for (std::size_t done = 0; done < data.size();) {
    const ssize_t got = ::pread(file.get(), data.data() + done, data.size() - done,
                                offset + static_cast<std::int64_t>(done));
    if (got <= 0 && errno != EINTR) {
      throw Error("TW-ONNX-022", "the weight file " + path.string() + " ended while it was read",
                  where);
    }
    done += got > 0 ? static_cast<std::size_t>(got) : 0;
  }
  return data;
}

}  // namespace tilewright
