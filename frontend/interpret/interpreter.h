// The reference interpreter: runs a graph as the text of the operators says, one node after the
// other. The judge of passes, quantisation and silicon: clear and correct first.
#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "frontend/interpret/value.h"

namespace tilewright {

struct RunOptions {
  Precision precision = Precision::kDeclared;
  std::int64_t most_bytes = 8LL << 30;  // of all values alive at a time, as they are held
  // Element operations of a run, by the operators' costs (Error TW-RUN-011): for models that nobody
  // vouches for.
  double most_work = std::numeric_limits<double>::infinity();
};

class Interpreter {
 public:
  // Reads the weights (Error TW-ONNX-02x). Error TW-RUN-006: an operator that has no kernel, or an
  // If whose branch was chosen when the model was loaded. The graph must outlive it.
  explicit Interpreter(const Graph& graph, const RunOptions& options = {});
  ~Interpreter();
  Interpreter(Interpreter&&) noexcept;

  // Outputs in the graph's order, from inputs in the graph's order. Types must be those of the
  // graph (Error TW-RUN-007); shapes may be others as long as the operators fit (TW-SHAPE-001...).
  std::vector<Value> run(const std::vector<Value>& inputs);

  // Called after each node with the tensor's index and value, for every output.
  using Watch = std::function<void(const Node& node, std::int32_t tensor, const Value& value)>;
  void watch(Watch watch);

 private:
  struct Steps;
  std::unique_ptr<Steps> steps_;
};

// The value of an initialiser or of a Constant's output.
Value constant_value(const Graph& graph, const Tensor& tensor, Precision precision);

}  // namespace tilewright
