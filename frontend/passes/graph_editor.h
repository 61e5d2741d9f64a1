// A graph while a pass changes it: who makes and who reads each tensor is kept up to date.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "frontend/graph.h"
#include "frontend/interpret/allowance.h"
#include "frontend/interpret/value.h"

namespace tilewright {

class GraphEditor {
 public:
  explicit GraphEditor(Graph& graph);

  Allowance& allowance() { return allowance_; }  // of what is computed meanwhile

  const Graph& graph() const { return graph_; }
  std::size_t nodes() const { return graph_.nodes.size(); }
  bool alive(std::int32_t node) const { return alive_[static_cast<std::size_t>(node)] != 0; }
  const Node& node(std::int32_t n) const { return graph_.nodes[static_cast<std::size_t>(n)]; }
  // Of an absent one (-1), here and below: without a type, a shape, a producer or a user.
  const Tensor& tensor(std::int32_t t) const;

  // -1: a graph input, a weight, or absent.
  std::int32_t producer(std::int32_t tensor) const;
  // One entry a use; a node that reads it twice is there twice.
  const std::vector<std::int32_t>& users(std::int32_t tensor) const;
  bool is_output(std::int32_t tensor) const;
  bool in_use(std::int32_t tensor) const;  // read, or an output
  // Read by one slot of one node alone.
  bool used_once(std::int32_t tensor) const;

  // Tensors and nodes that are new. `name` is made unique. A node's outputs get types and shapes
  // from its operator's rule (Error TW-PASS-001 when that cannot say, TW-SHAPE-002 when an input
  // has no shape).
  std::int32_t add_tensor(const std::string& name);
  std::int32_t add_constant(const Value& value, const std::string& name);
  std::int32_t add_weight(const Value& value, const std::string& name);
  std::int32_t add_node(Node node);
  // A node of the default domain with one new output, which is returned.
  std::int32_t add_op(const std::string& type, std::vector<std::int32_t> inputs,
                      std::map<std::string, Attribute> attributes, const std::string& name);

  // Every use of `old`, as a graph output too, becomes one of `fresh`. Output names stay what they
  // were. False, and nothing changes, where types or shapes differ.
  bool replace(std::int32_t old, std::int32_t fresh);
  void set_input(std::int32_t node, std::size_t slot, std::int32_t tensor);
  void remove(std::int32_t node);

  // Removed nodes go, the others are put in order. To be called last.
  void finish();

 private:
  std::int32_t add_stored(const Value& value, const std::string& name, bool weight);
  void use(std::int32_t tensor, std::int32_t node);
  void unuse(std::int32_t tensor, std::int32_t node);

  Graph& graph_;
  Allowance allowance_;
  std::vector<char> alive_;
  std::vector<std::int32_t> producer_;
  std::vector<std::vector<std::int32_t>> users_;
  std::vector<std::int32_t> output_count_;  // how often a tensor is a graph output
  std::unordered_set<std::string> names_;
};

}  // namespace tilewright
