#include "frontend/operators_doc.h"

#include <algorithm>

#include "frontend/op_table.h"

namespace tilewright {
namespace {

const char* types_text(Types types) {
  switch (types) {
    case Types::kAny:
      return "any";
    case Types::kNumbers:
      return "numbers";
    case Types::kFloats:
      return "floats";
    case Types::kIntegers:
      return "integers";
    case Types::kBooleans:
      return "booleans";
  }
  return "";
}

std::string name_of(const OpRule& rule) {
  return "`" + (*rule.domain == '\0' ? "" : std::string(rule.domain) + ".") + rule.type + "`";
}

// What the interpreter has for it. Constants are values already.
std::string run_text(const OpRule& rule) {
  const bool constant = *rule.domain == '\0' && std::string(rule.type) == "Constant";
  return rule.run != nullptr || constant ? "yes" : "no";
}

std::string row(const OpRule& rule) {
  return "| " + name_of(rule) + " | " + std::to_string(rule.since) + " | " +
         range_text(rule.operands.least_inputs, rule.operands.most_inputs) + " | " +
         types_text(rule.types) + " | " + op_kind_name(rule.kind) + " | " + run_text(rule) + " | " +
         (rule.limits == nullptr ? "" : rule.limits) + " |\n";
}

}  // namespace

std::string operators_markdown() {
  std::vector<const OpRule*> known, refused;
  for (const OpRule* const rule : all_rules()) {
    (rule->refusal == nullptr ? known : refused).push_back(rule);
  }
  const auto run = std::count_if(known.begin(), known.end(),
                                 [](const OpRule* rule) { return run_text(*rule) == "yes"; });
  std::string text =
      "# Operators\n\nWritten by `tilewright operators`; a test fails when it is stale. " +
      std::to_string(known.size()) + " operators are counted, " + std::to_string(run) +
      " of them run on the reference interpreter; " + std::to_string(refused.size()) +
      " are refused by name.\n\n"
      "Since: the first operator set that has it; all later forms are read up to " +
      std::to_string(kNewestOpset) +
      ". Inputs: least to most. Takes: element types of the first input. Becomes: the kind of work "
      "on the chip (`shape`: "
      "none;\n"
      "a node that moves nothing is `shape` too). Runs: `tilewright run`.\n\n"
      "| operator | since | inputs | takes | becomes | runs | limits "
      "|\n|---|---|---|---|---|---|---|\n";
  for (const OpRule* const rule : known) text += row(*rule);
  text += "\n## Refused\n\n| operator | why |\n|---|---|\n";
  for (const OpRule* const rule : refused) {
    text += "| " + name_of(*rule) + " | " + rule->refusal + " |\n";
  }
  return text;
}

}  // namespace tilewright
