// The small operator groups that PyTorch's exporter emits for everyday tensor methods.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/graph_builder.h"

namespace tilewright::models {

// A dimension of a view: a number known when the model is written, or a scalar computed in the
// graph.
struct ViewDim {
  ViewDim(std::int64_t known) : number(known) {}           // NOLINT: reads as a literal
  ViewDim(Value computed) : value(std::move(computed)) {}  // NOLINT
  std::int64_t number = 0;
  Value value;
};

Value size_of(GraphBuilder& g, const Value& x, std::int64_t axis);  // x.size(axis), a scalar
Value unsqueeze(GraphBuilder& g, const Value& x, const Shape& axes);
Value transpose(GraphBuilder& g, const Value& x, const Shape& permutation);
Value cast(GraphBuilder& g, const Value& x, ElementType type, const Value& result = "");
// x.view(dims) and x.expand(dims): the target shape is put together in the graph where it must be.
Value view(GraphBuilder& g, const Value& x, const std::vector<ViewDim>& dims);
Value expand(GraphBuilder& g, const Value& x, const std::vector<ViewDim>& dims);
// x[..., first:last] along `axis`.
Value slice(GraphBuilder& g, const Value& x, std::int64_t axis, const ViewDim& first,
            const ViewDim& last);

// x * weight [in, out] (+ bias [out]); the weights are "PREFIX.weight" and "PREFIX.bias".
// `gain` scales the drawn weights, whose deviation is gain / sqrt(in).
Value linear(GraphBuilder& g, const Value& x, const std::string& prefix, std::int64_t in,
             std::int64_t out, double gain = 1);
Value linear_bias(GraphBuilder& g, const Value& x, const std::string& prefix, std::int64_t in,
                  std::int64_t out, double gain = 1);

// softmax over the last axis, computed in FP32 where the graph is FP16.
Value softmax_fp32(GraphBuilder& g, const Value& x);

}  // namespace tilewright::models
