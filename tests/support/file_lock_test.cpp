#include "support/file_lock.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "../error_id.h"
#include "scratch.h"
#include "support/file.h"

namespace tilewright {
namespace {

using Lock = Scratch;

TEST_F(Lock, OnlyOneHoldsIt) {
  {
    const auto first = FileLock::try_lock(folder_ / "x");
    ASSERT_TRUE(first);
    EXPECT_FALSE(FileLock::try_lock(folder_ / "x"));
    EXPECT_TRUE(FileLock::try_lock(folder_ / "y"));
  }
  EXPECT_TRUE(FileLock::try_lock(folder_ / "x"));
}

TEST_F(Lock, KeepsWhatIsInTheFile) {
  write_file(folder_ / "x", "text");
  EXPECT_TRUE(FileLock::try_lock(folder_ / "x"));
  EXPECT_EQ(read_file(folder_ / "x"), "text");
}

TEST_F(Lock, AChildHoldsItUntilItEndsHoweverItEnds) {
  pid_t child = 0;
  {
    const auto lock = FileLock::try_lock(folder_ / "x");
    ASSERT_TRUE(lock);
    child = ::fork();
    if (child == 0) {
      ::pause();
      ::_exit(0);
    }
  }
  EXPECT_FALSE(FileLock::try_lock(folder_ / "x"));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(FileLock::try_lock(folder_ / "x"));
}

TEST_F(Lock, ARemovedFileLocksNobodyOut) {
  const auto first = FileLock::try_lock(folder_ / "x");
  ASSERT_TRUE(first);
  std::filesystem::remove(folder_ / "x");
  EXPECT_TRUE(FileLock::try_lock(folder_ / "x"));
}

TEST_F(Lock, AFolderCannotBeLocked) {
  EXPECT_EQ(id_of([&] { FileLock::try_lock(folder_); }), "TW-FILE-003");
}

}  // namespace
}  // namespace tilewright
