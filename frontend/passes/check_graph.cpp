#include <algorithm>
#include <unordered_set>

#include "frontend/op_table.h"
#include "frontend/passes/run_passes.h"
#include "support/error.h"

namespace tilewright {
namespace {

class Checker {
 public:
  Checker(const Graph& graph, const std::string& after)
      : graph_(graph), after_(after), defined_(graph.tensors.size()) {}

  void run(bool shapes) {
    for (const std::int32_t input : graph_.inputs) define(input, nullptr);
    for (std::size_t t = 0; t < graph_.tensors.size(); ++t) {
      if (graph_.tensors[t].is_weight) define(static_cast<std::int32_t>(t), nullptr);
    }
    for (const Node& node : graph_.nodes) {
      check(node);
      if (shapes) check_shapes(node);
    }
    for (const std::int32_t output : graph_.outputs) {
      if (!is_defined(output))
        wrong("a graph output has no definition", graph_.tensors.at(index(output)).name);
    }
    check_names();
  }

 private:
  static std::size_t index(std::int32_t t) { return static_cast<std::size_t>(t); }
  [[noreturn]] void wrong(const std::string& what, const std::string& where) const {
    throw Error("TW-PASS-002", "the graph is broken behind pass " + after_ + ": " + what, where,
                "please report it", ErrorKind::kInternal);
  }
  bool is_defined(std::int32_t t) const {
    return t >= 0 && index(t) < defined_.size() && defined_[index(t)] != 0;
  }
  // nullptr: an input or a weight.
  void define(std::int32_t t, const Node* node) {
    const auto by = [&] { return node == nullptr ? "inputs and weights" : describe(*node); };
    if (t < 0 || index(t) >= defined_.size()) wrong("a tensor that is not there", by());
    if (defined_[index(t)] != 0)
      wrong("two definitions of '" + graph_.tensors[index(t)].name + "'", by());
    defined_[index(t)] = 1;
  }

  void check(const Node& node) {
    for (const std::int32_t input : node.inputs) {
      if (input >= 0 && !is_defined(input))
        wrong("an input that is not defined before", describe(node));
    }
    for (const std::int32_t output : node.outputs) {
      if (output >= 0) define(output, &node);
    }
  }

  // The rule's outputs, from the recorded inputs, are the recorded ones.
  void check_shapes(const Node& node) const {
    const OpRule* const rule = find_rule(node.domain, node.type);
    if (rule == nullptr || rule->infer == nullptr ||
        (node.domain.empty() && node.type == "Constant"))
      return;
    Graph scratch;
    scratch.opsets = graph_.opsets;
    Node own = node;
    const auto add = [&](std::int32_t& t, bool output) {
      if (t < 0) return;
      scratch.tensors.push_back(output ? Tensor{} : graph_.tensors[index(t)]);
      t = static_cast<std::int32_t>(scratch.tensors.size() - 1);
    };
    for (std::int32_t& input : own.inputs) {
      if (input >= 0 && !graph_.tensors[index(input)].has_shape) return;
      add(input, false);
    }
    for (std::int32_t& output : own.outputs) add(output, true);
    OpInfer infer(scratch, own);
    if (!rule->infer(infer)) return;
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
      if (node.outputs[i] < 0) continue;
      const Tensor &now = scratch.tensors[index(own.outputs[i])],
                   &then = graph_.tensors[index(node.outputs[i])];
      if (now.has_shape && then.has_shape && (now.shape != then.shape || now.type != then.type)) {
        if (then.is_declared) {
          throw Error("TW-SHAPE-001",
                      "the file declares another shape or type of '" + then.name +
                          "' than its operator gives",
                      describe(node), "export the model again");
        }
        wrong("output " + std::to_string(i) + " has another shape or type", describe(node));
      }
    }
  }

  void check_names() const {
    std::unordered_set<std::string> names;
    for (std::size_t t = 0; t < graph_.tensors.size(); ++t) {
      if (defined_[t] != 0 && !names.insert(graph_.tensors[t].name).second) {
        wrong("two tensors of one name", graph_.tensors[t].name);
      }
    }
  }

  const Graph& graph_;
  const std::string& after_;
  std::vector<char> defined_;
};

}  // namespace

void check_graph(const Graph& graph, const std::string& after, bool shapes) {
  Checker(graph, after).run(shapes);
}

}  // namespace tilewright
