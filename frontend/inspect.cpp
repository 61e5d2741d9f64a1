#include <map>
#include <utility>

#include "frontend/counting.h"
#include "frontend/frontend.h"
#include "frontend/op_table.h"

namespace tilewright {

std::vector<InspectRow> inspect_operators(const Graph& graph) {
  const Counted counted = count_graph(graph, {0, true, true});
  std::map<std::pair<std::string, std::string>, InspectRow> rows;
  std::map<std::pair<std::string, std::string>, std::map<OpKind, int>> kinds;
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    const Node& node = graph.nodes[n];
    const auto key = std::make_pair(node.domain, node.type);
    InspectRow& row = rows[key];
    row.domain = node.domain;
    row.type = node.type;
    ++row.count;
    for (std::int32_t i = counted.first_op[n]; i <= counted.last_op[n]; ++i) {
      const WorkOp& op = counted.ops[at(i)];
      row.flops += op.flops;
      row.weight_bytes += op.weight_bytes;
      ++kinds[key][op.kind];
    }
  }
  std::vector<InspectRow> out;
  for (auto& [key, row] : rows) {
    const OpRule* const rule = find_rule(key.first, key.second);
    row.supported = rule != nullptr && rule->refusal == nullptr;
    if (!row.supported) {
      row.becomes = rule != nullptr ? rule->refusal : "not known; opaque with --allow-opaque";
    } else {
      for (const auto& [kind, count] : kinds[key]) {
        row.becomes += (row.becomes.empty() ? "" : ", ") + std::string(op_kind_name(kind));
      }
    }
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace tilewright
