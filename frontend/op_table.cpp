#include "frontend/op_table.h"

#include <map>
#include <utility>

namespace tilewright {
namespace {

using Key = std::pair<std::string_view, std::string_view>;

std::map<Key, const OpRule*> collect() {
  std::map<Key, const OpRule*> rules;
  for (const auto family :
       {elementwise_rules(), matmul_rules(), conv_rules(), reduction_rules(), move_rules(),
        resize_rules(), selection_rules(), shape_rules(), quantised_rules(), attention_rules(),
        recurrent_rules(), spectral_rules(), contrib_rules(), pulp_rules(), refused_rules()}) {
    for (const OpRule& rule : family) {
      rules.emplace(Key{rule.domain, rule.type}, &rule);
    }
  }
  return rules;
}

}  // namespace

const OpRule* find_rule(std::string_view domain, std::string_view type) {
  static const std::map<Key, const OpRule*> kRules = collect();
  const auto entry = kRules.find(Key{domain, type});
  return entry == kRules.end() ? nullptr : entry->second;
}

}  // namespace tilewright
