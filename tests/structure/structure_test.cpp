// The house stands: includes go down, libraries stay behind their folder's door, every folder says
// what it is.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "floors.h"
#include "support/file.h"

namespace tilewright {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = TILEWRIGHT_SOURCE_DIR;

Floors the_floors() {
  return read_floors(kRoot / "tests/structure/floors.csv");
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "\n" + line;
  return text;
}

// A tree of our own, in which breaches are planted.
class Planted : public ::testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::temp_directory_path() /
            ("tilewright-structure-" +
             std::to_string(::testing::UnitTest::GetInstance()->random_seed()) +
             ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(root_);
  }
  void TearDown() override { fs::remove_all(root_); }
  void plant(const std::string& file, const std::string& text) { write_file(root_ / file, text); }
  std::vector<std::string> breaches() const { return include_breaches(root_, the_floors()); }
  fs::path root_;
};

TEST(Structure, IncludesGoDownTheFloors) {
  const auto breaches = include_breaches(kRoot, the_floors());
  EXPECT_TRUE(breaches.empty()) << joined(breaches);
}

TEST(Structure, EveryFolderHasAReadme) {
  const auto missing = folders_without_readme(kRoot, the_floors());
  EXPECT_TRUE(missing.empty()) << joined(missing);
}

TEST(Structure, EveryFolderOfTheBuildIsInTheTable) {
  const Floors floors = the_floors();
  for (const auto& entry : fs::directory_iterator(kRoot)) {
    const std::string name = entry.path().filename().string();
    const bool is_floor =
        entry.is_directory() && name != "tests" && fs::exists(entry.path() / "CMakeLists.txt");
    if (!is_floor || name.starts_with("build")) continue;
    EXPECT_TRUE(floors.contains(name)) << name;
  }
}

TEST_F(Planted, AnIncludeOfAHigherFloorIsFound) {
  plant("support/x.h", "#pragma once\n#include \"agents/searcher.h\"\n");
  const auto found = breaches();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0], "support/x.h:2: includes agents/searcher.h, which is on a higher floor");
}

TEST_F(Planted, AnIncludeOfTheSameFloorIsFound) {
  plant("codegen/x.cpp", "#include \"mdp/problem.h\"\n");
  const auto found = breaches();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NE(found[0].find("same floor"), std::string::npos);
}

TEST_F(Planted, ALibraryOfAnotherFolderIsFound) {
  plant("mdp/x.cpp", "#include <torch/torch.h>\n");
  plant("mapping/y.cpp", "  #  include <onnx/onnx_pb.h>\n");
  plant("cli/z.cpp", "#include <toml++/toml.h>\n");
  plant("tests/mapping/t.cpp", "#include <onnx/onnx_pb.h>\n");
  EXPECT_EQ(breaches().size(), 4U) << joined(breaches());
}

TEST_F(Planted, WhatIsAllowedIsNotFound) {
  plant("agents/torch/x.cpp",
        "#include <torch/torch.h>\n#include \"mdp/problem.h\"\n#include \"agents/searcher.h\"\n");
  plant("frontend/y.cpp",
        "#include <onnx/onnx_pb.h>\n#include <google/protobuf/message.h>\n#include <vector>\n");
  plant("nodes/z.cpp", "#include <toml++/toml.h>\n#include \"arch/actions.h\"\n");
  plant("tests/frontend/t.cpp", "#include <onnx/onnx_pb.h>\n#include \"cli/options.h\"\n");
  EXPECT_TRUE(breaches().empty()) << joined(breaches());
}

TEST_F(Planted, AFolderWithoutReadmeIsFound) {
  plant("mdp/x.h", "#pragma once\n");
  plant("arch/README.md", "# arch\n");
  EXPECT_EQ(folders_without_readme(root_, the_floors()), std::vector<std::string>{"mdp"});
}

// .ci/run's judgement of CTest's results.
class Ci : public Planted {
 protected:
  int judge(const std::string& cases, bool data_here) {
    plant("junit.xml", "<testsuite>\n" + cases + "</testsuite>\n");
    const std::string command = std::string("awk -v data_here=") + (data_here ? "1" : "0") +
                                " -f '" + (kRoot / "scripts/junit_summary.awk").string() + "' '" +
                                (root_ / "junit.xml").string() + "' > '" +
                                (root_ / "out").string() + "'";
    const int status = std::system(command.c_str());
    return WEXITSTATUS(status);
  }
  std::string last_line() const {
    std::string text = read_file(root_ / "out");
    text.pop_back();
    return text.substr(text.rfind('\n') + 1);
  }
  const std::string good_ = "<testcase name=\"a.b\" status=\"run\">\n</testcase>\n";
  const std::string bad_ = "<testcase name=\"a.c\" status=\"fail\">\n</testcase>\n";
  const std::string no_data_ =
      "<testcase name=\"a.d\" status=\"notrun\">\n<system-out>TILEWRIGHT_DATA is not "
      "set\n</testcase>\n";
  const std::string other_ = "<testcase name=\"a.e\" status=\"notrun\">\n</testcase>\n";
};

TEST_F(Ci, CountsAndFailsWithAFailure) {
  EXPECT_EQ(judge(good_ + other_, true), 0);
  EXPECT_EQ(last_line(), "1 passed, 0 failed, 1 skipped");
  EXPECT_EQ(judge(good_ + bad_, true), 1);
  EXPECT_EQ(last_line(), "1 passed, 1 failed, 0 skipped");
  EXPECT_EQ(judge("", true), 1);
}

TEST_F(Ci, FailsWhenADataTestIsSkippedAlthoughTheDataIsThere) {
  EXPECT_EQ(judge(good_ + no_data_, false), 0);
  EXPECT_EQ(judge(good_ + no_data_, true), 1);
  EXPECT_EQ(last_line(), "1 passed, 0 failed, 1 skipped");
}

}  // namespace
}  // namespace tilewright
