#include "frontend/chosen_weights.h"

#include <algorithm>
#include <set>
#include <string>

#include "frontend/op_view.h"
#include "frontend/workload.h"

namespace tilewright {
namespace {

bool rearranges(const Node& node) {
  static const std::set<std::string> kTypes = {"Identity",  "Transpose", "Reshape", "Squeeze",
                                               "Unsqueeze", "Slice",     "Split",   "Flatten"};
  return node.domain.empty() && kTypes.contains(node.type);
}

bool multiplies(const Node& node) {
  static const std::set<std::string> kTypes = {"MatMul", "Gemm", "Einsum"};
  const std::size_t operands = node.inputs.size();
  return (operands == 2 || (operands == 3 && node.type == "Gemm")) &&
         (node.domain.empty() ? kTypes.contains(node.type) : node.type == "FusedMatMul");
}

class Finder {
 public:
  Finder(const Graph& graph, const Analysis& analysis) : graph_(graph), analysis_(analysis) {
    found_.in_place.assign(graph.nodes.size(), 0);
    found_.pick.assign(graph.tensors.size(), -1);
  }

  ChosenWeights run() {
    for (std::size_t n = 0; n < graph_.nodes.size(); ++n) follow(graph_.nodes[n]);
    if (!found_.picks.empty()) {
      drop_others();
      for (std::size_t n = 0; n < graph_.nodes.size(); ++n) mark(n);
    }
    return std::move(found_);
  }

 private:
  bool fixed(std::int32_t tensor) const { return analysis_.fixed_tensor[at(tensor)] != 0; }

  bool picks(const Node& node) const {
    if (!node.domain.empty() || node.type != "Gather" || node.inputs.size() != 2 ||
        node.inputs[0] < 0 || node.inputs[1] < 0 || node.outputs.size() != 1 ||
        node.outputs[0] < 0 || !fixed(node.inputs[0]) || fixed(node.inputs[1])) {
      return false;
    }
    const Tensor &data = graph_.tensors[at(node.inputs[0])],
                 &indices = graph_.tensors[at(node.inputs[1])];
    const auto axis = node.attributes.find("axis");
    const bool first = axis == node.attributes.end() || axis->second == Attribute(std::int64_t{0});
    return first && data.has_shape && indices.has_shape && indices.elements() > 0 &&
           data.shape.size() >= 3 && data.shape[0] >= 2 && data.shape[0] <= kMostExperts;
  }

  // As its first input, the one that is rearranged.
  bool holds_picked(const Node& node) const {
    return !node.inputs.empty() && node.inputs[0] >= 0 && found_.pick[at(node.inputs[0])] >= 0;
  }

  // Forwards: what may be chosen weights, by where it comes from.
  void follow(const Node& node) {
    if (picks(node)) {
      found_.pick[at(node.outputs[0])] = static_cast<std::int32_t>(found_.picks.size());
      found_.picks.push_back({graph_.tensors[at(node.inputs[0])].shape[0],
                              graph_.tensors[at(node.inputs[1])].elements(),
                              tensor_bytes(graph_, node.inputs[1])});
    } else if (holds_picked(node) && rearranges(node) &&
               std::all_of(node.inputs.begin() + 1, node.inputs.end(),
                           [&](std::int32_t t) { return t < 0 || fixed(t); })) {
      for (const std::int32_t output : node.outputs) {
        if (output >= 0) found_.pick[at(output)] = found_.pick[at(node.inputs[0])];
      }
    }
  }

  // Backwards: what is used as anything else is none. A node's outputs stand or fall together.
  void drop_others() {
    for (const std::int32_t output : graph_.outputs) found_.pick[at(output)] = -1;
    for (std::size_t n = graph_.nodes.size(); n-- > 0;) {
      const auto& outputs = graph_.nodes[n].outputs;
      const bool all = std::all_of(outputs.begin(), outputs.end(), [&](std::int32_t t) {
        return t < 0 || (found_.pick[at(t)] >= 0 && only_multiplied(t));
      });
      for (const std::int32_t output : outputs) {
        if (!all && output >= 0) found_.pick[at(output)] = -1;
      }
    }
  }

  bool only_multiplied(std::int32_t tensor) const {
    const auto& users = analysis_.users[at(tensor)];
    return !users.empty() && std::all_of(users.begin(), users.end(), [&](std::int32_t user) {
      const Node& node = graph_.nodes[at(user)];
      return multiplies(node) ? is_operand(node, tensor) : hands_on(node, tensor);
    });
  }

  bool hands_on(const Node& node, std::int32_t tensor) const {
    return node.inputs[0] == tensor &&
           std::any_of(node.outputs.begin(), node.outputs.end(),
                       [&](std::int32_t t) { return t >= 0 && found_.pick[at(t)] >= 0; });
  }

  // One of the two factors, the other of which is computed.
  bool is_operand(const Node& node, std::int32_t tensor) const {
    const bool first = node.inputs[0] == tensor;
    const std::int32_t other = node.inputs[first ? 1 : 0];
    const auto uses = std::count(node.inputs.begin(), node.inputs.end(), tensor);
    return uses == 1 && (first || node.inputs[1] == tensor) && other >= 0 && !fixed(other) &&
           found_.pick[at(other)] < 0;
  }

  // Forwards again: what rearranges something that was dropped is dropped too.
  void mark(std::size_t n) {
    const Node& node = graph_.nodes[n];
    const bool holds = picks(node) || holds_picked(node);
    for (const std::int32_t output : node.outputs) {
      if (output < 0) continue;
      if (!holds) found_.pick[at(output)] = -1;
      if (found_.pick[at(output)] >= 0) found_.in_place[n] = 1;
    }
  }

  const Graph& graph_;
  const Analysis& analysis_;
  ChosenWeights found_;
};

}  // namespace

ChosenWeights find_chosen_weights(const Graph& graph, const Analysis& analysis) {
  return Finder(graph, analysis).run();
}

}  // namespace tilewright
