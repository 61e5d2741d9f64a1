#include "frontend/ownership.h"

#include <set>
#include <string>

namespace tilewright {
namespace {

bool has_parameter_slots(const Node& node) {
  static const std::set<std::string> kTypes = {"Conv", "ConvTranspose", "Gemm", "MatMul",
                                               "BatchNormalization"};
  return node.domain.empty() && kTypes.contains(node.type);
}

bool generates(const Node& node) {
  return node.domain.empty() && (node.type == "ConstantOfShape" || node.type == "Constant");
}

class Owners {
 public:
  Owners(const Graph& graph, const Analysis& analysis, const std::vector<char>& hands_on,
         const std::vector<OwnerRank>& ranks)
      : graph_(graph), analysis_(analysis), ranks_(ranks), best_(graph.nodes.size(), -1) {
    // Backwards: what stands behind a node that hands on is known before the node.
    for (std::size_t n = graph.nodes.size(); n-- > 0;) {
      best_[n] = static_cast<std::int32_t>(n);
      if (hands_on[n] == 0) {
        continue;
      }
      std::int32_t behind = -1;
      for (const std::int32_t output : graph.nodes[n].outputs) {
        behind = output < 0 ? behind : better(behind, reader(output));
      }
      best_[n] = behind >= 0 ? behind : best_[n];
    }
  }

  // The owner among the nodes that read `tensor`; -1 when nobody does.
  std::int32_t reader(std::int32_t tensor) const {
    std::int32_t owner = -1;
    for (const std::int32_t user : analysis_.users[at(tensor)]) {
      owner = better(owner, best_[at(user)]);
    }
    return owner;
  }

  std::int32_t first_working() const {
    for (std::size_t n = 0; n < ranks_.size(); ++n) {
      if (ranks_[n].works) {
        return static_cast<std::int32_t>(n);
      }
    }
    return 0;
  }

 private:
  std::int32_t better(std::int32_t a, std::int32_t b) const {
    if (a < 0 || b < 0) {
      return a < 0 ? b : a;
    }
    const OwnerRank &x = ranks_[at(a)], &y = ranks_[at(b)];
    if (x.flops != y.flops) {
      return x.flops > y.flops ? a : b;
    }
    if (x.works != y.works) {
      return x.works ? a : b;
    }
    return std::min(a, b);
  }

  const Graph& graph_;
  const Analysis& analysis_;
  const std::vector<OwnerRank>& ranks_;
  std::vector<std::int32_t> best_;
};

// Tensors that stand in for weights, in node order.
std::set<std::int32_t> generated_weights(const Graph& graph, const Analysis& analysis) {
  std::set<std::int32_t> found;
  for (const Node& node : graph.nodes) {
    for (std::size_t slot = 1; has_parameter_slots(node) && slot < node.inputs.size(); ++slot) {
      const std::int32_t input = node.inputs[slot];
      const std::int32_t from = input < 0 ? -1 : analysis.producer[at(input)];
      if (from >= 0 && generates(graph.nodes[at(from)]) && graph.tensors[at(input)].has_shape) {
        found.insert(input);
      }
    }
  }
  return found;
}

}  // namespace

std::vector<OwnedWeight> own_weights(const Graph& graph, const Analysis& analysis,
                                     const std::vector<char>& hands_on,
                                     const std::vector<OwnerRank>& ranks) {
  const Owners owners(graph, analysis, hands_on, ranks);
  const std::set<std::int32_t> generated = generated_weights(graph, analysis);
  std::vector<OwnedWeight> weights;
  for (std::size_t t = 0; t < graph.tensors.size(); ++t) {
    const auto tensor = static_cast<std::int32_t>(t);
    if (!graph.tensors[t].is_weight && !generated.contains(tensor)) {
      continue;
    }
    const std::int32_t owner = owners.reader(tensor);
    weights.push_back({tensor, owner >= 0 ? owner : owners.first_working()});
  }
  return weights;
}

}  // namespace tilewright
