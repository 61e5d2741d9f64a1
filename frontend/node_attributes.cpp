#include "frontend/node_attributes.h"

#include <utility>

#include "support/error.h"

namespace tilewright {
namespace {

using proto::AttributeView;

// `listed`: a vector, even of one element; otherwise a scalar.
template <typename T>
void set_shape(const std::vector<T>& values, bool listed, Tensor& out) {
  if (listed) {
    out.shape = {static_cast<std::int64_t>(values.size())};
  } else {
    out.shape = {};
  }
  out.has_shape = true;
}

void set_constant(const AttributeView& view, std::string_view kind, const std::string& user,
                  Tensor& out) {
  const bool listed = kind.ends_with('s');
  if (kind == "value_int" || kind == "value_ints") {
    out.type = DType::kInt64;
    out.small_ints = listed ? view.ints : std::vector<std::int64_t>{view.i};
    out.has_value = true;
    set_shape(out.small_ints, listed, out);
  } else if (kind == "value_float" || kind == "value_floats") {
    out.type = DType::kFloat32;
    out.small_reals = listed ? view.floats : std::vector<double>{static_cast<double>(view.f)};
    out.has_reals = true;
    set_shape(out.small_reals, listed, out);
  } else {
    throw Error("TW-OP-002", "Constant with attribute " + in_quotes(kind) + " is not supported",
                user);
  }
}

// One element, kept as its type and value (ConstantOfShape).
void add_tensor_attribute(const AttributeView& view, const std::string& name,
                          const TensorSource& source, Node& node) {
  Tensor value;
  value.name = name;
  describe_tensor(*view.tensor, source, value);
  if (value.elements() == 0) {
    throw Error("TW-ONNX-033", "the tensor of attribute " + in_quotes(name) + " is empty",
                "node " + in_quotes(node.name));
  }
  node.attributes[name + ".type"] = static_cast<std::int64_t>(value.type);
  if (value.has_value) {
    node.attributes[name] = value.small_ints;
  } else if (value.has_reals) {
    node.attributes[name] = value.small_reals;
  }
}

}  // namespace

void add_attribute(const AttributeView& given, const Scope& scope, const TensorSource& source,
                   Graph& graph, Node& node) {
  const std::string user = "node " + in_quotes(node.name), name(given.name);
  const AttributeView* const view = resolve_attribute(given, scope, user);
  if (view == nullptr) {
    return;
  }
  if (node.type == "Constant" && node.domain.empty()) {
    if (node.outputs.size() != 1 || node.outputs[0] < 0) {
      throw Error("TW-ONNX-034", "Constant without one output", user);
    }
    Tensor& out = graph.tensors[static_cast<std::size_t>(node.outputs[0])];
    if (out.has_shape) throw Error("TW-ONNX-034", "Constant with two values", user);
    return view->tensor != nullptr ? describe_tensor(*view->tensor, source, out)
                                   : set_constant(*view, name, user, out);
  }
  // ".type" is how the type of an attribute's tensor is kept.
  if (name.ends_with(".type") || node.attributes.contains(name)) {
    throw Error("TW-ONNX-033",
                "attribute " + in_quotes(name) + " is given twice, or ends in '.type'", user);
  }
  switch (view->type) {
    case proto::kFloat:
      node.attributes[name] = static_cast<double>(view->f);
      return;
    case proto::kInt:
      node.attributes[name] = view->i;
      return;
    case proto::kString:
      node.attributes[name] = std::string(view->s);
      return;
    case proto::kFloats:
      node.attributes[name] = view->floats;
      return;
    case proto::kInts:
      node.attributes[name] = view->ints;
      return;
    case proto::kStrings:
      node.attributes[name] = std::vector<std::string>(view->strings.begin(), view->strings.end());
      return;
    case proto::kTensor:
      if (view->tensor == nullptr) {
        throw Error("TW-ONNX-033", "attribute " + in_quotes(name) + " has no value", user);
      }
      return add_tensor_attribute(*view, name, source, node);
    default:
      return;  // graphs are handled by their operator, types by none that we count
  }
}

}  // namespace tilewright
