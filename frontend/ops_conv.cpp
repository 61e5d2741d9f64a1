// Convolutions as matrix products: positions are output pixels, k the inputs of one kernel window,
// m the output channels of a group.
#include <algorithm>

#include "frontend/interpret/kernels.h"
#include "frontend/op_helpers.h"
#include "frontend/window.h"

namespace tilewright {
namespace {

constexpr OpKind kConv = OpKind::kConv;

struct ConvShape {
  std::int64_t groups = 1, batch = 0, in_per_group = 0, out_per_group = 0;
  Window window;
};

// Input `x`, kernel `w`: [M, C/group, k...] (or [C, M/group, k...] when `transposed`).
ConvShape conv_shape(const OpView& op, std::size_t x, std::size_t w, bool transposed) {
  if (op.rank(x) < 3 || op.rank(w) != op.rank(x)) {
    op.mismatch("a convolution of ranks " + std::to_string(op.rank(x)) + " and " +
                std::to_string(op.rank(w)));
  }
  ConvShape s;
  s.groups = op.attr_int("group", 1);
  s.batch = op.dim(x, 0);
  const std::int64_t channels = op.dim(x, 1), kernel_in = op.dim(w, transposed ? 0 : 1);
  const std::int64_t kernel_out = op.dim(w, transposed ? 1 : 0);
  if (s.groups <= 0 || s.groups > std::max<std::int64_t>(1, channels) || channels % s.groups != 0 ||
      (!transposed && kernel_out % s.groups != 0) ||
      (transposed ? kernel_in != channels : kernel_in != channels / s.groups)) {
    op.mismatch("a kernel for " + std::to_string(kernel_in) + " channels on " +
                std::to_string(channels) + " channels in " + std::to_string(s.groups) + " groups");
  }
  s.in_per_group = channels / s.groups;
  s.out_per_group = transposed ? kernel_out : kernel_out / s.groups;
  s.window = read_window(op, Shape(op.shape(x).begin() + 2, op.shape(x).end()),
                         Shape(op.shape(w).begin() + 2, op.shape(w).end()));
  return s;
}

Shape conv_output(const OpView& op, const ConvShape& s) {
  Shape out{s.batch, s.groups * s.out_per_group};
  const Shape pixels = window_output(op, s.window);
  out.insert(out.end(), pixels.begin(), pixels.end());
  return out;
}

bool conv(OpInfer& op) {
  op.set(0, op.input(0).type, conv_output(op, conv_shape(op, 0, 1, false)));
  return true;
}

void count_conv_of(const OpView& op, std::size_t x, std::size_t w, WorkOp& work) {
  const ConvShape s = conv_shape(op, x, w, false);
  const std::int64_t pixels = product(window_output(op, s.window));
  op::tensor_work(work, s.groups, product({s.batch, pixels}),
                  s.in_per_group * product(s.window.kernel), s.out_per_group);
}

void count_conv(const OpView& op, double, WorkOp& work) {
  count_conv_of(op, 0, 1, work);
  if (op.has(2)) {
    work.vector_elements += static_cast<double>(op.output(0).elements());
  }
}

bool conv_integer(OpInfer& op) {
  op.set(0, DType::kInt32, conv_output(op, conv_shape(op, 0, 1, false)));
  return true;
}

void count_conv_integer(const OpView& op, double, WorkOp& work) {
  count_conv_of(op, 0, 1, work);
}

// x, x_scale, x_zero, w, w_scale, w_zero, y_scale, y_zero, bias
bool qlinear_conv(OpInfer& op) {
  op.set(0, op.has(7) ? op.input(7).type : op.input(0).type,
         conv_output(op, conv_shape(op, 0, 3, false)));
  return true;
}

void count_qlinear_conv(const OpView& op, double, WorkOp& work) {
  count_conv_of(op, 0, 3, work);
  work.vector_elements += 3 * static_cast<double>(op.output(0).elements());  // scale, shift, clip
}

bool conv_transpose(OpInfer& op) {
  const ConvShape s = conv_shape(op, 0, 1, true);
  Shape out{s.batch, product({s.groups, s.out_per_group})};
  const Shape pixels = transposed_output(op, s.window);
  out.insert(out.end(), pixels.begin(), pixels.end());
  op.set(0, op.input(0).type, std::move(out));
  return true;
}

// Every input pixel is multiplied into one kernel window of the output.
void count_conv_transpose(const OpView& op, double, WorkOp& work) {
  const ConvShape s = conv_shape(op, 0, 1, true);
  op::tensor_work(work, s.groups, s.batch * product(s.window.input), s.in_per_group,
                  s.out_per_group * product(s.window.kernel));
  if (op.has(2)) {
    work.vector_elements += static_cast<double>(op.output(0).elements());
  }
}

// As Conv, and a bilinear sample of four points (eight operations) for every input of a window.
void count_deform_conv(const OpView& op, double, WorkOp& work) {
  count_conv_of(op, 0, 1, work);
  work.vector_elements += 8 * static_cast<double>(work.positions) * static_cast<double>(work.k) *
                          static_cast<double>(work.groups);
}

constexpr OpRule kRules[] = {
    {"", "Conv", 1, arity(2, 3), Types::kFloats, kConv, conv, count_conv, 0, kernel::conv},
    {"", "ConvInteger", 10, arity(2, 4), Types::kIntegers, kConv, conv_integer, count_conv_integer,
     0, kernel::conv_integer},
    {"", "QLinearConv", 10, arity(8, 9), Types::kIntegers, kConv, qlinear_conv, count_qlinear_conv,
     0, kernel::qlinear_conv},
    {"", "ConvTranspose", 1, arity(2, 3), Types::kFloats, kConv, conv_transpose,
     count_conv_transpose, 0, kernel::conv_transpose},
    {"", "DeformConv", 19, arity(3, 5), Types::kFloats, kConv, conv, count_deform_conv},
};

}  // namespace

std::span<const OpRule> conv_rules() {
  return kRules;
}

}  // namespace tilewright
