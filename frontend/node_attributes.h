// A node's attributes as the graph keeps them.
#pragma once

#include "frontend/graph.h"
#include "frontend/onnx_proto.h"
#include "frontend/scope.h"
#include "frontend/tensor_data.h"

namespace tilewright {

// Adds one attribute to `node`, whose outputs are tensors of `graph`; nothing when it refers to one
// that no call gives. The value of a Constant goes to its output instead. Throws Error TW-ONNX-033
// (reference, no value), -034 (malformed Constant), TW-OP-002 (Constant of a kind that we do not
// read), and what describe_tensor throws.
void add_attribute(const proto::AttributeView& view, const Scope& scope, const TensorSource& source,
                   Graph& graph, Node& node);

}  // namespace tilewright
