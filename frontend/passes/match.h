// Questions that recognisers ask of a graph, walking from a tensor to what made it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "frontend/interpret/value.h"
#include "frontend/passes/graph_editor.h"

namespace tilewright::pass {

// Its results are another each time.
bool draws(const Node& node);

class Match {
 public:
  explicit Match(const GraphEditor& edit) : edit_(edit) {}

  // The node of the default domain and of this type that made the tensor; nullptr otherwise.
  const Node* made_by(std::int32_t tensor, const char* type) const;
  // Input `slot` of the node; -1 when absent.
  static std::int32_t input(const Node& node, std::size_t slot);
  // The one element of a constant; nothing otherwise.
  std::optional<double> scalar(std::int32_t tensor) const;
  bool is_scalar(std::int32_t tensor, double value) const;  // within 1e-3 relative, for halves
  // All elements, where a shape rule knows them.
  std::optional<std::vector<std::int64_t>> ints(std::int32_t tensor) const;
  bool is_constant(std::int32_t tensor) const;  // a weight, or made by Constant
  // Of a constant that is at hand without another file; floats in float64.
  std::optional<Value> value(std::int32_t tensor) const;
  std::int64_t rank(std::int32_t tensor) const;
  std::int64_t dim(std::int32_t tensor,
                   std::int64_t at) const;  // from the end when negative; -1: none

  // Through casts between floating-point types.
  std::int32_t before_casts(std::int32_t tensor) const;

  // Both operands of a two-operand node that made the tensor.
  std::optional<std::pair<std::int32_t, std::int32_t>> operands(std::int32_t tensor,
                                                                const char* type) const;
  // The same, where the second is a constant scalar (either way round for Add and Mul).
  std::optional<std::pair<std::int32_t, double>> with_scalar(std::int32_t tensor,
                                                             const char* type) const;
  // What the tensor is the square of: Pow(x, 2) or Mul(x, x).
  std::optional<std::int32_t> squared(std::int32_t tensor) const;
  // What it is the mean of along the last axis, with that axis kept.
  std::optional<std::int32_t> mean_of_last(std::int32_t tensor) const;

 private:
  const GraphEditor& edit_;
};

}  // namespace tilewright::pass
