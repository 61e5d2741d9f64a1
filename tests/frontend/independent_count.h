// A second, simple counter for the tests: the official classes and the official shape inference,
// and one textbook formula an operator. It shares no code with the front end.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>

namespace tilewright::testing {

struct IndependentCount {
  std::int64_t parameters = 0, weight_tensors = 0,
               weight_bytes = 0;  // initialisers of the main graph
  double tensor_flops = 0;        // of MatMul, Gemm, Conv and ConvTranspose
  bool complete = true;           // false when a shape it needed was missing
};

// `model` with every open dimension already a number.
IndependentCount count_independently(const onnx::ModelProto& model);

}  // namespace tilewright::testing
