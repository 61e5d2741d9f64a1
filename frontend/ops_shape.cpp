// Metadata and shape arithmetic: no work on the chip. A reshape only renames the bytes of a
// contiguous tensor; constants are in the ROM already.
#include <algorithm>
#include <cmath>
#include <set>

#include "frontend/interpret/kernels.h"
#include "frontend/onnx_proto.h"
#include "frontend/op_helpers.h"
#include "frontend/small_values.h"

namespace tilewright {
namespace {

using op::free_of_work;
constexpr OpKind kShape = OpKind::kShape;

// The same elements under another shape.
void renamed(OpInfer& op, Shape shape) {
  op.set(0, op.input(0).type, std::move(shape));
  if (op.output(0).elements() != op.input(0).elements()) {
    op.mismatch(std::to_string(op.input(0).elements()) + " elements cannot become " +
                std::to_string(op.output(0).elements()));
  }
  carry_moved(op, 0, 0, [](std::int64_t j) { return j; });
}

bool shape_of(OpInfer& op) {
  const Shape& in = op.shape(0);
  const auto rank = static_cast<std::int64_t>(in.size());
  const auto clip = [&](std::int64_t v) {
    return std::clamp<std::int64_t>(v < 0 ? v + rank : v, 0, rank);
  };
  const std::int64_t from = clip(op.attr_int("start", 0));
  const std::int64_t to = std::max(from, clip(op.attr_int("end", rank)));
  Shape values(in.begin() + from, in.begin() + to);
  op.set(0, DType::kInt64, {to - from});
  op.set_ints(0, std::move(values));
  return true;
}

bool size_of(OpInfer& op) {
  op.set(0, DType::kInt64, {});
  op.set_ints(0, {op.input(0).elements()});
  return true;
}

bool reshape(OpInfer& op) {
  const auto wanted = op::ints_of(op, 1, "shape");
  if (!wanted) {
    return false;
  }
  Shape out = *wanted;
  const bool keep_zero = op.attr_int("allowzero", 0) != 0;
  std::int64_t open = -1;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i] == 0 && !keep_zero) {
      out[i] = op.dim(0, static_cast<std::int64_t>(i));
    } else if (out[i] == -1) {
      if (open >= 0) {
        op.mismatch("two open dimensions in the target shape");
      }
      open = static_cast<std::int64_t>(i);
      out[i] = 1;
    }
  }
  if (open >= 0) {
    const std::int64_t rest = product(out), all = op.input(0).elements();
    if (rest == 0 ? all != 0 : all % rest != 0) {
      op.mismatch(std::to_string(all) + " elements cannot fill the target shape");
    }
    out[static_cast<std::size_t>(open)] = rest == 0 ? 0 : all / rest;
  }
  renamed(op, std::move(out));
  return true;
}

bool flatten(OpInfer& op) {
  const std::int64_t rank = op.rank(0), given = op.attr_int("axis", 1);
  const std::int64_t axis = given < 0 ? given + rank : given;
  if (axis < 0 || axis > rank) {
    op.mismatch("axis " + std::to_string(given) + " of rank " + std::to_string(rank));
  }
  const auto split = op.shape(0).begin() + axis;
  renamed(op,
          {product(Shape(op.shape(0).begin(), split)), product(Shape(split, op.shape(0).end()))});
  return true;
}

bool squeeze(OpInfer& op) {
  const auto axes = op::ints_of(op, 1, "axes");
  if (!axes) {
    return false;
  }
  std::set<std::int64_t> gone;
  for (const std::int64_t axis : *axes) {
    gone.insert(op.axis(axis, op.rank(0)));
  }
  Shape out;
  for (std::int64_t i = 0; i < op.rank(0); ++i) {
    if (axes->empty() ? op.dim(0, i) != 1 : !gone.contains(i)) {
      out.push_back(op.dim(0, i));
    }
  }
  renamed(op, std::move(out));
  return true;
}

bool unsqueeze(OpInfer& op) {
  const auto axes = op::ints_of(op, 1, "axes");
  if (!axes) {
    return false;
  }
  const std::int64_t rank = op.rank(0) + static_cast<std::int64_t>(axes->size());
  std::set<std::int64_t> fresh;
  for (const std::int64_t axis : *axes) {
    fresh.insert(op.axis(axis, rank));
  }
  if (fresh.size() != axes->size()) {
    op.mismatch("an axis is given twice");
  }
  Shape out;
  auto next = op.shape(0).begin();
  for (std::int64_t i = 0; i < rank; ++i) {
    out.push_back(fresh.contains(i) ? 1 : *next++);
  }
  renamed(op, std::move(out));
  return true;
}

bool constant(OpInfer& op) {
  return op.output(0).has_shape;
}

bool constant_of_shape(OpInfer& op) {
  const Tensor& in = op.input(0);
  if (!in.has_value) {
    return false;
  }
  const auto type =
      static_cast<DType>(op.attr_int("value.type", static_cast<std::int64_t>(DType::kFloat32)));
  op.set(0, type, in.small_ints);
  const std::int64_t count = op.output(0).elements();
  if (count > 64) {
    return true;
  }
  const auto& attributes = op.node().attributes;
  const auto value = attributes.find("value");
  if (value == attributes.end()) {
    op.set_reals(0, std::vector<double>(static_cast<std::size_t>(count), 0));
  } else if (const auto* ints = std::get_if<std::vector<std::int64_t>>(&value->second);
             ints != nullptr && ints->size() == 1) {
    op.set_ints(0, std::vector<std::int64_t>(static_cast<std::size_t>(count), ints->front()));
  } else if (const auto* reals = std::get_if<std::vector<double>>(&value->second);
             reals != nullptr && reals->size() == 1) {
    op.set_reals(0, std::vector<double>(static_cast<std::size_t>(count), reals->front()));
  }
  return true;
}

bool range(OpInfer& op) {
  const Tensor &start = op.input(0), &limit = op.input(1), &delta = op.input(2);
  std::vector<double> from, to, step;
  if (!value_as_reals(op, 0, from) || !value_as_reals(op, 1, to) || !value_as_reals(op, 2, step) ||
      from.size() != 1 || to.size() != 1 || step.size() != 1) {
    return false;
  }
  const double length = step[0] == 0 ? -1 : std::ceil((to[0] - from[0]) / step[0]);
  if (!(length < 1e15)) {
    op.mismatch("a range without end");
  }
  op.set(0, start.type, {static_cast<std::int64_t>(std::max(0.0, length))});
  if (start.has_value && limit.has_value && delta.has_value && op.output(0).elements() <= 64) {
    std::vector<std::int64_t> values;
    std::int64_t at = start.small_ints[0];
    for (std::int64_t i = 0; i < op.output(0).elements(); ++i) {
      values.push_back(at);
      if (__builtin_add_overflow(at, delta.small_ints[0], &at)) {
        return true;
      }
    }
    op.set_ints(0, std::move(values));
  }
  return true;
}

bool window_function(OpInfer& op) {
  if (!op.input(0).has_value || op.input(0).small_ints.size() != 1) {
    return false;
  }
  op.set(0, proto::data_type(op.attr_int("output_datatype", 1)), {op.input(0).small_ints[0]});
  return true;
}

constexpr OpRule kRules[] = {
    {"", "Shape", 1, arity(1, 1), Types::kAny, kShape, shape_of, free_of_work, 0, kernel::shape_of},
    {"", "Size", 1, arity(1, 1), Types::kAny, kShape, size_of, free_of_work, 0, kernel::size_of},
    {"", "Reshape", 1, arity(1, 2), Types::kAny, kShape, reshape, free_of_work, 0,
     kernel::identity},
    {"", "Flatten", 1, arity(1, 1), Types::kAny, kShape, flatten, free_of_work, 0,
     kernel::identity},
    {"", "Squeeze", 1, arity(1, 2), Types::kAny, kShape, squeeze, free_of_work, 0,
     kernel::identity},
    {"", "Unsqueeze", 1, arity(1, 2), Types::kAny, kShape, unsqueeze, free_of_work, 0,
     kernel::identity},
    {"", "Identity", 1, arity(1, 1), Types::kAny, kShape, op::same, free_of_work, 0,
     kernel::identity},
    {"", "Dropout", 1, arity(1, 3, 2), Types::kFloats, kShape, op::same_with_mask, free_of_work, 0,
     kernel::dropout, "inference only"},
    {"", "Constant", 1, arity(0, 0), Types::kAny, kShape, constant, free_of_work, 0, nullptr,
     "no strings, no sparse values"},
    {"", "ConstantOfShape", 9, arity(1, 1), Types::kIntegers, kShape, constant_of_shape,
     free_of_work, 0, kernel::constant_of_shape},
    {"", "EyeLike", 9, arity(1, 1), Types::kAny, kShape, op::like_first_as, free_of_work, 0,
     kernel::eye_like},
    {"", "Range", 11, arity(3, 3), Types::kNumbers, OpKind::kElementwise, range, op::per_output, 1,
     kernel::range},
    {"", "HannWindow", 17, arity(1, 1), Types::kIntegers, OpKind::kElementwise, window_function,
     op::per_output, 4, kernel::hann_window},
    {"", "HammingWindow", 17, arity(1, 1), Types::kIntegers, OpKind::kElementwise, window_function,
     op::per_output, 4, kernel::hamming_window},
    {"", "BlackmanWindow", 17, arity(1, 1), Types::kIntegers, OpKind::kElementwise, window_function,
     op::per_output, 7, kernel::blackman_window},
};

}  // namespace

std::span<const OpRule> shape_rules() {
  return kRules;
}

}  // namespace tilewright
