#include "models/exporter_ops.h"

#include <algorithm>
#include <cmath>

namespace tilewright::models {
namespace {

// A 1-D tensor of one element.
Value as_vector(GraphBuilder& g, const ViewDim& dim) {
  return dim.value.empty() ? g.constant(Shape{dim.number}) : unsqueeze(g, dim.value, {0});
}

Value shape_tensor(GraphBuilder& g, const std::vector<ViewDim>& dims) {
  if (std::all_of(dims.begin(), dims.end(), [](const ViewDim& d) { return d.value.empty(); })) {
    Shape shape;
    for (const ViewDim& dim : dims) {
      shape.push_back(dim.number);
    }
    return g.constant(shape);
  }
  std::vector<Value> parts;
  parts.reserve(dims.size());
  for (const ViewDim& dim : dims) {
    parts.push_back(as_vector(g, dim));
  }
  return g.node("Concat", parts, {attribute("axis", std::int64_t{0})});
}

}  // namespace

Value size_of(GraphBuilder& g, const Value& x, std::int64_t axis) {
  const Value shape = g.node("Shape", {x});
  return g.node("Gather", {shape, g.constant(axis)}, {attribute("axis", std::int64_t{0})});
}

Value unsqueeze(GraphBuilder& g, const Value& x, const Shape& axes) {
  const Value where = g.constant(axes);
  return g.node("Unsqueeze", {x, where});
}

Value transpose(GraphBuilder& g, const Value& x, const Shape& permutation) {
  return g.node("Transpose", {x}, {attribute("perm", permutation)});
}

Value cast(GraphBuilder& g, const Value& x, ElementType type, const Value& result) {
  return g.node("Cast", {x}, {attribute("to", static_cast<std::int64_t>(type))}, result);
}

Value view(GraphBuilder& g, const Value& x, const std::vector<ViewDim>& dims) {
  const Value shape = shape_tensor(g, dims);
  return g.node("Reshape", {x, shape});
}

Value expand(GraphBuilder& g, const Value& x, const std::vector<ViewDim>& dims) {
  const Value shape = shape_tensor(g, dims);
  return g.node("Expand", {x, shape});
}

Value slice(GraphBuilder& g, const Value& x, std::int64_t axis, const ViewDim& first,
            const ViewDim& last) {
  const Value starts = as_vector(g, first);
  const Value ends = as_vector(g, last);
  const Value axes = g.constant(Shape{axis});
  const Value steps = g.constant(Shape{1});
  return g.node("Slice", {x, starts, ends, axes, steps});
}

Value linear(GraphBuilder& g, const Value& x, const std::string& prefix, std::int64_t in,
             std::int64_t out, double gain) {
  const Fill fill{0, gain / std::sqrt(static_cast<double>(in))};
  return g.node("MatMul", {x, g.weight(prefix + ".weight", {in, out}, fill)});
}

Value linear_bias(GraphBuilder& g, const Value& x, const std::string& prefix, std::int64_t in,
                  std::int64_t out, double gain) {
  const Value product = linear(g, x, prefix, in, out, gain);
  return g.node("Add", {g.weight(prefix + ".bias", {out}, {0, 0.02}), product});
}

Value softmax_fp32(GraphBuilder& g, const Value& x) {
  const Attributes last_axis = {attribute("axis", std::int64_t{-1})};
  if (g.weight_type() != onnx::TensorProto::FLOAT16) {
    return g.node("Softmax", {x}, last_axis);
  }
  const Value wide = cast(g, x, onnx::TensorProto::FLOAT);
  return cast(g, g.node("Softmax", {wide}, last_axis), onnx::TensorProto::FLOAT16);
}

}  // namespace tilewright::models
