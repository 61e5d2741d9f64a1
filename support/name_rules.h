// One value for most names, and others by patterns: "int4" or "int4,*head*=fp16,*.mlp.*=int8".
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace tilewright {

struct NameRules {
  std::string otherwise;  // the first, which has no pattern
  std::vector<std::pair<std::string, std::string>>
      rules;  // pattern (*, ?, [] as in a shell), value
};

// `where` names the text in errors. Throws Error TW-SUP-011.
NameRules parse_name_rules(const std::string& text, const std::string& where);

bool matches_pattern(const std::string& pattern, const std::string& name);

}  // namespace tilewright
