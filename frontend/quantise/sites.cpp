#include "frontend/quantise/sites.h"

#include <algorithm>

#include "frontend/chosen_weights.h"
#include "frontend/kv_cache.h"
#include "frontend/passes/match.h"

namespace tilewright {
namespace {

constexpr std::int64_t kSmallest = 64;  // elements of what counts as a weight

bool is_product(const Node& node) {
  return node.domain.empty() &&
         (node.type == "MatMul" || node.type == "Gemm" || node.type == "Conv");
}

bool holds_reals(const GraphEditor& edit, std::int32_t tensor) {
  const Tensor& t = edit.tensor(tensor);
  return t.has_shape && is_floating(t.type);
}

// `chosen`: a Gather of stacked right-hand matrices.
Site weight_site(const GraphEditor& edit, std::int32_t n, std::size_t slot, bool chosen) {
  const Node& node = edit.node(n);
  const auto rank = static_cast<std::int32_t>(edit.tensor(node.inputs[slot]).shape.size());
  if (node.type == "Conv") return {n, slot, 0, 1};
  if (node.type == "Gather" && !chosen) return {n, slot, 0, rank - 1};
  const bool flipped = OpView(edit.graph(), node).attr_int(slot == 0 ? "transA" : "transB", 0) != 0;
  const bool columns =
      chosen || (slot == 1) != flipped;  // channels are columns of a right-hand matrix
  return {n, slot, columns ? rank - 1 : rank - 2, columns ? rank - 2 : rank - 1};
}

void add_cache(const Graph& graph, const Analysis& analysis, const GraphEditor& edit,
               Sites& sites) {
  for (const KvCache::Append& append : find_kv_cache(graph, analysis).appends) {
    const Node& node = edit.node(append.node);
    if (node.domain.empty() && node.type == "Attention") {
      for (const std::size_t slot : {std::size_t{1}, std::size_t{2}}) {
        const bool known = !sites.cache.empty() && sites.cache.back().node == append.node &&
                           sites.cache.back().slot >= slot;
        if (!known) sites.cache.push_back({append.node, slot, 1, 0});
      }
    } else if (node.type == "Concat" && node.inputs.size() == 2) {
      const bool by_heads = edit.tensor(node.inputs[1]).shape.size() == 4;
      if (by_heads) sites.cache.push_back({append.node, 1, 1, 0});
    }
  }
}

}  // namespace

Sites find_sites(const Graph& given) {
  Graph graph = given;  // the editor's indices are the graph's
  const GraphEditor edit(graph);
  const pass::Match m(edit);
  const Analysis analysis = analyse(graph);
  const ChosenWeights chosen = find_chosen_weights(graph, analysis);
  Sites sites;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto n = static_cast<std::int32_t>(i);
    const Node& node = edit.node(n);
    const bool table = node.domain.empty() && node.type == "Gather";
    if (!is_product(node) && !table) continue;
    for (std::size_t slot = 0; slot < std::min<std::size_t>(node.inputs.size(), 2); ++slot) {
      const std::int32_t input = node.inputs[slot];
      if (input < 0 || !holds_reals(edit, input) || (table && slot == 1)) continue;
      if (chosen.pick[at(input)] >= 0) continue;  // quantised where they are stored
      if (m.is_constant(input)) {
        const Tensor& t = edit.tensor(input);
        if (t.shape.size() >= 2 && t.elements() > kSmallest)
          sites.weights.push_back(weight_site(edit, n, slot, chosen.in_place[i] != 0));
      } else if (!table) {
        sites.activations.push_back({n, slot, 0, 0});
      }
    }
  }
  add_cache(graph, analysis, edit, sites);
  return sites;
}

}  // namespace tilewright
