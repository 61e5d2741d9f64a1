// What the tests read back from the bytes that a builder wrote.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>

namespace tilewright::test {

inline onnx::ModelProto parse(const std::string& bytes) {
  onnx::ModelProto model;
  if (!model.ParseFromString(bytes)) {
    throw std::runtime_error("not a ModelProto");
  }
  return model;
}

inline std::int64_t elements(const onnx::TensorProto& tensor) {
  std::int64_t count = 1;
  for (std::int64_t dim : tensor.dims()) {
    count *= dim;
  }
  return count;
}

inline std::int64_t parameters(const onnx::GraphProto& graph) {
  std::int64_t total = 0;
  for (const auto& weight : graph.initializer()) {
    total += elements(weight);
  }
  return total;
}

inline std::string external_entry(const onnx::TensorProto& tensor, const std::string& key) {
  for (const auto& entry : tensor.external_data()) {
    if (entry.key() == key) {
      return entry.value();
    }
  }
  return "";
}

inline std::map<std::string, int> operators(const onnx::GraphProto& graph) {
  std::map<std::string, int> counts;
  for (const auto& node : graph.node()) {
    ++counts[node.op_type()];
  }
  return counts;
}

}  // namespace tilewright::test
