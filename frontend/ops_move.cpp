// Data movement: no arithmetic, but bytes. A node that leaves the elements where they are (a
// transpose of axes of extent 1, a slice of everything) is metadata: kShape.
#include <algorithm>
#include <cmath>
#include <limits>

#include "frontend/op_helpers.h"
#include "frontend/small_values.h"

namespace tilewright {
namespace {

using op::moves;
using op::per_output;
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

struct Cut {
  std::int64_t start = 0, step = 1, length = 0;
};

Cut cut_axis(const OpView& op, std::int64_t extent, std::int64_t start, std::int64_t end,
             std::int64_t step) {
  if (step == 0 || step == std::numeric_limits<std::int64_t>::min()) {
    op.mismatch("a slice with step " + std::to_string(step));
  }
  const auto place = [&](std::int64_t v, std::int64_t least, std::int64_t most) {
    return std::clamp(v < 0 ? v + extent : v, least, most);
  };
  Cut cut;
  cut.step = step;
  if (step > 0) {
    cut.start = place(start, 0, extent);
    const std::int64_t stop = place(end, 0, extent);
    cut.length = stop > cut.start ? (stop - cut.start - 1) / step + 1 : 0;
  } else {
    cut.start = place(start, -1, extent - 1);
    const std::int64_t stop = place(end, -1, extent - 1);
    cut.length = cut.start > stop ? (cut.start - stop - 1) / -step + 1 : 0;
  }
  return cut;
}

bool slice(OpInfer& op) {
  const bool by_input = op.inputs() > 1;
  const auto starts = op::ints_of(op, by_input ? 1 : 9, "starts");
  const auto ends = op::ints_of(op, by_input ? 2 : 9, "ends");
  auto axes = op::ints_of(op, 3, "axes");
  auto steps = op::ints_of(op, 4, "steps");
  if (!starts || !ends || !axes || !steps) {
    return false;
  }
  if (axes->empty()) {
    for (std::size_t i = 0; i < starts->size(); ++i) {
      axes->push_back(static_cast<std::int64_t>(i));
    }
  }
  steps->resize(starts->size(), 1);
  if (ends->size() != starts->size() || axes->size() != starts->size()) {
    op.mismatch("starts, ends and axes have different lengths");
  }
  Shape out = op.shape(0);
  Cut first;
  for (std::size_t i = 0; i < starts->size(); ++i) {
    const auto axis = static_cast<std::size_t>(op.axis((*axes)[i], op.rank(0)));
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

bool like_first(OpInfer& op) {
  op.set(0, op.input(0).type, op.shape(0));
  return true;
}

// A scatter that also reduces does one operation an update.
void count_scatter(const OpView& op, double, WorkOp& work) {
  if (op.attr_string("reduction", "none") != "none" && op.has(2)) {
    op::vector_work(work, static_cast<double>(op.input(2).elements()));
  }
}

// --- padding, tiling, expansion ---

bool pad(OpInfer& op) {
  const auto pads = op::ints_of(op, 1, op.has_attr("paddings") ? "paddings" : "pads");
  const auto axes = op::ints_of(op, 3, "axes");
  if (!pads || !axes) {
    return false;
  }
  Shape out = op.shape(0);
  const std::size_t count = axes->empty() ? out.size() : axes->size();
  if (pads->size() != 2 * count) {
    op.mismatch(std::to_string(pads->size()) + " pads for " + std::to_string(count) + " axes");
  }
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t axis =
        axes->empty() ? static_cast<std::int64_t>(i) : op.axis((*axes)[i], op.rank(0));
    std::int64_t& extent = out[static_cast<std::size_t>(axis)];
    if (__builtin_add_overflow(extent, (*pads)[i], &extent) ||
        __builtin_add_overflow(extent, (*pads)[i + count], &extent)) {
      op.mismatch("padding beyond 64 bits");
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
  Shape axes = op.attr_ints("axes"), out = op.shape(0);
  const Shape& sizes = op.input(1).small_ints;
  if (axes.empty()) {
    for (std::int64_t i = 0; i < op.rank(0); ++i) {
      axes.push_back(i);
    }
  }
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

// Extents from sizes (input 3), scales (input 2, or input 1 before opset 11), or attribute
// `scales`.
bool resize(OpInfer& op) {
  const bool old = op.node().type == "Upsample" || op.opset() < 11;
  const std::size_t scales_at = old ? 1 : 2;
  Shape out = op.shape(0), axes = op.attr_ints("axes");
  if (axes.empty()) {
    for (std::int64_t i = 0; i < op.rank(0); ++i) {
      axes.push_back(i);
    }
  }
  std::vector<double> scales = op.attr_floats("scales");
  if (op.has(3) && op.input(3).elements() > 0) {
    if (!op.input(3).has_value || op.input(3).small_ints.size() != axes.size()) {
      return false;
    }
    for (std::size_t i = 0; i < axes.size(); ++i) {
      out[static_cast<std::size_t>(op.axis(axes[i], op.rank(0)))] = op.input(3).small_ints[i];
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
      const double scaled = std::floor(static_cast<double>(extent) * scales[i]);
      if (!(scaled >= 0 && scaled < 1e15)) {
        op.mismatch("a scale out of range");
      }
      extent = static_cast<std::int64_t>(scaled);
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
    window *= op.shape(0)[i] == op.output(0).shape[i] ? 1 : taps;
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

// --- shapes that depend on data: the largest possible ---

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
  const Shape kernel = op.attr_ints("kernel_shape"), pads = op.attr_ints("pads");
  Shape strides = op.attr_ints("strides"), out = op.shape(0);
  strides.resize(kernel.size(), 1);
  if (op.rank(0) < 3 || kernel.size() != out.size() - 2) {
    op.mismatch("MaxUnpool kernel of rank " + std::to_string(kernel.size()));
  }
  for (std::size_t i = 0; i < kernel.size(); ++i) {
    const bool padded = pads.size() == 2 * kernel.size();
    std::int64_t extent = product({out[i + 2] - 1, strides[i]});
    bool overflow = __builtin_add_overflow(extent, kernel[i], &extent);
    for (const std::size_t side : {i, i + kernel.size()}) {
      overflow = overflow || __builtin_sub_overflow(extent, padded ? pads[side] : 0, &extent);
    }
    if (overflow) {
      op.mismatch("an extent beyond 64 bits");
    }
    out[i + 2] = extent;
  }
  op.set(0, op.input(0).type, std::move(out));
  return true;
}

constexpr OpRule kRules[] = {
    {"", "Transpose", kMove, transpose, count_transpose},
    {"", "Concat", kMove, concat, count_concat},
    {"", "Split", kMove, split, count_split},
    {"", "Slice", kMove, slice, count_slice},
    {"", "Gather", kMove, gather, moves},
    {"", "GatherElements", kMove, like_indices, moves},
    {"", "GatherND", kMove, gather_nd, moves},
    {"", "Scatter", kMove, like_first, count_scatter},
    {"", "ScatterElements", kMove, like_first, count_scatter},
    {"", "ScatterND", kMove, like_first, count_scatter},
    {"", "TensorScatter", kMove, like_first, moves},
    {"", "Pad", kMove, pad, moves},
    {"", "Tile", kMove, tile, count_grown},
    {"", "Expand", kMove, expand, count_grown},
    {"", "DepthToSpace", kMove, depth_to_space, moves},
    {"", "SpaceToDepth", kMove, space_to_depth, moves},
    {"", "CenterCropPad", kMove, center_crop_pad, moves},
    {"", "Col2Im", OpKind::kReduction, col2im, op::per_input, 1},  // overlapping blocks add up
    {"", "Resize", kMove, resize, count_resize},
    {"", "Upsample", kMove, resize, count_resize},
    {"", "GridSample", OpKind::kElementwise, grid_sample, per_output, 16},  // weights, four taps
    {"", "AffineGrid", OpKind::kElementwise, affine_grid, per_output, 6},   // row of a 2 x 3 matrix
    {"", "ReverseSequence", kMove, like_first, moves},
    {"", "Trilu", kMove, like_first, moves},
    {"", "NonZero", kMove, non_zero, moves},
    {"", "Compress", kMove, compress, moves},
    {"", "Unique", kMove, unique, moves},
    {"", "OneHot", kMove, one_hot, moves},
    {"", "MaxUnpool", kMove, max_unpool, moves},
};

}  // namespace

std::span<const OpRule> move_rules() {
  return kRules;
}

}  // namespace tilewright
