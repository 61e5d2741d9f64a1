// The front end's door: file -> Graph -> Workload.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "frontend/graph.h"
#include "frontend/workload.h"

namespace tilewright {

// Loads and checks an ONNX model; binds dimensions; infers shapes; sorts nodes. Weights stay where
// they are. Hostile input is refused with an Error (TW-ONNX-...), never a crash, and no allocation
// is sized by an unchecked field.
Graph load_graph(const std::filesystem::path& file, const LoadOptions& options);

// Names of the model's inputs, in order, without initialisers. Throws as load_graph does.
std::vector<std::string> input_names(const std::filesystem::path& file);

// Counts the graph. Refuses operators it cannot count (TW-OP-...) by name, unless allow_opaque.
// `context` amortises operators that run once a request (nodes upstream of no token input) when the
// model has a KV cache.
Workload make_workload(const Graph& graph, const LoadOptions& options);

// Bytes of one weight, for weight images. Throws TW-ONNX-... when absent or escaping the model's
// folder.
std::string read_weight(const Graph& graph, const Tensor& weight);

// One row an operator type: count, supported or not, and what it becomes.
struct InspectRow {
  std::string domain, type;
  std::int64_t count = 0;
  bool supported = false;
  std::string becomes;  // op_kind_name, or why not
  double flops = 0;
  std::int64_t weight_bytes = 0;
};
std::vector<InspectRow> inspect_operators(const Graph& graph);

}  // namespace tilewright
