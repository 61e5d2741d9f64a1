// Quantise and dequantise. Integer products live with their float kin (ops_matmul, ops_conv).
#include "frontend/interpret/kernels.h"
#include "frontend/onnx_proto.h"
#include "frontend/op_helpers.h"

namespace tilewright {
namespace {

using op::per_output;
constexpr OpKind kElement = OpKind::kElementwise;

bool quantise(OpInfer& op) {
  const DType asked = proto::data_type(op.attr_int("output_dtype", 0));
  const DType type = op.has(2) ? op.input(2).type : asked;
  op.set(0, type == DType::kUndefined ? DType::kUint8 : type, op.shape(0));
  return true;
}

bool dequantise(OpInfer& op) {
  op.set(0, op.input(1).type, op.shape(0));
  return true;
}

bool dynamic_quantise(OpInfer& op) {
  op.set(0, DType::kUint8, op.shape(0));
  op.set(1, DType::kFloat32, {});
  op.set(2, DType::kUint8, {});
  return true;
}

constexpr OpRule kRules[] = {
    {"", "QuantizeLinear", 10, arity(2, 3), Types::kNumbers, kElement, quantise, per_output, 4,
     kernel::quantize_linear},  // divide, round, add, clip
    {"", "DequantizeLinear", 10, arity(2, 3), Types::kNumbers, kElement, dequantise, per_output, 2,
     kernel::dequantize_linear},  // subtract, multiply
    // minimum and maximum first, then as QuantizeLinear
    {"", "DynamicQuantizeLinear", 11, arity(1, 1, 3, 3), Types::kFloats, kElement, dynamic_quantise,
     per_output, 6, kernel::dynamic_quantize_linear},
};

}  // namespace

std::span<const OpRule> quantised_rules() {
  return kRules;
}

}  // namespace tilewright
