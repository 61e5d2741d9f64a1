#include "frontend/op_view.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "frontend/interpret/value.h"
#include "frontend/tensor_data.h"
#include "frontend/text.h"
#include "support/error.h"

namespace tilewright {
namespace {

template <typename T>
T attribute(const Node& node, const char* name, T otherwise) {
  const auto entry = node.attributes.find(name);
  if (entry == node.attributes.end()) {
    return otherwise;
  }
  if (const T* const value = std::get_if<T>(&entry->second)) {
    return *value;
  }
  throw Error("TW-OP-004", std::string("attribute '") + name + "' has the wrong type",
              describe(node));
}

}  // namespace

std::string describe(const Node& node) {
  const std::string type =
      (node.domain.empty() ? "" : printable(node.domain) + ".") + printable(node.type);
  return "node '" + printable(node.name) + "' (" + type + ")";
}

void check_size(const Tensor& tensor) {
  constexpr std::int64_t kMost = 1LL << 48, kMostWhenEmpty = 1LL << 24;
  constexpr std::size_t kMostRank = 64;
  const auto refuse = [&](const std::string& what) {
    throw Error("TW-GRAPH-003", "the tensor " + what, "tensor '" + printable(tensor.name) + "'");
  };
  const Shape& shape = tensor.shape;
  if (shape.size() > kMostRank) refuse("has more than 64 dimensions");
  // What has no elements is looped over all the same, along its other dimensions.
  const bool empty = std::find(shape.begin(), shape.end(), 0) != shape.end();
  std::int64_t extent = 1;
  for (const std::int64_t dim : shape) {
    if (__builtin_mul_overflow(extent, dim == 0 ? 1 : dim, &extent) || extent > kMost)
      refuse("is larger than 2^48 elements");
  }
  if (empty && extent > kMostWhenEmpty) refuse("has no elements, but extents of more than 2^24");
}

std::string shape_text(const Shape& shape) {
  std::string text;
  for (const std::int64_t extent : shape) {
    text += (text.empty() ? "" : ",") + std::to_string(extent);
  }
  return "[" + text + "]";
}

std::int64_t product(const Shape& shape) {
  std::int64_t out = 1;
  for (const std::int64_t dim : shape) {
    if (__builtin_mul_overflow(out, dim, &out)) {
      return std::numeric_limits<std::int64_t>::max();
    }
  }
  return out;
}

std::int64_t OpView::opset() const {
  const auto entry = graph_->opsets.find(node_->domain);
  return entry == graph_->opsets.end() ? 1 : entry->second;
}

const Tensor& OpView::input(std::size_t i) const {
  if (!has(i)) {
    throw Error("TW-OP-005", "input " + std::to_string(i) + " is missing", describe(*node_));
  }
  return graph_->tensors[static_cast<std::size_t>(node_->inputs[i])];
}

const Tensor& OpView::output(std::size_t i) const {
  if (!has_output(i)) {
    throw Error("TW-OP-005", "output " + std::to_string(i) + " is missing", describe(*node_));
  }
  return graph_->tensors[static_cast<std::size_t>(node_->outputs[i])];
}

std::int64_t OpView::dim(std::size_t i, std::int64_t at) const {
  return shape(i)[static_cast<std::size_t>(axis(at, rank(i)))];
}

std::int64_t OpView::output_dim(std::size_t i, std::int64_t at) const {
  const Shape& extents = output(i).shape;
  return extents[static_cast<std::size_t>(axis(at, static_cast<std::int64_t>(extents.size())))];
}

std::int64_t OpView::attr_int(const char* name, std::int64_t otherwise) const {
  return attribute<std::int64_t>(*node_, name, otherwise);
}
double OpView::attr_float(const char* name, double otherwise) const {
  return attribute<double>(*node_, name, otherwise);
}
std::string OpView::attr_string(const char* name, const std::string& otherwise) const {
  return attribute<std::string>(*node_, name, otherwise);
}
std::vector<std::int64_t> OpView::attr_ints(const char* name) const {
  return attribute<std::vector<std::int64_t>>(*node_, name, {});
}
std::vector<double> OpView::attr_floats(const char* name) const {
  return attribute<std::vector<double>>(*node_, name, {});
}

std::int64_t OpView::axis(std::int64_t value, std::int64_t rank) const {
  const std::int64_t at = value < 0 ? value + rank : value;
  if (at < 0 || at >= rank) {
    mismatch("axis " + std::to_string(value) + " of a tensor of rank " + std::to_string(rank));
  }
  return at;
}

void OpView::mismatch(const std::string& what) const {
  throw Error("TW-SHAPE-001", "shapes do not fit: " + what, describe(*node_),
              "check the model, and the dimensions given with --dim and --context");
}

void OpInfer::set(std::size_t i, DType type, Shape shape) {
  if (!has_output(i)) {
    return;
  }
  for (const std::int64_t dim : shape) {
    if (dim < 0) {
      mismatch("output " + std::to_string(i) + " would have dimension " + std::to_string(dim));
    }
  }
  Tensor& out = graph_->tensors[static_cast<std::size_t>(node().outputs[i])];
  out.type = type;
  out.shape = std::move(shape);
  out.has_shape = true;
  check_size(out);
}

void OpInfer::set_ints(std::size_t i, std::vector<std::int64_t> values) {
  if (!has_output(i) || output(i).elements() != static_cast<std::int64_t>(values.size()) ||
      output(i).elements() > kSmallValue) {
    return;
  }
  Tensor& out = graph_->tensors[static_cast<std::size_t>(node().outputs[i])];
  settle_ints(out.type, values);
  out.small_ints = std::move(values);
  out.has_value = true;
}

void OpInfer::set_reals(std::size_t i, std::vector<double> values) {
  if (!has_output(i) || output(i).elements() != static_cast<std::int64_t>(values.size()) ||
      output(i).elements() > kSmallValue) {
    return;
  }
  Tensor& out = graph_->tensors[static_cast<std::size_t>(node().outputs[i])];
  settle_reals(out.type, values);
  out.small_reals = std::move(values);
  out.has_reals = true;
}

}  // namespace tilewright
