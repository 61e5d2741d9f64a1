// Data movement that rearranges, joins or picks elements: no arithmetic, but bytes. A node that
// leaves the elements where they are (a transpose of axes of extent 1, a slice of everything) is
// metadata: kShape.
#include <algorithm>
#include <utility>

#include "frontend/interpret/kernels.h"
#include "frontend/op_helpers.h"
#include "frontend/slice_cut.h"
#include "frontend/small_values.h"

namespace tilewright {
namespace {

using op::like_first;
using op::moves;
constexpr OpKind kMove = OpKind::kMove;

// --- transpose ---

Shape permutation(const OpView& op) {
  Shape perm = op.attr_ints("perm");
  const std::int64_t rank = op.rank(0);
  if (perm.empty()) {
    for (std::int64_t i = rank - 1; i >= 0; --i) {
      perm.push_back(i);
    }
  }
  Shape sorted = perm;
  std::sort(sorted.begin(), sorted.end());
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(sorted.size()); ++i) {
    if (static_cast<std::int64_t>(sorted.size()) != rank ||
        sorted[static_cast<std::size_t>(i)] != i) {
      op.mismatch("perm is no permutation of " + std::to_string(rank) + " axes");
    }
  }
  return perm;
}

bool transpose(OpInfer& op) {
  Shape out;
  for (const std::int64_t axis : permutation(op)) {
    out.push_back(op.dim(0, axis));
  }
  op.set(0, op.input(0).type, std::move(out));
  if (op.rank(0) <= 1) {
    carry_moved(op, 0, 0, [](std::int64_t j) { return j; });
  }
  return true;
}

void count_transpose(const OpView& op, double, WorkOp& work) {
  std::int64_t last = -1;
  for (const std::int64_t axis : permutation(op)) {
    if (op.dim(0, axis) != 1) {
      if (axis < last) {
        return;
      }
      last = axis;
    }
  }
  work.kind = OpKind::kShape;  // the axes with more than one element keep their order
}

// --- concat, split ---

bool concat(OpInfer& op) {
  const std::int64_t axis = op.axis(op.attr_int("axis", 1), op.rank(0));
  Shape out = op.shape(0);
  bool ints = op.rank(0) == 1, reals = ints;
  std::vector<std::int64_t> int_values;
  std::vector<double> real_values;
  auto& length = out[static_cast<std::size_t>(axis)];
  length = 0;
  for (std::size_t i = 0; i < op.inputs(); ++i) {
    const Tensor& in = op.input(i);
    for (std::int64_t d = 0; d < op.rank(0); ++d) {
      if (op.rank(i) != op.rank(0) || (d != axis && op.dim(i, d) != op.dim(0, d))) {
        op.mismatch("input " + std::to_string(i) + " cannot be joined along axis " +
                    std::to_string(axis));
      }
    }
    length += op.dim(i, axis);
    ints = ints && in.has_value;
    reals = reals && in.has_reals;
    if (ints) {
      int_values.insert(int_values.end(), in.small_ints.begin(), in.small_ints.end());
    }
    if (reals) {
      real_values.insert(real_values.end(), in.small_reals.begin(), in.small_reals.end());
    }
  }
  op.set(0, op.input(0).type, std::move(out));
  if (ints) {
    op.set_ints(0, std::move(int_values));
  } else if (reals) {
    op.set_reals(0, std::move(real_values));
  }
  return true;
}

void count_concat(const OpView& op, double, WorkOp& work) {
  std::size_t with_data = 0;
  for (std::size_t i = 0; i < op.inputs(); ++i) {
    with_data += op.has(i) && op.input(i).elements() > 0 ? 1U : 0U;
  }
  if (with_data <= 1) {
    work.kind = OpKind::kShape;
  }
}

bool split(OpInfer& op) {
  const std::int64_t axis = op.axis(op.attr_int("axis", 0), op.rank(0));
  const auto given = op::ints_of(op, 1, "split");
  if (!given) {
    return false;
  }
  const std::int64_t whole = op.dim(0, axis), parts = static_cast<std::int64_t>(op.outputs());
  Shape sizes = *given;
  if (sizes.empty() && parts > 0) {
    const std::int64_t each = (whole + parts - 1) / parts;
    for (std::int64_t left = whole, i = 0; i < parts; ++i, left -= each) {
      sizes.push_back(std::clamp<std::int64_t>(left, 0, each));
    }
  }
  std::int64_t offset = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] < 0 || sizes[i] > whole - offset || sizes.size() != op.outputs()) {
      op.mismatch("the parts do not fill axis " + std::to_string(axis));
    }
    Shape out = op.shape(0);
    out[static_cast<std::size_t>(axis)] = sizes[i];
    op.set(i, op.input(0).type, std::move(out));
    if (op.rank(0) == 1) {
      carry_moved(op, 0, i, [offset](std::int64_t j) { return offset + j; });
    }
    offset += sizes[i];
  }
  return true;
}

// The first parts along the outermost axis that is not 1 are runs of the input: no copy.
void count_split(const OpView& op, double, WorkOp& work) {
  const std::int64_t axis = op.axis(op.attr_int("axis", 0), op.rank(0));
  const auto before = op.shape(0).begin() + axis;
  if (product(Shape(op.shape(0).begin(), before)) <= 1 || op.outputs() == 1) {
    work.kind = OpKind::kShape;
  }
}

// --- slices and gathers ---

bool slice(OpInfer& op) {
  const bool by_input = op.inputs() > 1;
  const auto starts = op::ints_of(op, by_input ? 1 : 9, "starts");
  const auto ends = op::ints_of(op, by_input ? 2 : 9, "ends");
  const auto given_axes = op::ints_of(op, 3, "axes");
  auto steps = op::ints_of(op, 4, "steps");
  if (!starts || !ends || !given_axes || !steps) {
    return false;
  }
  const Shape axes = op::axes_or_all(*given_axes, starts->size());
  steps->resize(starts->size(), 1);
  if (ends->size() != starts->size() || axes.size() != starts->size()) {
    op.mismatch("starts, ends and axes have different lengths");
  }
  Shape out = op.shape(0);
  Cut first;
  std::vector<char> cut(out.size());
  for (std::size_t i = 0; i < starts->size(); ++i) {
    const auto axis = static_cast<std::size_t>(op.axis(axes[i], op.rank(0)));
    if (std::exchange(cut[axis], 1) != 0) op.mismatch("an axis is cut twice");
    first = cut_axis(op, op.shape(0)[axis], (*starts)[i], (*ends)[i], (*steps)[i]);
    out[axis] = first.length;
  }
  op.set(0, op.input(0).type, std::move(out));
  if (op.rank(0) == 1 && starts->size() == 1) {
    carry_moved(op, 0, 0, [first](std::int64_t j) { return first.start + j * first.step; });
  }
  return true;
}

void count_slice(const OpView& op, double, WorkOp& work) {
  if (op.output(0).shape == op.shape(0)) {
    work.kind = OpKind::kShape;
  }
}

bool gather(OpInfer& op) {
  const std::int64_t axis = op.axis(op.attr_int("axis", 0), op.rank(0));
  const Shape &data = op.shape(0), &indices = op.shape(1);
  Shape out(data.begin(), data.begin() + axis);
  out.insert(out.end(), indices.begin(), indices.end());
  out.insert(out.end(), data.begin() + axis + 1, data.end());
  op.set(0, op.input(0).type, std::move(out));
  if (op.rank(0) == 1 && op.input(1).has_value) {
    const Tensor at = op.input(1);
    const std::int64_t extent = op.dim(0, 0);
    carry_moved(op, 0, 0, [&](std::int64_t j) {
      const std::int64_t index = at.small_ints[static_cast<std::size_t>(j)];
      return index < 0 ? index + extent : index;
    });
  }
  return true;
}

bool like_indices(OpInfer& op) {
  op.set(0, op.input(0).type, op.shape(1));
  return true;
}

bool gather_nd(OpInfer& op) {
  const std::int64_t batch = op.attr_int("batch_dims", 0);
  if (op.rank(1) < 1 || batch < 0 || batch > op.rank(1) - 1 || op.dim(1, -1) < 0 ||
      batch + op.dim(1, -1) > op.rank(0)) {
    op.mismatch("GatherND indices do not fit the data");
  }
  Shape out(op.shape(1).begin(), op.shape(1).end() - 1);
  out.insert(out.end(), op.shape(0).begin() + batch + op.dim(1, -1), op.shape(0).end());
  op.set(0, op.input(0).type, std::move(out));
  return true;
}

// A scatter that also reduces does one operation an update.
void count_scatter(const OpView& op, double, WorkOp& work) {
  if (op.attr_string("reduction", "none") != "none" && op.has(2)) {
    op::vector_work(work, static_cast<double>(op.input(2).elements()));
  }
}

constexpr OpRule kRules[] = {
    {"", "Transpose", 1, arity(1, 1), Types::kAny, kMove, transpose, count_transpose, 0,
     kernel::transpose},
    {"", "Concat", 1, arity(1, kMany), Types::kAny, kMove, concat, count_concat, 0, kernel::concat},
    {"", "Split", 1, arity(1, 2, kMany), Types::kAny, kMove, split, count_split, 0, kernel::split},
    {"", "Slice", 1, arity(1, 5), Types::kAny, kMove, slice, count_slice, 0, kernel::slice},
    {"", "Gather", 1, arity(2, 2), Types::kAny, kMove, gather, moves, 0, kernel::gather},
    {"", "GatherElements", 11, arity(2, 2), Types::kAny, kMove, like_indices, moves, 0,
     kernel::gather_elements},
    {"", "GatherND", 11, arity(2, 2), Types::kAny, kMove, gather_nd, moves, 0, kernel::gather_nd},
    {"", "Scatter", 9, arity(3, 3), Types::kAny, kMove, like_first, count_scatter, 0,
     kernel::scatter_elements},
    {"", "ScatterElements", 11, arity(3, 3), Types::kAny, kMove, like_first, count_scatter, 0,
     kernel::scatter_elements},
    {"", "ScatterND", 11, arity(3, 3), Types::kAny, kMove, like_first, count_scatter, 0,
     kernel::scatter_nd},
    {"", "TensorScatter", 24, arity(2, 3), Types::kAny, kMove, like_first, moves, 0,
     kernel::tensor_scatter},
    {"", "ReverseSequence", 10, arity(2, 2), Types::kAny, kMove, like_first, moves, 0,
     kernel::reverse_sequence},
    {"", "Trilu", 14, arity(1, 2), Types::kAny, kMove, like_first, moves, 0, kernel::trilu},
};

}  // namespace

std::span<const OpRule> move_rules() {
  return kRules;
}

}  // namespace tilewright
