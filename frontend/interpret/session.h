// A model file and tensors for its inputs, made into a graph with their shapes and a list of
// inputs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "frontend/graph.h"
#include "frontend/interpret/tensor_file.h"

namespace tilewright {

// What inputs that no tensor is given for get.
enum class Unfed {
  kRefuse,  // Error TW-RUN-010, which names them
  kZeros,
  kRandom,  // floats: normal; integers: zeros
};

struct Session {
  Graph graph;
  std::vector<Value> inputs;  // in the graph's order
};

// Tensors go to the input of their name; those without one of the model's names ("arr_0",
// "input_1",
// "") to the inputs that are left, in order. Integers and floats are converted where the model
// wants another type of the same kind, and integers to floats. Throws Error TW-RUN-010 (too many
// tensors, an input without one), TW-RUN-007 (type), TW-ONNX-052 (shape), and what load_graph
// throws.
Session open_session(const std::filesystem::path& model, std::vector<NamedValue> tensors,
                     LoadOptions options, Unfed unfed = Unfed::kRefuse, std::uint64_t seed = 0);

}  // namespace tilewright
