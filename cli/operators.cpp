// tilewright operators: what the front end does with each operator.
#include <CLI/CLI.hpp>

#include <memory>

#include "cli/options.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "frontend/op_table.h"
#include "frontend/operators_doc.h"
#include "support/json.h"

namespace tilewright {
namespace {

Json as_json() {
  Json list = Json::array();
  for (const OpRule* const rule : all_rules()) {
    Json row = {{"domain", rule->domain}, {"type", rule->type}};
    if (rule->refusal != nullptr) {
      row["refused"] = rule->refusal;
    } else {
      row["since"] = rule->since;
      row["becomes"] = op_kind_name(rule->kind);
      row["runs"] = rule->run != nullptr;
      if (rule->limits != nullptr) row["limits"] = rule->limits;
    }
    list.push_back(std::move(row));
  }
  return list;
}

}  // namespace

void add_operators(CLI::App& app, Run& run) {
  auto common = std::make_shared<CommonOptions>();
  CLI::App* verb =
      app.add_subcommand("operators", "every operator: counted, run, or refused and why");
  verb->add_flag("--json", common->json, "write JSON for machines instead of text");
  verb->footer(
      "Examples:\n"
      "  tilewright operators\n"
      "  tilewright operators --json");
  verb->callback([common, &run] {
    run = [common] {
      common->json ? print_json(as_json()) : print(operators_markdown());
      return 0;
    };
  });
}

}  // namespace tilewright
