// A small evaluator of the operators that our FP32 graphs use: plain loops in double, for checking
// what a graph computes. It shares no code with the product.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tilewright::test {

struct Array {
  std::vector<std::int64_t> shape;
  std::vector<double> data;
  bool integer = false;  // division truncates
};

using Arrays = std::map<std::string, Array>;

Array array_of(const onnx::TensorProto& tensor);

// Runs every node on `inputs` and the graph's initialisers; returns all tensors by name. Throws
// std::runtime_error on an operator it does not know.
Arrays evaluate(const onnx::GraphProto& graph, const Arrays& inputs);

}  // namespace tilewright::test
