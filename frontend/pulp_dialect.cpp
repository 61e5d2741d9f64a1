#include "frontend/pulp_dialect.h"

#include <algorithm>

#include "frontend/op_table.h"

namespace tilewright {

void settle_pulp_dialect(Graph& graph) {
  const auto is_theirs = [](const Node& node) {
    const auto rules = pulp_rules();
    return std::any_of(rules.begin(), rules.end(), [&](const OpRule& rule) {
      return node.domain == rule.domain && node.type == rule.type;
    });
  };
  if (std::none_of(graph.nodes.begin(), graph.nodes.end(), is_theirs)) return;
  for (Node& node : graph.nodes) {
    if (node.domain.empty() && node.type == "Softmax") {
      node.attributes.try_emplace("axis", std::int64_t{-1});
    }
  }
}

}  // namespace tilewright
