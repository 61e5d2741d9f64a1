#include "frontend/op_helpers.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "frontend/onnx_proto.h"

namespace tilewright::op {

bool like_first(OpInfer& op) {
  op.set(0, op.input(0).type, op.shape(0));
  return true;
}

bool like_first_as(OpInfer& op) {
  const DType asked = proto::data_type(op.attr_int("dtype", 0));
  op.set(0, asked == DType::kUndefined ? op.input(0).type : asked, op.shape(0));
  return true;
}

bool same(OpInfer& op) {
  const Tensor& in = op.input(0);
  op.set(0, in.type, in.shape);
  if (in.has_value) {
    op.set_ints(0, in.small_ints);
  }
  if (in.has_reals) {
    op.set_reals(0, in.small_reals);
  }
  return true;
}

bool same_with_mask(OpInfer& op) {
  same(op);
  op.set(1, DType::kBool, op.shape(0));
  return true;
}

Shape broadcast_shape(const OpView& op, const Shape& a, const Shape& b) {
  Shape out(std::max(a.size(), b.size()));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::int64_t x = i < a.size() ? a[a.size() - 1 - i] : 1;
    const std::int64_t y = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (x != y && x != 1 && y != 1) {
      op.mismatch("cannot broadcast " + std::to_string(x) + " against " + std::to_string(y));
    }
    out[out.size() - 1 - i] = x == 1 ? y : x;
  }
  return out;
}

bool broadcast(OpInfer& op) {
  Shape shape = op.shape(0);
  for (std::size_t i = 1; i < op.inputs(); ++i) {
    if (op.has(i)) {
      shape = broadcast_shape(op, shape, op.shape(i));
    }
  }
  op.set(0, op.input(0).type, std::move(shape));
  return true;
}

std::optional<std::vector<std::int64_t>> ints_of(const OpView& op, std::size_t i,
                                                 const char* name) {
  if (!op.has(i)) {
    return op.attr_ints(name);
  }
  if (!op.input(i).has_value) {
    return std::nullopt;
  }
  return op.input(i).small_ints;
}

Shape axes_or_all(Shape axes, std::size_t count) {
  if (axes.empty()) {
    axes.resize(count);
    std::iota(axes.begin(), axes.end(), 0);
  }
  return axes;
}

double kept_proportion(const OpView& op, const Shape& axes, const Shape& sizes) {
  const std::string policy = op.attr_string("keep_aspect_ratio_policy", "stretch");
  if (policy == "stretch") return 0;
  const bool least = policy == "not_larger";
  double scale = least ? std::numeric_limits<double>::infinity() : 0;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const double own = static_cast<double>(sizes[i]) / static_cast<double>(op.dim(0, axes[i]));
    scale = least ? std::min(scale, own) : std::max(scale, own);
  }
  if (!(scale > 0 && scale < 1e6)) op.mismatch("a scale out of range");
  return scale;
}

void vector_work(WorkOp& work, double operations) {
  work.vector_elements += operations;
  work.flops += operations;
}

void per_output(const OpView& op, double cost, WorkOp& work) {
  vector_work(work, cost * static_cast<double>(op.output(0).elements()));
}

void per_input(const OpView& op, double cost, WorkOp& work) {
  vector_work(work, cost * static_cast<double>(op.input(0).elements()));
}

void free_of_work(const OpView&, double, WorkOp& work) {
  work.kind = OpKind::kShape;
}

void moves(const OpView&, double, WorkOp&) {}

void tensor_work(WorkOp& work, std::int64_t groups, std::int64_t positions, std::int64_t k,
                 std::int64_t m) {
  work.groups = groups;
  work.positions = positions;
  work.k = k;
  work.m = m;
  work.tensor_elements = static_cast<double>(groups) * static_cast<double>(positions) *
                         static_cast<double>(k) * static_cast<double>(m);
  work.flops = 2 * work.tensor_elements;
}

namespace {

// numpy: a vector on the left is a row, on the right a column.
void widen(Shape& a, Shape& b) {
  if (a.size() == 1) {
    a.insert(a.begin(), 1);
  }
  if (b.size() == 1) {
    b.push_back(1);
  }
}

Shape batch_of(const Shape& shape) {
  return Shape(shape.begin(), shape.end() - 2);
}

}  // namespace

Shape matmul_shape(const OpView& op, Shape a, Shape b) {
  if (a.empty() || b.empty()) {
    op.mismatch("a matrix product of a scalar");
  }
  const bool row = a.size() == 1, column = b.size() == 1;
  widen(a, b);
  if (a.back() != b[b.size() - 2]) {
    op.mismatch("inner dimensions " + std::to_string(a.back()) + " and " +
                std::to_string(b[b.size() - 2]));
  }
  Shape out = broadcast_shape(op, batch_of(a), batch_of(b));
  if (!row) {
    out.push_back(a[a.size() - 2]);
  }
  if (!column) {
    out.push_back(b.back());
  }
  return out;
}

void matmul_work(WorkOp& work, Shape a, Shape b) {
  widen(a, b);
  const std::int64_t k = a.back(), m = b.back();
  const std::int64_t b_batch = product(batch_of(b));
  // With one right-hand matrix the batches of the left are just more rows of it.
  if (b_batch == 1) {
    return tensor_work(work, 1, product({product(batch_of(a)), a[a.size() - 2]}), k, m);
  }
  std::int64_t groups = 1;
  for (std::size_t i = 0; i + 2 < std::max(a.size(), b.size()); ++i) {
    const std::int64_t x = i + 2 < a.size() ? a[a.size() - 3 - i] : 1;
    const std::int64_t y = i + 2 < b.size() ? b[b.size() - 3 - i] : 1;
    groups = product({groups, x == 1 ? y : x});
  }
  tensor_work(work, groups, a[a.size() - 2], k, m);
}

}  // namespace tilewright::op
