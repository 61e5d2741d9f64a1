#include "support/file.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <ostream>
#include <thread>

#include "../error_id.h"
#include "scratch.h"
#include "support/error.h"

namespace tilewright {
namespace {

namespace fs = std::filesystem;

using File = Scratch;

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  return names;
}

TEST_F(File, WritesAndReadsBytesOfEveryValue) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  write_file(folder_ / "deep/er/x.bin", bytes);
  EXPECT_EQ(read_file(folder_ / "deep/er/x.bin"), bytes);
  EXPECT_EQ(names_in(folder_ / "deep/er"), std::vector<std::string>{"x.bin"});
}

TEST_F(File, WhatCannotBeReadIsRefused) {
  EXPECT_EQ(id_of([&] { read_file(folder_ / "none"); }), "TW-FILE-001");
  EXPECT_EQ(id_of([&] { read_file(folder_); }), "TW-FILE-001");
  EXPECT_EQ(id_of([&] { read_file("/dev/zero"); }), "TW-FILE-001");
  write_file(folder_ / "big", std::string(100, 'x'));
  EXPECT_EQ(id_of([&] { read_file(folder_ / "big", 99); }), "TW-FILE-002");
}

TEST_F(File, AWriterThatThrowsLeavesTheOldFile) {
  write_file(folder_ / "x", "old");
  EXPECT_THROW(write_file(folder_ / "x",
                          [](std::ostream& out) {
                            out << "half of the new";
                            throw Error("TW-TEST-001", "stop");
                          }),
               Error);
  EXPECT_EQ(read_file(folder_ / "x"), "old");
  EXPECT_EQ(names_in(folder_), std::vector<std::string>{"x"});
}

TEST_F(File, AReaderNeverSeesHalfAFile) {
  const std::string a(1 << 16, 'a'), b(1 << 16, 'b');
  write_file(folder_ / "x", a);
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int i = 0; i < 200; ++i) write_file(folder_ / "x", i % 2 == 0 ? b : a);
    done = true;
  });
  while (!done) {
    const std::string seen = read_file(folder_ / "x");
    EXPECT_TRUE(seen == a || seen == b);
  }
  writer.join();
}

TEST_F(File, Sha256IsTheStandards) {
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  const std::string long_text(3 << 20, 'q');
  write_file(folder_ / "x", long_text);
  EXPECT_EQ(sha256_of_file(folder_ / "x"), sha256(long_text));
}

TEST_F(File, AStagedFolderAppearsWhole) {
  {
    StagedFolder staged(folder_ / "out");
    write_file(staged.path() / "manifest.json", "{}");
    EXPECT_FALSE(fs::exists(folder_ / "out"));
    staged.commit();
  }
  EXPECT_EQ(read_file(folder_ / "out/manifest.json"), "{}");
  EXPECT_EQ(names_in(folder_), std::vector<std::string>{"out"});
}

TEST_F(File, AStagedFolderWithoutCommitLeavesNothing) {
  {
    StagedFolder staged(folder_ / "out/");
    write_file(staged.path() / "x", "half");
  }
  EXPECT_TRUE(names_in(folder_).empty());
}

TEST_F(File, AStagedFolderReplacesOursAndNobodyElses) {
  write_file(folder_ / "ours/manifest.json", "old");
  write_file(folder_ / "theirs/thesis.tex", "years of work");
  {
    StagedFolder staged(folder_ / "ours");
    write_file(staged.path() / "manifest.json", "new");
    staged.commit();
  }
  EXPECT_EQ(read_file(folder_ / "ours/manifest.json"), "new");
  EXPECT_EQ(id_of([&] { StagedFolder staged(folder_ / "theirs"); }), "TW-FILE-004");
  EXPECT_EQ(read_file(folder_ / "theirs/thesis.tex"), "years of work");
}

// A child that fills a staged folder over and over is killed at a random moment: whatever bears the
// final name is whole, and the old content or the new.
TEST_F(File, AKilledRunLeavesNoHalfWrittenFolder) {
  const fs::path out = folder_ / "out";
  for (int round = 0; round < 20; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      for (int version = 0;; ++version) {
        StagedFolder staged(out);
        for (int i = 0; i < 5; ++i) {
          write_file(staged.path() / std::to_string(i),
                     std::string(1000, static_cast<char>('a' + version % 26)));
        }
        write_file(staged.path() / "manifest.json", "{}");
        staged.commit();
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5 + 7 * round));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    if (!fs::exists(out)) continue;
    const std::string first = read_file(out / "0");
    for (int i = 1; i < 5; ++i) EXPECT_EQ(read_file(out / std::to_string(i)), first);
    EXPECT_TRUE(fs::exists(out / "manifest.json"));
  }
}

}  // namespace
}  // namespace tilewright
