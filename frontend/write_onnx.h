// A graph as an ONNX file again: to be looked at in a viewer, and loaded again here.
#pragma once

#include <string>

#include "frontend/graph.h"

namespace tilewright {

struct WriteOptions {
  // Weights of more bytes in all stay where they are: as references to the model's data file, which
  // the new file must then lie beside. Weights inside a model file that are that large are refused.
  std::int64_t most_inline = std::int64_t{1} << 30;
};

// Shapes of all tensors are written too. Operator sets stay those of the model: operators that
// passes recognised may be newer than they. Throws Error TW-ONNX-060 for what has no values to
// write, and what read_weight throws.
std::string onnx_of_graph(const Graph& graph, const WriteOptions& options = {});

}  // namespace tilewright
