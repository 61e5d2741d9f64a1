#include "frontend/infer_shapes.h"

#include <algorithm>

#include "frontend/bind_dims.h"
#include "frontend/op_table.h"
#include "support/error.h"

namespace tilewright {
namespace {

Tensor& tensor_at(Graph& graph, std::int32_t index) {
  return graph.tensors[static_cast<std::size_t>(index)];
}

bool inputs_known(const Graph& graph, const Node& node) {
  return std::all_of(node.inputs.begin(), node.inputs.end(), [&](std::int32_t input) {
    return input < 0 || graph.tensors[static_cast<std::size_t>(input)].has_shape;
  });
}

// Named in a row from the first on.
bool has_leading(const std::vector<std::int32_t>& tensors, int count) {
  return std::ssize(tensors) >= count && std::all_of(tensors.begin(), tensors.begin() + count,
                                                     [](std::int32_t t) { return t >= 0; });
}

// Also of a node whose inputs have no shapes, of which its rule never hears.
void check_arity(const Node& node, const Arity& arity) {
  const auto refuse = [&](const char* what, std::size_t has, int least, int most) {
    throw Error("TW-OP-005",
                std::string("has ") + std::to_string(has) + " " + what +
                    ", some perhaps unnamed, where it takes " + range_text(least, most),
                describe(node));
  };
  if (!has_leading(node.inputs, arity.least_inputs) || std::ssize(node.inputs) > arity.most_inputs)
    refuse("inputs", node.inputs.size(), arity.least_inputs, arity.most_inputs);
  if (!has_leading(node.outputs, arity.least_outputs) ||
      std::ssize(node.outputs) > arity.most_outputs)
    refuse("outputs", node.outputs.size(), arity.least_outputs, arity.most_outputs);
}

void take_declared(BuiltGraph& built, std::int32_t index,
                   const std::map<std::string, std::int64_t>& symbols) {
  const auto entry = built.declared.find(index);
  if (entry == built.declared.end()) {
    return;
  }
  Tensor& tensor = tensor_at(built.graph, index);
  if (tensor.type == DType::kUndefined) {
    tensor.type = proto::data_type(entry->second->data_type);
  }
  Shape shape;
  for (const proto::Dim& dim : entry->second->dims) {
    shape.push_back(bound_dim(dim, symbols));
    if (shape.back() < 0) {
      return;
    }
  }
  if (entry->second->has_shape) {
    tensor.shape = std::move(shape);
    tensor.has_shape = tensor.is_declared = true;
    check_size(tensor);
  }
}

void take_first_input(Graph& graph, const Node& node, std::int32_t output) {
  if (node.inputs.empty() || node.inputs[0] < 0 || !tensor_at(graph, node.inputs[0]).has_shape) {
    return;
  }
  const Tensor& in = tensor_at(graph, node.inputs[0]);
  Tensor& out = tensor_at(graph, output);
  out.shape = in.shape;
  out.has_shape = true;
  if (out.type == DType::kUndefined) {
    out.type = in.type;
  }
}

}  // namespace

void infer_shapes(BuiltGraph& built, const std::map<std::string, std::int64_t>& symbols,
                  bool allow_opaque) {
  Graph& graph = built.graph;
  for (const Node& node : graph.nodes) {
    const OpRule* const rule = find_rule(node.domain, node.type);
    const bool known = rule != nullptr && rule->refusal == nullptr;
    if (known) check_arity(node, rule->operands);
    if (known && inputs_known(graph, node)) {
      OpInfer op(graph, node);
      static_cast<void>(rule->infer(op));
    }
    for (const std::int32_t output : node.outputs) {
      if (output >= 0 && !tensor_at(graph, output).has_shape) {
        take_declared(built, output, symbols);
        if (allow_opaque && !known && !tensor_at(graph, output).has_shape) {
          take_first_input(graph, node, output);
        }
      }
    }
  }
}

}  // namespace tilewright
