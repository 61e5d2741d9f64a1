#include "codegen/names.h"

#include <gtest/gtest.h>

#include "codegen/template.h"
#include "support/error.h"
#include "support/random.h"

namespace tilewright {
namespace {

TEST(Names, OrdinaryNamesStayReadable) {
  EXPECT_EQ(design_identifier("Llama-3.1 8B"), "llama_3_1_8b");
  EXPECT_EQ(design_identifier("smolvlm_256m"), "smolvlm_256m");
}

TEST(Names, HostileNamesBecomeIdentifiers) {
  EXPECT_EQ(design_identifier(""), "design");
  EXPECT_EQ(design_identifier("../../etc/passwd"), "etc_passwd");
  EXPECT_EQ(design_identifier("; endmodule $system(\"x\")"), "endmodule_system_x");
  EXPECT_EQ(design_identifier("8b"), "d_8b");
  EXPECT_EQ(design_identifier("tcc"), "d_tcc") << "the library's own prefix";
  EXPECT_EQ(design_identifier("\xe6\xa8\xa1"), "design");
}

TEST(Names, AnyBytesGiveALegalStem) {
  RandomStream random(7, "names");
  for (int i = 0; i < 20000; ++i) {
    std::string name(random.below(80), ' ');
    for (char& c : name) {
      c = static_cast<char>(random.below(256));
    }
    const std::string id = design_identifier(name);
    ASSERT_FALSE(id.empty());
    ASSERT_LE(id.size(), 34U);
    ASSERT_TRUE(id[0] >= 'a' && id[0] <= 'z') << id;
    ASSERT_EQ(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"), std::string::npos);
    ASSERT_FALSE(id.starts_with("tcc"));
    ASSERT_EQ(design_identifier(id), id) << "stable";
  }
}

TEST(Names, CommentsStayOneLine) {
  EXPECT_EQ(comment_text("a\nendmodule\\"), "a?endmodule?");
  EXPECT_LE(comment_text(std::string(1000, 'x')).size(), 100U);
}

TEST(Template, FillsHolesOnceAndLeavesOtherSigns) {
  EXPECT_EQ(fill("@A@ @(posedge clk) @B@", {{"A", "@B@"}, {"B", "2"}}), "@B@ @(posedge clk) 2");
  EXPECT_THROW(fill("@MISSING@", {}), Error);
}

}  // namespace
}  // namespace tilewright
