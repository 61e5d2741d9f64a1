// All that is done with a model: loaded, counted, run, optimised, written. What the fuzz target and
// the tests of hostile models call.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "frontend/frontend.h"
#include "frontend/interpret/interpreter.h"
#include "frontend/passes/run_passes.h"
#include "frontend/write_onnx.h"
#include "support/error.h"

namespace tilewright::testing {

// Runs on inputs of zeros, if they are few. The limits are some three seconds of a kernel's slowest
// element under sanitizers.
inline void run_on_zeros(const Graph& graph) {
  std::vector<Value> inputs;
  std::int64_t elements = 0;
  for (const std::int32_t input : graph.inputs) {
    const Tensor& tensor = graph.tensors[static_cast<std::size_t>(input)];
    elements += tensor.elements();
    if (elements > 1 << 20) return;
    inputs.push_back(make_value(tensor.type, tensor.shape, Precision::kDeclared));
  }
  RunOptions options;
  options.most_bytes = 256 << 20;
  options.most_work = 1e7;
  Interpreter(graph, options).run(inputs);
}

// `attempt(f)` calls f and deals with an Error, which is an answer but for one of kind kInternal.
template <typename Attempt>
void use_model(const std::filesystem::path& file, Attempt attempt) {
  LoadOptions options;
  options.context = 3;
  options.most_expanded = 1 << 14;
  attempt([&] {
    Graph graph = load_graph(file, options);
    attempt([&] { static_cast<void>(make_workload(graph, options)); });
    attempt([&] { run_on_zeros(graph); });
    attempt([&] {
      PassOptions passes;
      passes.folding = {64 << 20, 1e6};
      run_passes(graph, passes);
      attempt([&] { run_on_zeros(graph); });
      static_cast<void>(onnx_of_graph(graph));
    });
  });
}

}  // namespace tilewright::testing
