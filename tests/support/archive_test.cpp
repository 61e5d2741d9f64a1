#include "support/archive.h"

#include <gtest/gtest.h>

#include "../error_id.h"
#include "support/file.h"
#include "support/scratch.h"

namespace tilewright {
namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;

Entries read_all(const std::filesystem::path& file, const ArchiveLimits& limits = {}) {
  Entries entries;
  read_archive(file, limits, [&](const std::string& name, std::string bytes) {
    entries.emplace_back(name, std::move(bytes));
  });
  return entries;
}

TEST(Archive, RoundTripAndSameBytes) {
  const ScratchFolder folder;
  const Entries entries = {
      {"a.txt", "alpha"}, {"b/c.bin", std::string("\0\1\2", 3)}, {"empty", ""}};
  write_file(folder.path() / "x.zip", zip_of(entries));
  EXPECT_EQ(read_all(folder.path() / "x.zip"), entries);
  EXPECT_EQ(zip_of(entries), zip_of(entries));
}

TEST(Archive, NamesThatLeadOut) {
  const ScratchFolder folder;
  for (const char* name : {"../x", "a/../../x", "/etc/x", "..", "a\\..\\x"}) {
    write_file(folder.path() / "x.zip", zip_of({{name, "x"}}));
    EXPECT_EQ(id_of([&] { read_all(folder.path() / "x.zip"); }), "TW-ARCHIVE-001") << name;
  }
}

TEST(Archive, Limits) {
  const ScratchFolder folder;
  const auto file = folder.path() / "x.zip";
  write_file(file, zip_of({{"a", std::string(100000, 'x')}, {"b", std::string(100000, 'x')}}));
  EXPECT_LT(read_file(file).size(), 2000U);
  ArchiveLimits small;
  small.entry_bytes = 90000;
  EXPECT_EQ(id_of([&] { read_all(file, small); }), "TW-ARCHIVE-002");
  small = {};
  small.all_bytes = 150000;
  EXPECT_EQ(id_of([&] { read_all(file, small); }), "TW-ARCHIVE-002");
  small = {};
  small.entries = 1;
  EXPECT_EQ(id_of([&] { read_all(file, small); }), "TW-ARCHIVE-002");
}

TEST(Archive, NotAnArchive) {
  const ScratchFolder folder;
  write_file(folder.path() / "x.zip", "nothing of the kind");
  EXPECT_EQ(id_of([&] { read_all(folder.path() / "x.zip"); }), "TW-ARCHIVE-001");
  EXPECT_EQ(id_of([&] { read_all(folder.path() / "absent.zip"); }), "TW-ARCHIVE-001");
}

}  // namespace
}  // namespace tilewright
