// The hashes of the code move with it, and only with it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <regex>

#include "agents/searcher.h"
#include "experiments/contest/code_hash.h"
#include "support/file.h"

namespace tilewright {
namespace {

namespace fs = std::filesystem;

// The build's own script on a tree of two files.
class HashScript : public ::testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::temp_directory_path() / ("tilewright-hash-" + std::to_string(::getpid()));
    write_file(root_ / "list", "evaluation|a.cpp\nagents|b.cpp\n");
    write_file(root_ / "a.cpp", "// Says what it is.\nint f() {\n  return 1;  // one\n}\n");
    write_file(root_ / "b.cpp", "int g();\n");
  }
  void TearDown() override { fs::remove_all(root_); }

  // The two hashes.
  std::pair<std::string, std::string> hashes() {
    const std::string command = TILEWRIGHT_CMAKE " -DROOT=" + root_.string() +
                                " -DLIST=" + (root_ / "list").string() +
                                " -DOUT=" + (root_ / "o").string() +
                                " -P " TILEWRIGHT_SOURCE_DIR "/cmake/HashSources.cmake";
    EXPECT_EQ(std::system(command.c_str()), 0);
    const std::string text = read_file(root_ / "o");
    std::smatch found;
    const std::regex row(
        "\\{\"evaluation\", \"([0-9a-f]{64})\"\\},\\s*\\{\"agents\", \"([0-9a-f]{64})\"");
    EXPECT_TRUE(std::regex_search(text, found, row)) << text;
    return {found[1], found[2]};
  }
  fs::path root_;
};

TEST_F(HashScript, CodeMovesItsOwnHashAlone) {
  const auto before = hashes();
  write_file(root_ / "a.cpp", "// Says what it is.\nint f() {\n  return 2;  // one\n}\n");
  const auto after = hashes();
  EXPECT_NE(after.first, before.first);
  EXPECT_EQ(after.second, before.second);
}

TEST_F(HashScript, CommentLinesBlanksAndIndentationDoNotCount) {
  const auto before = hashes();
  write_file(root_ / "a.cpp", "// Another.\n// Line.\n\nint f() {\n\n    return 1;  // one\n}\n");
  EXPECT_EQ(hashes(), before);
}

TEST(CodeHash, ASearcherCountsTheFoldersThatItRuns) {
  EXPECT_TRUE(agent_folders("random").empty());
  EXPECT_EQ(agent_folders("cmaes"), std::vector<std::string>{"classical"});
  EXPECT_EQ(agent_folders("model"), std::vector<std::string>{"model"});
  const auto all = agent_folders("sac");
  for (const char* folder : {"classical", "model", "torch"})
    EXPECT_NE(std::find(all.begin(), all.end(), folder), all.end()) << folder;
  EXPECT_EQ(agent_folders("a searcher of tomorrow"), all);
  EXPECT_NE(searcher_hash("random"), searcher_hash("cmaes"));
  EXPECT_NE(searcher_hash("model"), searcher_hash("cmaes"));
  EXPECT_EQ(searcher_hash("sade"), searcher_hash("cmaes"));
  EXPECT_EQ(evaluation_hash("paper").size(), 64U);
}

// A folder that counts alone must not use another's code: agents/X may include agents/ and itself.
TEST(CodeHash, FoldersThatCountAloneStandAlone) {
  const std::regex include("#include \"agents/([a-z]+)/");
  for (const std::string& searcher : {std::string("model"), std::string("cmaes")}) {
    const std::string folder = agent_folders(searcher).at(0);
    for (const auto& entry :
         fs::directory_iterator(fs::path(TILEWRIGHT_SOURCE_DIR) / "agents" / folder)) {
      if (entry.path().extension() != ".cpp" && entry.path().extension() != ".h") continue;
      const std::string text = read_file(entry.path());
      for (std::sregex_iterator at(text.begin(), text.end(), include), end; at != end; ++at)
        EXPECT_EQ((*at)[1], folder) << entry.path();
    }
  }
}

}  // namespace
}  // namespace tilewright
