// The files that come from the instruction table.
#include "codegen/isa_files.h"

#include <gtest/gtest.h>

#include "support/file.h"

namespace tilewright {
namespace {

TEST(IsaFiles, InTheTreeAreThoseOfTheTable) {
  const auto files = isa_files();
  ASSERT_EQ(files.size(), 3U);
  for (const IsaFile& file : files) {
    EXPECT_EQ(read_file(std::filesystem::path(TILEWRIGHT_SOURCE_DIR) / file.path), file.text)
        << file.path << " is stale: cmake --build build --target isa_files";
  }
}

TEST(IsaFiles, NameEveryInstructionOfOurs) {
  const auto files = isa_files();
  for (const char* name : {"tcc_t_gemv", "tcc_n_send", "tcc_s_wait", "tcc_n_id", "TCC_BATCH3"})
    EXPECT_NE(files[1].text.find(name), std::string::npos) << name;
  for (const char* name : {"`t.gemv`", "`addi`", "`remu`", "`batch3`"})
    EXPECT_NE(files[2].text.find(name), std::string::npos) << name;
}

}  // namespace
}  // namespace tilewright
