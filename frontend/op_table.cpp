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

const std::map<Key, const OpRule*>& rules() {
  static const std::map<Key, const OpRule*> kRules = collect();
  return kRules;
}

bool is_real(DType type) {
  switch (type) {
    case DType::kFloat32:
    case DType::kFloat16:
    case DType::kBFloat16:
    case DType::kFloat64:
    case DType::kFloat8E4M3FN:
    case DType::kFloat8E4M3FNUZ:
    case DType::kFloat8E5M2:
    case DType::kFloat8E5M2FNUZ:
    case DType::kFloat8E8M0:
    case DType::kFloat4E2M1:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string range_text(int least, int most) {
  const std::string from = std::to_string(least);
  if (most == kMany) return from + " or more";
  return least == most ? from : from + " to " + std::to_string(most);
}

bool takes(Types types, DType type) {
  const bool boolean = type == DType::kBool, real = is_real(type);
  switch (types) {
    case Types::kAny:
      return true;
    case Types::kNumbers:
      return !boolean;
    case Types::kFloats:
      return real;
    case Types::kIntegers:
      return !real && !boolean;
    case Types::kBooleans:
      return boolean;
  }
  return false;
}

const OpRule* find_rule(std::string_view domain, std::string_view type) {
  const auto entry = rules().find(Key{domain, type});
  return entry == rules().end() ? nullptr : entry->second;
}

std::vector<const OpRule*> all_rules() {
  std::vector<const OpRule*> all;
  all.reserve(rules().size());
  for (const auto& [key, rule] : rules()) all.push_back(rule);
  return all;
}

}  // namespace tilewright
