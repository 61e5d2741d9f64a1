#include "verify/process.h"

#include <gtest/gtest.h>

namespace tilewright {
namespace {

TEST(Process, ReportsStatusAndOutput) {
  const ToolRun run = run_tool({"printf", "one\\ntwo"}, "/", 10);
  EXPECT_TRUE(run.ok());
  EXPECT_EQ(run.output, "one\ntwo");
  EXPECT_EQ(run_tool({"false"}, "/", 10).status, 1);
}

TEST(Process, ArgumentsNeverReachAShell) {
  EXPECT_EQ(run_tool({"echo", "$(id); `id` > x"}, "/", 10).output, "$(id); `id` > x\n");
}

TEST(Process, MissingToolIsNotAFailureOfTheArtifact) {
  const ToolRun run = run_tool({"no-such-tool-anywhere"}, "/", 10);
  EXPECT_FALSE(run.started);
  EXPECT_FALSE(run.ok());
}

TEST(Process, TimeLimitEndsTheTool) {
  const ToolRun run = run_tool({"sleep", "30"}, "/", 1);
  EXPECT_TRUE(run.timed_out);
  EXPECT_LT(run.seconds, 10);
  EXPECT_NE(first_failure(run, {}).find("no answer"), std::string::npos);
}

TEST(Process, LongOutputKeepsBeginningAndEnd) {
  const ToolRun run = run_tool({"seq", "1", "1000000"}, "/", 60);
  EXPECT_TRUE(run.ok());
  EXPECT_TRUE(run.output.starts_with("1\n2\n"));
  EXPECT_TRUE(run.output.ends_with("999999\n1000000\n"));
  EXPECT_LT(run.output.size(), 3U << 20);
}

TEST(Process, FirstFailureIsTheMarkedLine) {
  ToolRun run;
  run.started = true;
  run.status = 1;
  run.output = "hello\n%Error: a\n%Error: b\nbye\n";
  EXPECT_EQ(first_failure(run, {"%Error"}), "%Error: a");
  EXPECT_EQ(first_failure(run, {"xyz"}), "bye");
}

}  // namespace
}  // namespace tilewright
