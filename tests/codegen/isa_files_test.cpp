// The files that come from the instruction table.
#include "codegen/isa_files.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "arch/isa/isa.h"
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
  for (const isa::Instruction& i : isa::instructions()) {
    EXPECT_NE(files[2].text.find("| `" + std::string(i.mnemonic) + "` |"), std::string::npos)
        << i.mnemonic;
    if (i.mnemonic.find('.') == std::string_view::npos || i.op == isa::Op::kLoop) continue;
    std::string function = "tcc_" + std::string(i.mnemonic) + "(";
    std::ranges::replace(function, '.', '_');
    EXPECT_NE(files[1].text.find(function), std::string::npos) << function;
  }
  for (const isa::Flag& flag : isa::flags())
    EXPECT_NE(files[2].text.find("| `" + std::string(flag.name) + "` |"), std::string::npos);
}

}  // namespace
}  // namespace tilewright
