#include "support/archive.h"

#include <archive.h>
#include <archive_entry.h>

#include <memory>

#include "support/error.h"

namespace tilewright {
namespace {

struct Free {
  void operator()(archive* a) const { archive_read_free(a); }
  void operator()(archive_entry* e) const { archive_entry_free(e); }
};
struct FreeWriter {
  void operator()(archive* a) const { archive_write_free(a); }
};

[[noreturn]] void unreadable(const std::string& what, const std::string& where) {
  throw Error("TW-ARCHIVE-001", "the archive cannot be read: " + what, where, "download it again");
}

void check_name(const std::string& name, const std::string& where) {
  bool sane =
      !name.empty() && name.find('\\') == std::string::npos && name.find('\0') == std::string::npos;
  const std::filesystem::path path(name);
  sane = sane && !path.is_absolute();
  for (const auto& part : path) sane = sane && part != "..";
  if (!sane) unreadable("an entry's name leads out of it", where);
}

// The data of the current entry.
std::string data_of(archive* a, const ArchiveLimits& limits, std::uint64_t& all,
                    const std::string& where) {
  std::string bytes;
  char block[1 << 16];
  for (;;) {
    const la_ssize_t got = archive_read_data(a, block, sizeof block);
    if (got == 0) return bytes;
    if (got < 0) unreadable(archive_error_string(a), where);
    bytes.append(block, static_cast<std::size_t>(got));
    all += static_cast<std::uint64_t>(got);
    if (bytes.size() > limits.entry_bytes || all > limits.all_bytes) {
      throw Error("TW-ARCHIVE-002", "the archive unpacks into more than is allowed", where);
    }
  }
}

}  // namespace

void read_archive(const std::filesystem::path& file, const ArchiveLimits& limits,
                  const std::function<void(const std::string& name, std::string bytes)>& visit) {
  const std::string where = file.string();
  const std::unique_ptr<archive, Free> a(archive_read_new());
  archive_read_support_format_tar(a.get());
  archive_read_support_format_zip(a.get());
  archive_read_support_filter_gzip(a.get());
  archive_read_support_filter_xz(a.get());
  archive_read_support_filter_zstd(a.get());
  if (archive_read_open_filename(a.get(), where.c_str(), 1 << 16) != ARCHIVE_OK) {
    unreadable(archive_error_string(a.get()), where);
  }
  std::uint64_t entries = 0, all = 0;
  archive_entry* entry = nullptr;
  for (int status = 0; (status = archive_read_next_header(a.get(), &entry)) != ARCHIVE_EOF;) {
    if (status != ARCHIVE_OK) unreadable(archive_error_string(a.get()), where);
    if (++entries > limits.entries) {
      throw Error("TW-ARCHIVE-002", "the archive has more entries than are allowed", where);
    }
    const bool link = archive_entry_hardlink(entry) != nullptr;
    if (archive_entry_filetype(entry) != AE_IFREG || link) continue;
    const char* const text = archive_entry_pathname(entry);
    std::string name = text == nullptr ? "" : text;
    check_name(name, where);
    name = std::filesystem::path(name).lexically_normal().generic_string();  // "./x" is "x"
    visit(name, data_of(a.get(), limits, all, where));
  }
}

std::string zip_of(const std::vector<std::pair<std::string, std::string>>& entries) {
  const std::unique_ptr<archive, FreeWriter> a(archive_write_new());
  std::string out;
  const auto check = [&](la_ssize_t status) {
    if (status < 0) {
      throw Error("TW-ARCHIVE-003", std::string("cannot pack: ") + archive_error_string(a.get()),
                  "", "", ErrorKind::kInternal);
    }
  };
  check(archive_write_set_format_zip(a.get()));
  check(archive_write_set_bytes_in_last_block(a.get(), 1));
  const auto write = [](archive*, void* to, const void* bytes, std::size_t count) {
    static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), count);
    return static_cast<la_ssize_t>(count);
  };
  check(archive_write_open(a.get(), &out, nullptr, write, nullptr));
  for (const auto& [name, bytes] : entries) {
    const std::unique_ptr<archive_entry, Free> entry(archive_entry_new());
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes.size()));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    check(archive_write_header(a.get(), entry.get()));
    check(archive_write_data(a.get(), bytes.data(), bytes.size()));
  }
  check(archive_write_close(a.get()));
  return out;
}

}  // namespace tilewright
