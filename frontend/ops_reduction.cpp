// Reductions that can be partitioned: sums, softmax, normalisations, pools, scans, sorting.
// Cost: element operations per INPUT element for reductions and normalisations.
#include <algorithm>
#include <cmath>
#include <set>

#include "frontend/interpret/kernels.h"
#include "frontend/op_helpers.h"
#include "frontend/window.h"

namespace tilewright {
namespace {

using op::like_first;
using op::per_input;
constexpr OpKind kReduce = OpKind::kReduction;

Shape reduced(const OpView& op, const std::vector<std::int64_t>& axes, bool keep) {
  std::set<std::int64_t> gone;
  for (const std::int64_t axis : axes) {
    gone.insert(op.axis(axis, op.rank(0)));
  }
  Shape out;
  for (std::int64_t i = 0; i < op.rank(0); ++i) {
    if (!gone.contains(i)) {
      out.push_back(op.dim(0, i));
    } else if (keep) {
      out.push_back(1);
    }
  }
  return out;
}

// Values of whole small tensors, for shape arithmetic (ReduceProd of a shape, ReduceMax of
// positions).
void carry_reduction(OpInfer& op, std::int64_t start,
                     std::int64_t (*f)(std::int64_t, std::int64_t)) {
  const Tensor& in = op.input(0);
  if (in.has_value && f != nullptr && op.output(0).elements() == 1) {
    std::int64_t value = start;
    for (const std::int64_t x : in.small_ints) {
      value = f(value, x);
    }
    if (!in.small_ints.empty()) {
      op.set_ints(0, {value});
    }
  }
}

template <std::int64_t start, std::int64_t (*f)(std::int64_t, std::int64_t)>
bool reduce(OpInfer& op) {
  const auto axes = op::ints_of(op, 1, "axes");
  const bool keep = op.attr_int("keepdims", 1) != 0;
  if (!axes) {
    return false;
  }
  if (axes->empty() && op.attr_int("noop_with_empty_axes", 0) != 0) {
    return op::same(op);
  }
  op.set(0, op.input(0).type, reduced(op, op::axes_or_all(*axes, op.shape(0).size()), keep));
  carry_reduction(op, start, f);
  return true;
}

constexpr auto plain_reduce = reduce<0, nullptr>;

std::int64_t times(std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  return __builtin_mul_overflow(a, b, &out) ? 0 : out;
}
std::int64_t plus(std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  return __builtin_add_overflow(a, b, &out) ? 0 : out;
}
std::int64_t larger(std::int64_t a, std::int64_t b) {
  return std::max(a, b);
}
std::int64_t smaller(std::int64_t a, std::int64_t b) {
  return std::min(a, b);
}
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

bool arg_reduce(OpInfer& op) {
  const std::int64_t axis = op.axis(op.attr_int("axis", 0), op.rank(0));
  op.set(0, DType::kInt64, reduced(op, {axis}, op.attr_int("keepdims", 1) != 0));
  return true;
}

// Outputs after the first: mean and inverse deviation over the axes from `axis` on.
bool layer_norm(OpInfer& op) {
  like_first(op);
  const std::int64_t axis = op.axis(op.attr_int("axis", -1), op.rank(0));
  Shape stats = op.shape(0);
  std::fill(stats.begin() + static_cast<std::ptrdiff_t>(axis), stats.end(), 1);
  op.set(1, DType::kFloat32, stats);
  op.set(2, DType::kFloat32, stats);
  return true;
}

bool batch_norm(OpInfer& op) {
  like_first(op);
  for (std::size_t i = 1; i < 5; ++i) {  // training outputs: running statistics
    op.set(i, op.input(0).type, op.rank(0) > 1 ? Shape{op.dim(0, 1)} : Shape{1});
  }
  return true;
}

bool pool(OpInfer& op) {
  if (op.rank(0) < 3) {
    op.mismatch("a pool over rank " + std::to_string(op.rank(0)));
  }
  const Window window = read_window(op, Shape(op.shape(0).begin() + 2, op.shape(0).end()), {});
  Shape out{op.dim(0, 0), op.dim(0, 1)};
  const Shape pixels = window_output(op, window);
  out.insert(out.end(), pixels.begin(), pixels.end());
  op.set(0, op.input(0).type, out);
  op.set(1, DType::kInt64, out);
  return true;
}

void count_pool(const OpView& op, double cost, WorkOp& work) {
  const Window window = read_window(op, Shape(op.shape(0).begin() + 2, op.shape(0).end()), {});
  op::vector_work(work, cost * static_cast<double>(op.output(0).elements()) *
                            static_cast<double>(product(window.kernel)));
}

bool global_pool(OpInfer& op) {
  if (op.rank(0) < 2) {
    op.mismatch("a global pool over rank " + std::to_string(op.rank(0)));
  }
  Shape out(op.shape(0).size(), 1);
  out[0] = op.dim(0, 0);
  out[1] = op.dim(0, 1);
  op.set(0, op.input(0).type, std::move(out));
  return true;
}

// Square, a window of `size` additions, scale, power, divide.
void count_lrn(const OpView& op, double cost, WorkOp& work) {
  per_input(op, cost + static_cast<double>(op.attr_int("size", 1)), work);
}

bool top_k(OpInfer& op) {
  const std::int64_t axis = op.axis(op.attr_int("axis", -1), op.rank(0));
  std::int64_t k = op.attr_int("k", -1);
  if (op.has(1)) {
    if (!op.input(1).has_value || op.input(1).small_ints.size() != 1) {
      return false;
    }
    k = op.input(1).small_ints[0];
  }
  Shape out = op.shape(0);
  out[static_cast<std::size_t>(axis)] = k;
  op.set(0, op.input(0).type, out);
  op.set(1, DType::kInt64, out);
  return true;
}

// A heap of k: log2(k) + 1 comparisons an element.
void count_top_k(const OpView& op, double, WorkOp& work) {
  const std::int64_t axis = op.axis(op.attr_int("axis", -1), op.rank(0));
  const double k = static_cast<double>(op.output_dim(0, axis));
  per_input(op, std::log2(std::max(k, 1.0)) + 1, work);
}

// At most every box of every class: boxes [n, boxes, 4], scores [n, classes, boxes].
bool non_max_suppression(OpInfer& op) {
  if (op.rank(0) != 3 || op.rank(1) != 3) {
    op.mismatch("NonMaxSuppression needs boxes and scores of rank 3");
  }
  std::int64_t most = op.dim(0, 1);
  if (op.has(2)) {
    if (!op.input(2).has_value || op.input(2).small_ints.size() != 1) {
      return false;
    }
    most = std::min(most, std::max<std::int64_t>(0, op.input(2).small_ints[0]));
  }
  op.set(0, DType::kInt64, {product({op.dim(1, 0), op.dim(1, 1), most}), 3});
  return true;
}

// Sixteen operations for every pair of a kept box and a candidate.
void count_non_max_suppression(const OpView& op, double cost, WorkOp& work) {
  op::vector_work(
      work, cost * static_cast<double>(op.output_dim(0, 0)) * static_cast<double>(op.dim(0, 1)));
}

bool max_roi_pool(OpInfer& op) {
  const Shape size = op.attr_ints("pooled_shape");
  if (op.rank(0) != 4 || op.rank(1) != 2 || size.size() != 2) {
    op.mismatch("MaxRoiPool needs a rank 4 input, rank 2 regions and a pooled shape of two");
  }
  op.set(0, op.input(0).type, {op.dim(1, 0), op.dim(0, 1), size[0], size[1]});
  return true;
}

bool roi_align(OpInfer& op) {
  if (op.rank(0) != 4 || op.rank(1) != 2) {
    op.mismatch("RoiAlign needs a rank 4 input and rank 2 regions");
  }
  op.set(0, op.input(0).type,
         {op.dim(1, 0), op.dim(0, 1), op.attr_int("output_height", 1),
          op.attr_int("output_width", 1)});
  return true;
}

// Samples an output element (2 x 2 when the attribute leaves it open), four points of a bilinear
// each.
void count_roi_align(const OpView& op, double cost, WorkOp& work) {
  const double ratio =
      static_cast<double>(std::max<std::int64_t>(2, op.attr_int("sampling_ratio", 0)));
  op::per_output(op, cost * ratio * ratio, work);
}

constexpr OpRule kRules[] = {
    {"", "ReduceSum", 1, arity(1, 2), Types::kNumbers, kReduce, reduce<0, plus>, per_input, 1,
     kernel::reduce_sum},
    {"", "ReduceMean", 1, arity(1, 2), Types::kNumbers, kReduce, plain_reduce, per_input, 1,
     kernel::reduce_mean},
    {"", "ReduceProd", 1, arity(1, 2), Types::kNumbers, kReduce, reduce<1, times>, per_input, 1,
     kernel::reduce_prod},
    {"", "ReduceMax", 1, arity(1, 2), Types::kAny, kReduce, reduce<kLeast, larger>, per_input, 1,
     kernel::reduce_max},
    {"", "ReduceMin", 1, arity(1, 2), Types::kAny, kReduce, reduce<kMost, smaller>, per_input, 1,
     kernel::reduce_min},
    {"", "ReduceL1", 1, arity(1, 2), Types::kNumbers, kReduce, plain_reduce, per_input, 2,
     kernel::reduce_l1},  // abs, add
    {"", "ReduceL2", 1, arity(1, 2), Types::kNumbers, kReduce, plain_reduce, per_input, 2,
     kernel::reduce_l2},  // square, add
    {"", "ReduceSumSquare", 1, arity(1, 2), Types::kNumbers, kReduce, plain_reduce, per_input, 2,
     kernel::reduce_sum_square},  // square, add
    {"", "ReduceLogSum", 1, arity(1, 2), Types::kNumbers, kReduce, plain_reduce, per_input, 1,
     kernel::reduce_log_sum},
    {"", "ReduceLogSumExp", 1, arity(1, 2), Types::kNumbers, kReduce, plain_reduce, per_input, 4,
     kernel::reduce_log_sum_exp},  // max, subtract, exp, add
    {"", "ArgMax", 1, arity(1, 1), Types::kNumbers, kReduce, arg_reduce, per_input, 1,
     kernel::arg_max},
    {"", "ArgMin", 1, arity(1, 1), Types::kNumbers, kReduce, arg_reduce, per_input, 1,
     kernel::arg_min},
    {"", "Softmax", 1, arity(1, 1), Types::kFloats, kReduce, like_first, per_input, 5,
     kernel::softmax},  // max, subtract, exp, add, divide
    {"", "LogSoftmax", 1, arity(1, 1), Types::kFloats, kReduce, like_first, per_input, 5,
     kernel::log_softmax},  // max, subtract, exp, add, subtract
    {"", "Hardmax", 1, arity(1, 1), Types::kFloats, kReduce, like_first, per_input, 2,
     kernel::hardmax},  // max, compare
    // mean, subtract, square, add, multiply by the inverse deviation, scale, shift
    {"", "LayerNormalization", 17, arity(2, 3, 3), Types::kFloats, kReduce, layer_norm, per_input,
     7, kernel::layer_normalization},
    {"", "InstanceNormalization", 1, arity(3, 3), Types::kFloats, kReduce, like_first, per_input, 7,
     kernel::instance_normalization},
    {"", "GroupNormalization", 18, arity(3, 3), Types::kFloats, kReduce, like_first, per_input, 7,
     kernel::group_normalization},
    {"", "MeanVarianceNormalization", 9, arity(1, 1), Types::kFloats, kReduce, like_first,
     per_input, 5, kernel::mean_variance_normalization},
    // square, add, multiply by the inverse root, scale
    {"", "RMSNormalization", 23, arity(2, 2), Types::kFloats, kReduce, like_first, per_input, 4,
     kernel::rms_normalization},
    {"", "SimplifiedLayerNormalization", 1, arity(2, 3, 3), Types::kFloats, kReduce, layer_norm,
     per_input, 4, kernel::simplified_layer_normalization},
    {"", "LpNormalization", 1, arity(1, 1), Types::kFloats, kReduce, like_first, per_input, 3,
     kernel::lp_normalization, "p is 1 or 2"},  // power, add, divide
    {"", "LRN", 1, arity(1, 1), Types::kFloats, kReduce, like_first, count_lrn, 4,
     kernel::lrn},  // square, scale, power, divide
    {"", "BatchNormalization", 1, arity(5, 5, 5), Types::kFloats, kReduce, batch_norm, per_input, 2,
     kernel::batch_normalization},  // folded: scale, shift
    {"", "MaxPool", 1, arity(1, 1, 2), Types::kNumbers, kReduce, pool, count_pool, 1,
     kernel::max_pool},
    {"", "AveragePool", 1, arity(1, 1), Types::kFloats, kReduce, pool, count_pool, 1,
     kernel::average_pool},
    {"", "LpPool", 1, arity(1, 1), Types::kFloats, kReduce, pool, count_pool, 2,
     kernel::lp_pool},  // power, add
    {"", "GlobalMaxPool", 1, arity(1, 1), Types::kFloats, kReduce, global_pool, per_input, 1,
     kernel::global_max_pool},
    {"", "GlobalAveragePool", 1, arity(1, 1), Types::kFloats, kReduce, global_pool, per_input, 1,
     kernel::global_average_pool},
    {"", "GlobalLpPool", 1, arity(1, 1), Types::kFloats, kReduce, global_pool, per_input, 2,
     kernel::global_lp_pool},
    {"", "MaxRoiPool", 1, arity(2, 2), Types::kFloats, kReduce, max_roi_pool, per_input, 1},
    {"", "RoiAlign", 10, arity(3, 3), Types::kFloats, kReduce, roi_align, count_roi_align, 8},
    {"", "CumSum", 11, arity(2, 2), Types::kNumbers, kReduce, like_first, per_input, 1,
     kernel::cum_sum},
    {"", "CumProd", 26, arity(2, 2), Types::kNumbers, kReduce, like_first, per_input, 1,
     kernel::cum_prod},
    {"", "TopK", 1, arity(1, 2, 2, 2), Types::kNumbers, kReduce, top_k, count_top_k, 0,
     kernel::top_k},
    {"", "NonMaxSuppression", 10, arity(2, 5), Types::kFloats, kReduce, non_max_suppression,
     count_non_max_suppression, 16, kernel::non_max_suppression, "counted at the largest possible"},
};

}  // namespace

std::span<const OpRule> reduction_rules() {
  return kRules;
}

}  // namespace tilewright
