#include "support/name_rules.h"

#include <gtest/gtest.h>

#include "support/error.h"

namespace tilewright {
namespace {

TEST(NameRules, AValueForMostAndOthersByPattern) {
  const NameRules rules = parse_name_rules("int4,*head*=fp16,layers.?.w=int8", "--weights");
  EXPECT_EQ(rules.otherwise, "int4");
  ASSERT_EQ(rules.rules.size(), 2U);
  EXPECT_EQ(rules.rules[0], std::pair(std::string("*head*"), std::string("fp16")));
  // A name may have '=' in it; the value has none.
  EXPECT_EQ(parse_name_rules("x,a=b=c", "").rules[0],
            std::pair(std::string("a=b"), std::string("c")));
  EXPECT_TRUE(matches_pattern("*head*", "lm_head.weight"));
  EXPECT_TRUE(matches_pattern("layers.?.w", "layers.7.w"));
  EXPECT_FALSE(matches_pattern("layers.?.w", "layers.77.w"));
}

TEST(NameRules, RefusesWhatHasNoForm) {
  for (const char* text :
       {"", ",", "a=b", "int4,", "int4,head", "int4,=fp16", "int4,head=", ",a=b"})
    EXPECT_THROW(parse_name_rules(text, "--weights"), Error) << text;
}

}  // namespace
}  // namespace tilewright
