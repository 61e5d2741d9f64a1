#include "support/name_rules.h"

#include <gtest/gtest.h>

#include "support/error.h"

namespace tilewright {
namespace {

TEST(NameRules, TheFirstPatternThatMatches) {
  const NameRules rules = parse_name_rules("int4,*head*=fp16,layers.?.w=int8,*=int3", "--weights");
  EXPECT_EQ(rules.otherwise, "int4");
  ASSERT_EQ(rules.rules.size(), 3U);
  EXPECT_EQ(rule_of(rules, "lm_head.weight"), 0U);
  EXPECT_EQ(rule_of(rules, "layers.7.w"), 1U);
  EXPECT_EQ(rule_of(rules, "layers.77.w"), 2U);
  EXPECT_FALSE(rule_of(parse_name_rules("int4,a=b", ""), "c"));
  // A name may have '=' in it; the value has none.
  EXPECT_EQ(parse_name_rules("x,a=b=c", "").rules[0],
            std::pair(std::string("a=b"), std::string("c")));
}

TEST(NameRules, RefusesWhatHasNoForm) {
  for (const char* text :
       {"", ",", "a=b", "int4,", "int4,head", "int4,=fp16", "int4,head=", ",a=b"})
    EXPECT_THROW(parse_name_rules(text, "--weights"), Error) << text;
}

}  // namespace
}  // namespace tilewright
