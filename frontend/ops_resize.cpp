// Operators that change extents: padding, repetition, cropping, folding space into depth, and
// resampling.
#include <cmath>

#include "frontend/interpret/kernels.h"
#include "frontend/op_helpers.h"
#include "frontend/small_values.h"

namespace tilewright {
namespace {

using op::moves;
using op::per_output;
constexpr OpKind kMove = OpKind::kMove;

// --- padding, tiling, expansion ---

bool pad(OpInfer& op) {
  const auto pads = op::ints_of(op, 1, op.has_attr("paddings") ? "paddings" : "pads");
  const auto given = op::ints_of(op, 3, "axes");
  if (!pads || !given) {
    return false;
  }
  Shape out = op.shape(0);
  const Shape axes = op::axes_or_all(*given, out.size());
  const std::size_t count = axes.size();
  if (pads->size() != 2 * count) {
    op.mismatch(std::to_string(pads->size()) + " pads for " + std::to_string(count) + " axes");
  }
  for (std::size_t i = 0; i < count; ++i) {
    constexpr std::int64_t kMost = 1LL << 48;
    for (const std::int64_t padding : {(*pads)[i], (*pads)[i + count]}) {
      if (padding < -kMost || padding > kMost) op.mismatch("padding beyond 2^48");
      out[static_cast<std::size_t>(op.axis(axes[i], op.rank(0)))] += padding;
    }
  }
  op.set(0, op.input(0).type, std::move(out));
  return true;
}

bool tile(OpInfer& op) {
  if (!op.has(1) || !op.input(1).has_value || op.input(1).small_ints.size() != op.shape(0).size()) {
    return false;
  }
  Shape out = op.shape(0);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = product({out[i], op.input(1).small_ints[i]});
  }
  op.set(0, op.input(0).type, std::move(out));
  return true;
}

bool expand(OpInfer& op) {
  if (!op.input(1).has_value) {
    return false;
  }
  const Shape from = op.shape(0);
  op.set(0, op.input(0).type, op::broadcast_shape(op, from, op.input(1).small_ints));
  const Shape to = op.output(0).shape;
  carry_moved(op, 0, 0, [&](std::int64_t j) { return broadcast_index(j, to, from); });
  return true;
}

void count_grown(const OpView& op, double, WorkOp& work) {
  if (op.output(0).elements() == op.input(0).elements()) {
    work.kind = OpKind::kShape;
  }
}

// --- space and depth ---

bool depth_to_space(OpInfer& op) {
  const std::int64_t b = op.attr_int("blocksize", 0);
  if (op.rank(0) != 4 || b < 1 || b > 65536 || op.dim(0, 1) % (b * b) != 0) {
    op.mismatch("DepthToSpace with block " + std::to_string(b));
  }
  op.set(0, op.input(0).type,
         {op.dim(0, 0), op.dim(0, 1) / (b * b), product({op.dim(0, 2), b}),
          product({op.dim(0, 3), b})});
  return true;
}

bool space_to_depth(OpInfer& op) {
  const std::int64_t b = op.attr_int("blocksize", 0);
  if (op.rank(0) != 4 || b < 1 || b > 65536 || op.dim(0, 2) % b != 0 || op.dim(0, 3) % b != 0) {
    op.mismatch("SpaceToDepth with block " + std::to_string(b));
  }
  op.set(0, op.input(0).type,
         {op.dim(0, 0), product({op.dim(0, 1), b * b}), op.dim(0, 2) / b, op.dim(0, 3) / b});
  return true;
}

bool center_crop_pad(OpInfer& op) {
  if (!op.input(1).has_value) {
    return false;
  }
  Shape out = op.shape(0);
  const Shape& sizes = op.input(1).small_ints;
  const Shape axes = op::axes_or_all(op.attr_ints("axes"), out.size());
  if (axes.size() != sizes.size()) {
    op.mismatch("a target of " + std::to_string(sizes.size()) + " extents for " +
                std::to_string(axes.size()) + " axes");
  }
  for (std::size_t i = 0; i < axes.size(); ++i) {
    out[static_cast<std::size_t>(op.axis(axes[i], op.rank(0)))] = sizes[i];
  }
  op.set(0, op.input(0).type, std::move(out));
  return true;
}

bool col2im(OpInfer& op) {
  if (op.rank(0) != 3 || !op.input(1).has_value || !op.input(2).has_value) {
    return false;
  }
  const std::int64_t block = product(op.input(2).small_ints);
  if (block < 1 || op.dim(0, 1) % block != 0) {
    op.mismatch("Col2Im: channels are no multiple of the block");
  }
  Shape out{op.dim(0, 0), op.dim(0, 1) / block};
  out.insert(out.end(), op.input(1).small_ints.begin(), op.input(1).small_ints.end());
  op.set(0, op.input(0).type, std::move(out));
  return true;
}

// --- resize ---

// Each once.
Shape resized_axes(const OpView& op) {
  Shape axes = op::axes_or_all(op.attr_ints("axes"), op.shape(0).size());
  Shape sorted;
  for (const std::int64_t axis : axes) sorted.push_back(op.axis(axis, op.rank(0)));
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
    op.mismatch("an axis is resized twice");
  return axes;
}

std::int64_t whole_extent(const OpView& op, double scaled) {
  if (!(scaled >= 0 && scaled < 1e15)) op.mismatch("a scale out of range");
  return static_cast<std::int64_t>(scaled);
}

// Extents from sizes (input 3), scales (input 2, or input 1 before opset 11), or attribute
// `scales`.
bool resize(OpInfer& op) {
  const bool old = op.node().type == "Upsample" || op.opset() < 11;
  const std::size_t scales_at = old ? 1 : 2;
  Shape out = op.shape(0);
  const Shape axes = resized_axes(op);
  std::vector<double> scales = op.attr_floats("scales");
  if (op.has(3) && op.input(3).elements() > 0) {
    if (!op.input(3).has_value || op.input(3).small_ints.size() != axes.size()) {
      return false;
    }
    const double scale = op::kept_proportion(op, axes, op.input(3).small_ints);
    for (std::size_t i = 0; i < axes.size(); ++i) {
      std::int64_t& extent = out[static_cast<std::size_t>(op.axis(axes[i], op.rank(0)))];
      extent = scale == 0 ? op.input(3).small_ints[i]
                          : whole_extent(op, std::nearbyint(scale * static_cast<double>(extent)));
    }
  } else {
    if (op.has(scales_at) && !value_as_reals(op, scales_at, scales)) {
      return false;
    }
    if (scales.size() != axes.size()) {
      return false;
    }
    for (std::size_t i = 0; i < axes.size(); ++i) {
      std::int64_t& extent = out[static_cast<std::size_t>(op.axis(axes[i], op.rank(0)))];
      extent = whole_extent(op, std::floor(static_cast<double>(extent) * scales[i]));
    }
  }
  op.set(0, op.input(0).type, std::move(out));
  return true;
}

// Taps of the interpolation for every resized axis: nearest 0, linear 2, cubic 4; two operations a
// tap.
void count_resize(const OpView& op, double, WorkOp& work) {
  const std::string mode = op.attr_string("mode", "nearest");
  const double taps = mode == "nearest" ? 0 : mode == "cubic" ? 4 : 2;
  double window = taps > 0 ? 1 : 0;
  for (std::size_t i = 0; i < op.shape(0).size(); ++i) {
    window *= op.shape(0)[i] == op.output_dim(0, static_cast<std::int64_t>(i)) ? 1 : taps;
  }
  per_output(op, 2 * window, work);
}

bool grid_sample(OpInfer& op) {
  if (op.rank(0) < 3 || op.rank(1) != op.rank(0)) {
    op.mismatch("GridSample of ranks " + std::to_string(op.rank(0)) + " and " +
                std::to_string(op.rank(1)));
  }
  Shape out{op.dim(0, 0), op.dim(0, 1)};
  out.insert(out.end(), op.shape(1).begin() + 1, op.shape(1).end() - 1);
  op.set(0, op.input(0).type, std::move(out));
  return true;
}

bool affine_grid(OpInfer& op) {
  if (!op.input(1).has_value || op.input(1).small_ints.size() < 4) {
    return false;
  }
  const Shape& size = op.input(1).small_ints;
  Shape out{size[0]};
  out.insert(out.end(), size.begin() + 2, size.end());
  out.push_back(static_cast<std::int64_t>(size.size()) - 2);
  op.set(0, op.input(0).type, std::move(out));
  return true;
}

constexpr OpRule kRules[] = {
    {"", "Pad", 1, arity(1, 4), Types::kAny, kMove, pad, moves, 0, kernel::pad},
    {"", "Tile", 1, arity(2, 3), Types::kAny, kMove, tile, count_grown, 0, kernel::tile},
    {"", "Expand", 8, arity(2, 2), Types::kAny, kMove, expand, count_grown, 0, kernel::expand},
    {"", "DepthToSpace", 1, arity(1, 1), Types::kAny, kMove, depth_to_space, moves, 0,
     kernel::depth_to_space},
    {"", "SpaceToDepth", 1, arity(1, 1), Types::kAny, kMove, space_to_depth, moves, 0,
     kernel::space_to_depth},
    {"", "CenterCropPad", 18, arity(2, 2), Types::kAny, kMove, center_crop_pad, moves, 0,
     kernel::center_crop_pad},
    {"", "Col2Im", 18, arity(3, 3), Types::kFloats, OpKind::kReduction, col2im, op::per_input, 1,
     kernel::col2im},  // overlapping blocks add up
    {"", "Resize", 10, arity(1, 4), Types::kNumbers, kMove, resize, count_resize, 0,
     kernel::resize},
    {"", "Upsample", 1, arity(1, 2), Types::kNumbers, kMove, resize, count_resize, 0,
     kernel::resize},
    {"", "GridSample", 16, arity(2, 2), Types::kFloats, OpKind::kElementwise, grid_sample,
     per_output, 16, kernel::grid_sample},  // weights, four taps
    {"", "AffineGrid", 20, arity(2, 2), Types::kFloats, OpKind::kElementwise, affine_grid,
     per_output, 6, kernel::affine_grid},  // row of a 2 x 3 matrix
};

}  // namespace

std::span<const OpRule> resize_rules() {
  return kRules;
}

}  // namespace tilewright
