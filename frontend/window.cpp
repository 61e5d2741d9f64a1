#include "frontend/window.h"

#include <algorithm>

namespace tilewright {
namespace {

// Bounds that keep every product below within 64 bits (tensors have at most 2^48 elements).
constexpr std::int64_t kMaxExtent = 1LL << 31;
constexpr std::int64_t kMaxStep = 1LL << 14;

Shape list_of(const OpView& op, const char* name, std::size_t length, std::int64_t otherwise,
              std::int64_t least, std::int64_t limit) {
  Shape values = op.attr_ints(name);
  if (values.empty()) {
    values.assign(length, otherwise);
  }
  const bool sane = std::all_of(values.begin(), values.end(),
                                [&](std::int64_t v) { return v >= least && v < limit; });
  if (values.size() != length || !sane) {
    op.mismatch(std::string("attribute ") + name + " has " + std::to_string(values.size()) +
                " values, or values out of range");
  }
  return values;
}

// Dilated extent of the kernel along axis i.
std::int64_t reach(const Window& w, std::size_t i) {
  return (w.kernel[i] - 1) * w.dilations[i] + 1;
}

}  // namespace

Window read_window(const OpView& op, Shape input, Shape kernel) {
  Window w;
  const std::size_t rank = input.size();
  w.input = std::move(input);
  w.kernel =
      kernel.empty() ? list_of(op, "kernel_shape", rank, 0, 1, kMaxExtent) : std::move(kernel);
  w.strides = list_of(op, "strides", rank, 1, 1, kMaxStep);
  w.dilations = list_of(op, "dilations", rank, 1, 1, kMaxStep);
  w.pads = list_of(op, "pads", 2 * rank, 0, -kMaxExtent, kMaxExtent);
  w.auto_pad = op.attr_string("auto_pad", "NOTSET");
  w.ceil_mode = op.attr_int("ceil_mode", 0) != 0;
  for (const std::int64_t k : w.kernel) {
    if (k < 1 || k >= kMaxExtent) {
      op.mismatch("a kernel of extent " + std::to_string(k));
    }
  }
  return w;
}

Shape window_output(const OpView& op, const Window& w) {
  Shape out;
  const std::size_t rank = w.input.size();
  for (std::size_t i = 0; i < rank; ++i) {
    const std::int64_t stride = w.strides[i];
    if (w.auto_pad == "SAME_UPPER" || w.auto_pad == "SAME_LOWER") {
      out.push_back((w.input[i] + stride - 1) / stride);
      continue;
    }
    const bool valid = w.auto_pad == "VALID";
    const std::int64_t padding = valid ? 0 : w.pads[i] + w.pads[i + rank];
    const std::int64_t room = w.input[i] + padding - reach(w, i);
    if (room < 0) {
      op.mismatch("a window of " + std::to_string(reach(w, i)) + " over " +
                  std::to_string(w.input[i] + padding));
    }
    std::int64_t steps = w.ceil_mode ? (room + stride - 1) / stride : room / stride;
    // A window that would start in the padding after the end is not taken.
    if (w.ceil_mode && steps * stride >= w.input[i] + (valid ? 0 : w.pads[i])) {
      --steps;
    }
    out.push_back(steps + 1);
  }
  return out;
}

Shape unpooled_output(const OpView& op) {
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
  return out;
}

Shape transposed_output(const OpView& op, const Window& w) {
  const std::size_t rank = w.input.size();
  const Shape extra = list_of(op, "output_padding", rank, 0, 0, kMaxExtent);
  Shape given = op.attr_ints("output_shape");
  if (given.size() == w.input.size()) {
    return given;
  }
  Shape out;
  for (std::size_t i = 0; i < rank; ++i) {
    if (w.auto_pad == "SAME_UPPER" || w.auto_pad == "SAME_LOWER") {
      out.push_back(w.input[i] * w.strides[i]);
      continue;
    }
    const std::int64_t padding = w.auto_pad == "VALID" ? 0 : w.pads[i] + w.pads[i + rank];
    out.push_back(w.strides[i] * (w.input[i] - 1) + extra[i] + reach(w, i) - padding);
  }
  return out;
}

}  // namespace tilewright
