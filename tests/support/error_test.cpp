#include "support/error.h"

#include <gtest/gtest.h>

namespace tilewright {
namespace {

TEST(Error, SaysIdWhereWhatAndFixInOneLine) {
  const Error error("TW-TEST-001", "is wrong", "file.txt", "mend it");
  EXPECT_STREQ(error.what(), "TW-TEST-001: file.txt: is wrong; mend it");
  EXPECT_EQ(error.id(), "TW-TEST-001");
  EXPECT_EQ(error.where(), "file.txt");
}

TEST(Error, LeavesOutWhatIsEmpty) {
  EXPECT_STREQ(Error("TW-TEST-001", "is wrong").what(), "TW-TEST-001: is wrong");
}

TEST(Error, KindFixesTheExitStatus) {
  EXPECT_EQ(Error("TW-TEST-001", "x").exit_status(), 2);
  EXPECT_EQ(Error("TW-TEST-001", "x", "", "", ErrorKind::kCheck).exit_status(), 1);
  EXPECT_EQ(Error("TW-TEST-001", "x", "", "", ErrorKind::kInternal).exit_status(), 2);
}

TEST(Error, HostileNamesCannotBreakTheLineOrReachTheTerminal) {
  const std::string line =
      Error("TW-TEST-001", "bad\nname\x1b[2J", std::string(5000, 'x') + "\r").what();
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(line.find('\r'), std::string::npos);
  EXPECT_EQ(line.find('\x1b'), std::string::npos);
  EXPECT_LT(line.size(), 1000U);
}

}  // namespace
}  // namespace tilewright
