#include "frontend/analysis.h"

#include <algorithm>

namespace tilewright {
namespace {

bool reads_only_the_shape(const Node& node) {
  return node.domain.empty() &&
         (node.type == "Shape" || node.type == "Size" || node.type == "EyeLike");
}

bool draws(const Node& node) {
  return node.domain.empty() && (node.type == "RandomNormal" || node.type == "RandomUniform");
}

}  // namespace

Analysis analyse(const Graph& graph) {
  Analysis out;
  out.producer.assign(graph.tensors.size(), -1);
  out.users.resize(graph.tensors.size());
  out.fixed_node.assign(graph.nodes.size(), 0);
  out.fixed_tensor.assign(graph.tensors.size(), 0);
  for (std::size_t t = 0; t < graph.tensors.size(); ++t) {
    out.fixed_tensor[t] = graph.tensors[t].is_weight ? 1 : 0;
  }
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    const Node& node = graph.nodes[n];
    const bool fixed =
        !draws(node) && (reads_only_the_shape(node) ||
                         std::all_of(node.inputs.begin(), node.inputs.end(), [&](std::int32_t t) {
                           return t < 0 || out.fixed_tensor[at(t)] != 0;
                         }));
    out.fixed_node[n] = fixed ? 1 : 0;
    for (const std::int32_t t : node.inputs) {
      if (t >= 0 &&
          (out.users[at(t)].empty() || out.users[at(t)].back() != static_cast<std::int32_t>(n))) {
        out.users[at(t)].push_back(static_cast<std::int32_t>(n));
      }
    }
    for (const std::int32_t t : node.outputs) {
      if (t >= 0) {
        out.producer[at(t)] = static_cast<std::int32_t>(n);
        out.fixed_tensor[at(t)] = fixed ? 1 : 0;
      }
    }
  }
  return out;
}

std::int64_t tensor_bytes(const Graph& graph, std::int32_t tensor) {
  const Tensor& t = graph.tensors[at(tensor)];
  return t.has_shape ? dtype_bytes(t.type, t.elements()) : 0;
}

}  // namespace tilewright
