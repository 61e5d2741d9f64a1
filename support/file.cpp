#include "support/file.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>

#include "support/error.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

void sync_to_disk(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
  }
  void add(std::string_view bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }
  std::string hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    EVP_DigestFinal_ex(context_.get(), digest.data(), &length);
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (unsigned i = 0; i < length; ++i) {
      text += kDigits[digest[i] >> 4];
      text += kDigits[digest[i] & 15];
    }
    return text;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

bool ours_or_empty(const fs::path& folder) {
  return fs::is_directory(folder) && (fs::is_empty(folder) || fs::exists(folder / "manifest.json"));
}

}  // namespace

std::string read_file(const fs::path& path, std::uint64_t limit) {
  std::error_code code;
  if (!fs::is_regular_file(path, code)) {
    throw Error("TW-FILE-001", "no such file, or not a regular file", path.string(),
                "check the path");
  }
  const auto size = fs::file_size(path, code);
  if (code) throw Error("TW-FILE-001", code.message(), path.string());
  if (size > limit) {
    throw Error("TW-FILE-002", "the file is larger than " + std::to_string(limit) + " bytes",
                path.string());
  }
  std::ifstream in(path, std::ios::binary);
  std::string bytes(size, '\0');
  if (!in.read(bytes.data(), static_cast<std::streamsize>(size))) {
    throw Error("TW-FILE-001", "can't be read", path.string(), "check its permissions");
  }
  return bytes;
}

void write_file(const fs::path& path, const std::function<void(std::ostream&)>& fill) {
  std::error_code code;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), code);
  const fs::path temporary = path.parent_path() / ("." + path.filename().string() + ".partial-" +
                                                   std::to_string(::getpid()));
  const auto fail = [&](const std::string& why) {
    fs::remove(temporary, code);
    throw Error("TW-FILE-003", "can't be written: " + why, path.string(),
                "check the folder's permissions and free space");
  };
  {
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    if (!out) fail("the folder refuses a new file");
    try {
      fill(out);
    } catch (...) {
      fs::remove(temporary, code);
      throw;
    }
    out.flush();
    if (!out) fail("the disk is full or the device failed");
  }
  sync_to_disk(temporary);
  fs::rename(temporary, path, code);
  if (code) fail(code.message());
}

void write_file(const fs::path& path, std::string_view bytes) {
  write_file(path, [&](std::ostream& out) {
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  });
}

std::string sha256(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.hex();
}

std::string sha256_of_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error("TW-FILE-001", "can't be read", path.string());
  Sha256 hash;
  std::string block(1 << 20, '\0');
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0) {
    hash.add(std::string_view(block.data(), static_cast<std::size_t>(in.gcount())));
  }
  return hash.hex();
}

StagedFolder::StagedFolder(const fs::path& final_path) : final_(fs::absolute(final_path)) {
  if (!final_.has_filename()) final_ = final_.parent_path();
  if (fs::exists(final_) && !ours_or_empty(final_)) {
    throw Error("TW-FILE-004", "exists and was not written by tilewright", final_.string(),
                "name another folder with -o");
  }
  staging_ = final_.parent_path() /
             ("." + final_.filename().string() + ".partial-" + std::to_string(::getpid()));
  std::error_code code;
  fs::remove_all(staging_, code);
  fs::create_directories(staging_, code);
  if (code) throw Error("TW-FILE-003", "can't be created: " + code.message(), staging_.string());
}

StagedFolder::~StagedFolder() {
  if (committed_) return;
  std::error_code code;
  fs::remove_all(staging_, code);
}

void StagedFolder::commit() {
  // Two renames, so that at no moment a half-written folder bears the final name.
  fs::path old = staging_;
  old += ".old";
  std::error_code code;
  if (fs::exists(final_)) fs::rename(final_, old, code);
  if (!code) fs::rename(staging_, final_, code);
  if (code) throw Error("TW-FILE-003", "can't be written: " + code.message(), final_.string());
  committed_ = true;
  fs::remove_all(old, code);
}

fs::path data_folder() {
  if (const char* home = std::getenv("TILEWRIGHT_HOME"); home != nullptr && *home != '\0') {
    return home;
  }
  std::error_code code;
  const fs::path program = fs::read_symlink("/proc/self/exe", code);
  for (fs::path folder = program.parent_path(); folder.has_relative_path();
       folder = folder.parent_path()) {
    if (fs::exists(folder / "share/tilewright/nodes", code)) return folder / "share/tilewright";
  }
  throw Error("TW-FILE-005", "the program's data folder share/tilewright was not found",
              program.string(), "set TILEWRIGHT_HOME, or install with 'cmake --install'");
}

}  // namespace tilewright
