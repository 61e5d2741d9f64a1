// Archives: tar and zip, plain or compressed with gzip, xz or zstd (libarchive).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tilewright {

// Against archives that unpack into far more than they are.
struct ArchiveLimits {
  std::uint64_t entry_bytes = 1ULL << 32, all_bytes = 1ULL << 34;
  std::uint64_t entries = 1'000'000;
};

// Calls `visit` for every regular file, in the archive's order; links and devices are passed over.
// Names are relative and stay inside: no "..", no absolute path, no backslash. Throws Error
// TW-ARCHIVE-001 (unreadable, or such a name), TW-ARCHIVE-002 (beyond the limits).
void read_archive(const std::filesystem::path& file, const ArchiveLimits& limits,
                  const std::function<void(const std::string& name, std::string bytes)>& visit);

// A zip file with deflated entries and no times, so that equal entries give equal bytes.
std::string zip_of(const std::vector<std::pair<std::string, std::string>>& entries);

}  // namespace tilewright
