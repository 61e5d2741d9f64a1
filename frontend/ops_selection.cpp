// Outputs whose shape depends on values: counted at the largest possible where the values are not
// known before the data.
#include <algorithm>

#include "frontend/interpret/kernels.h"
#include "frontend/op_helpers.h"
#include "frontend/small_values.h"
#include "frontend/window.h"

namespace tilewright {
namespace {

using op::moves;
constexpr OpKind kMove = OpKind::kMove;

bool non_zero(OpInfer& op) {
  op.set(0, DType::kInt64, {op.rank(0), op.input(0).elements()});
  return true;
}

bool compress(OpInfer& op) {
  Shape out = op.has_attr("axis") ? op.shape(0) : Shape{op.input(0).elements()};
  if (op.has_attr("axis")) {
    const std::int64_t axis = op.axis(op.attr_int("axis", 0), op.rank(0));
    auto& extent = out[static_cast<std::size_t>(axis)];
    extent = std::min(extent, op.input(1).elements());
  }
  op.set(0, op.input(0).type, std::move(out));
  return true;
}

bool unique(OpInfer& op) {
  const bool along = op.has_attr("axis");
  const std::int64_t count = along ? op.dim(0, op.attr_int("axis", 0)) : op.input(0).elements();
  op.set(0, op.input(0).type, along ? op.shape(0) : Shape{count});
  for (std::size_t i = 1; i < 4; ++i) {
    op.set(i, DType::kInt64, {count});
  }
  return true;
}

bool one_hot(OpInfer& op) {
  std::vector<double> depth;
  if (!value_as_reals(op, 1, depth) || depth.size() != 1 || !(depth[0] >= 0 && depth[0] < 1e15)) {
    return false;
  }
  const std::int64_t rank = op.rank(0) + 1;
  Shape out = op.shape(0);
  out.insert(out.begin() + op.axis(op.attr_int("axis", -1), rank),
             static_cast<std::int64_t>(depth[0]));
  op.set(0, op.input(2).type, std::move(out));
  return true;
}

bool max_unpool(OpInfer& op) {
  if (op.has(2)) {
    if (!op.input(2).has_value) {
      return false;
    }
    op.set(0, op.input(0).type, op.input(2).small_ints);
    return true;
  }
  op.set(0, op.input(0).type, unpooled_output(op));
  return true;
}

constexpr OpRule kRules[] = {
    {"", "NonZero", 9, arity(1, 1), Types::kAny, kMove, non_zero, moves, 0, kernel::non_zero,
     "counted at the largest possible"},
    {"", "Compress", 9, arity(2, 2), Types::kAny, kMove, compress, moves, 0, kernel::compress,
     "counted at the largest possible"},
    {"", "Unique", 11, arity(1, 1, 4), Types::kNumbers, kMove, unique, moves, 0, kernel::unique,
     "counted at the largest possible"},
    {"", "OneHot", 9, arity(3, 3), Types::kNumbers, kMove, one_hot, moves, 0, kernel::one_hot},
    {"", "MaxUnpool", 9, arity(2, 3), Types::kFloats, kMove, max_unpool, moves, 0,
     kernel::max_unpool},
};

}  // namespace

std::span<const OpRule> selection_rules() {
  return kRules;
}

}  // namespace tilewright
