// Views of the file -> Graph: names become indices, functions and If branches are written out in
// place.
#pragma once

#include <string_view>
#include <unordered_map>

#include "frontend/graph.h"
#include "frontend/onnx_proto.h"
#include "frontend/tensor_data.h"

namespace tilewright {

struct BuiltGraph {
  Graph graph;  // nodes in file order; inputs without shapes
  // Declared types and shapes (inputs, outputs, value_info), by tensor index.
  std::unordered_map<std::int32_t, const proto::ValueView*> declared;
};

// Throws Error TW-ONNX-004 (no graph, no operator set), -030 (dangling name), -031 (name defined
// twice), -032 (expansion too large), -033 (attribute), -034 (malformed call), and what
// describe_tensor throws.
BuiltGraph build_graph(const proto::ModelView& model, const TensorSource& source,
                       std::size_t most_expanded);

// Sorts the nodes topologically, keeping file order where it can. Throws Error TW-ONNX-040 naming a
// node on a cycle.
void sort_nodes(Graph& graph);

}  // namespace tilewright
