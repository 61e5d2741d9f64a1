// Integer operators that the PULP platform's quantisation tools leave in the default domain. They
// are not ONNX, but their names are unambiguous and their arithmetic is public (Deeploy, DORY).
#include "frontend/interpret/kernels.h"
#include "frontend/op_helpers.h"

namespace tilewright {
namespace {

using op::like_first;
using op::per_output;
constexpr OpKind kElement = OpKind::kElementwise;
constexpr OpKind kReduce = OpKind::kReduction;

constexpr OpRule kRules[] = {
    {"", "RequantShift", 1, arity(1, 3), Types::kAny, kElement, like_first, per_output,
     4},  // multiply, add, shift, clip
    {"", "TrueIntegerDiv", 1, arity(1, 2), Types::kAny, kElement, like_first, per_output,
     2},  // add half, divide
    {"", "iHardswish", 1, arity(1, 1), Types::kAny, kElement, like_first, per_output,
     5},  // as
          // HardSwish
    {"", "iGELU", 1, arity(1, 1), Types::kAny, kElement, like_first, per_output,
     8},  // polynomial erf,
          // product
    {"", "iSoftmax", 1, arity(1, 1), Types::kAny, kReduce, like_first, op::per_input,
     7},  // Softmax with a polynomial exp
    {"", "iLayerNorm", 1, arity(1, 3), Types::kAny, kReduce, like_first, op::per_input, 7},
    {"", "iRMSNorm", 1, arity(1, 2), Types::kAny, kReduce, like_first, op::per_input, 4},
    {"", "RMSNorm", 1, arity(1, 2), Types::kAny, kReduce, like_first, op::per_input, 4,
     kernel::pulp_rms_norm},  // as RMSNormalization
};

}  // namespace

std::span<const OpRule> pulp_rules() {
  return kRules;
}

}  // namespace tilewright
