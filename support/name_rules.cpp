#include "support/name_rules.h"

#include <fnmatch.h>

#include <sstream>

#include "support/error.h"

namespace tilewright {

NameRules parse_name_rules(const std::string& text, const std::string& where) {
  const auto refuse = [&] {
    throw Error("TW-SUP-011", "'" + text + "' is not VALUE[,NAMES=VALUE...]", where,
                "write the value of most names first, as in int4,*head*=fp16");
  };
  if (text.empty() || text.back() == ',') refuse();
  NameRules parsed;
  std::istringstream parts(text);
  std::getline(parts, parsed.otherwise, ',');
  if (parsed.otherwise.empty() || parsed.otherwise.find('=') != std::string::npos) refuse();
  for (std::string part; std::getline(parts, part, ',');) {
    const std::size_t equals = part.rfind('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == part.size()) refuse();
    parsed.rules.emplace_back(part.substr(0, equals), part.substr(equals + 1));
  }
  return parsed;
}

bool matches_pattern(const std::string& pattern, const std::string& name) {
  return fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

}  // namespace tilewright
