// A node as an operator's rules see it: inputs, outputs and attributes, with errors that name the
// node.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "frontend/graph.h"

namespace tilewright {

using Shape = std::vector<std::int64_t>;

class OpView {
 public:
  OpView(const Graph& graph, const Node& node) : graph_(&graph), node_(&node) {}

  const Node& node() const { return *node_; }
  std::int64_t opset() const;  // of the node's domain; 1 when the file does not say

  std::size_t inputs() const { return node_->inputs.size(); }
  std::size_t outputs() const { return node_->outputs.size(); }
  bool has(std::size_t i) const { return i < inputs() && node_->inputs[i] >= 0; }
  bool has_output(std::size_t i) const { return i < outputs() && node_->outputs[i] >= 0; }
  // Error TW-OP-005 when absent.
  const Tensor& input(std::size_t i) const;
  const Tensor& output(std::size_t i) const;
  const Shape& shape(std::size_t i) const { return input(i).shape; }
  std::int64_t rank(std::size_t i) const { return static_cast<std::int64_t>(shape(i).size()); }
  // shape(i)[at], counted from the end when negative; Error TW-SHAPE-001 when there is no such
  // axis.
  std::int64_t dim(std::size_t i, std::int64_t at) const;
  std::int64_t output_dim(std::size_t i, std::int64_t at) const;

  // Attributes; Error TW-OP-004 when one has another type.
  bool has_attr(const char* name) const { return node_->attributes.contains(name); }
  std::int64_t attr_int(const char* name, std::int64_t otherwise) const;
  double attr_float(const char* name, double otherwise) const;
  std::string attr_string(const char* name, const std::string& otherwise) const;
  std::vector<std::int64_t> attr_ints(const char* name) const;  // empty when absent
  std::vector<double> attr_floats(const char* name) const;

  // `value` as an axis of a tensor of rank `rank`; Error TW-SHAPE-001 when outside.
  std::int64_t axis(std::int64_t value, std::int64_t rank) const;
  [[noreturn]] void mismatch(const std::string& what) const;  // Error TW-SHAPE-001

 private:
  const Graph* graph_;
  const Node* node_;
};

// The same, while shapes are being inferred.
class OpInfer : public OpView {
 public:
  OpInfer(Graph& graph, const Node& node) : OpView(graph, node), graph_(&graph) {}

  // Type and shape of output `i`; nothing when the node does not name it. Error TW-SHAPE-001 when a
  // dimension is negative, TW-GRAPH-003 when the size does not fit 64 bits.
  void set(std::size_t i, DType type, Shape shape);
  // Value of output `i`, whose shape was set; ignored unless small and of the right length. Brought
  // to the output's type.
  void set_ints(std::size_t i, std::vector<std::int64_t> values);
  void set_reals(std::size_t i, std::vector<double> values);

 private:
  Graph* graph_;
};

// Error TW-GRAPH-003 unless `tensor` has at most 64 dimensions and 2^48 elements, which keeps later
// products in 64 bits; where a dimension is 0, the others at most 2^24.
void check_size(const Tensor& tensor);

// "node 'NAME' (TYPE)"
std::string describe(const Node& node);
std::string shape_text(const Shape& shape);  // "[2,3]"
std::int64_t product(const Shape& shape);    // saturates at the largest int64

}  // namespace tilewright
