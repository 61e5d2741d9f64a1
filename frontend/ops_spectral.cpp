// Fourier transforms, by the fast algorithm: 5 n log2(n) operations for n complex points.
#include <algorithm>
#include <cmath>

#include "frontend/interpret/kernels.h"
#include "frontend/op_helpers.h"

namespace tilewright {
namespace {

constexpr OpKind kReduce = OpKind::kReduction;

double fft_operations(std::int64_t points) {
  const auto n = static_cast<double>(std::max<std::int64_t>(points, 2));
  return 5 * n * std::log2(n);
}

std::int64_t dft_axis(const OpView& op, bool& known) {
  std::int64_t axis = op.attr_int("axis", op.opset() < 20 ? 1 : -2);
  known = true;
  if (op.has(2)) {
    known = op.input(2).has_value && op.input(2).small_ints.size() == 1;
    axis = known ? op.input(2).small_ints[0] : 0;
  }
  return known ? op.axis(axis, op.rank(0)) : 0;
}

// input [..., 1 or 2], dft_length, axis
bool dft(OpInfer& op) {
  bool known = false;
  const std::int64_t axis = dft_axis(op, known);
  if (!known || op.rank(0) < 2 || (op.has(1) && !op.input(1).has_value)) {
    return false;
  }
  Shape out = op.shape(0);
  auto& points = out[static_cast<std::size_t>(axis)];
  if (op.has(1) && op.input(1).small_ints.size() == 1) {
    points = op.input(1).small_ints[0];
  }
  if (op.attr_int("onesided", 0) != 0) {
    points = points / 2 + 1;
  }
  out.back() = 2;
  op.set(0, op.input(0).type, std::move(out));
  return true;
}

void count_dft(const OpView& op, double, WorkOp& work) {
  bool known = false;
  const std::int64_t axis = dft_axis(op, known);
  const std::int64_t points = std::max(op.dim(0, axis), op.output_dim(0, axis));
  const auto each = static_cast<double>(std::max<std::int64_t>(1, 2 * op.output_dim(0, axis)));
  op::vector_work(work,
                  fft_operations(points) * static_cast<double>(op.output(0).elements()) / each);
}

// signal [batch, length, 1 or 2], frame_step, window, frame_length -> [batch, frames, bins, 2]
struct Frames {
  std::int64_t count = 0, length = 0;
};

bool read_frames(const OpView& op, Frames& frames) {
  if (op.rank(0) < 2 || !op.has(1) || !op.input(1).has_value ||
      op.input(1).small_ints.size() != 1 || (op.has(3) && !op.input(3).has_value)) {
    return false;
  }
  const std::int64_t step = op.input(1).small_ints[0];
  frames.length = op.has(3) && op.input(3).small_ints.size() == 1 ? op.input(3).small_ints[0]
                  : op.has(2)                                     ? op.input(2).elements()
                                                                  : 0;
  if (step < 1 || frames.length < 1 || frames.length > op.dim(0, 1)) {
    op.mismatch("STFT frames do not fit the signal");
  }
  frames.count = 1 + (op.dim(0, 1) - frames.length) / step;
  return true;
}

bool stft(OpInfer& op) {
  Frames frames;
  if (!read_frames(op, frames)) {
    return false;
  }
  const bool one_sided = op.attr_int("onesided", 1) != 0;
  op.set(0, op.input(0).type,
         {op.dim(0, 0), frames.count, one_sided ? frames.length / 2 + 1 : frames.length, 2});
  return true;
}

void count_stft(const OpView& op, double, WorkOp& work) {
  Frames frames;
  if (read_frames(op, frames)) {
    op::vector_work(work, (fft_operations(frames.length) + static_cast<double>(frames.length)) *
                              static_cast<double>(frames.count) *
                              static_cast<double>(op.dim(0, 0)));
  }
}

// bins, dft_length, sample_rate, low, high -> [dft_length / 2 + 1, bins]
bool mel_weights(OpInfer& op) {
  if (!op.input(0).has_value || !op.input(1).has_value || op.input(0).small_ints.size() != 1 ||
      op.input(1).small_ints.size() != 1) {
    return false;
  }
  op.set(0, DType::kFloat32, {op.input(1).small_ints[0] / 2 + 1, op.input(0).small_ints[0]});
  return true;
}

constexpr OpRule kRules[] = {
    {"", "DFT", 17, arity(1, 3), Types::kFloats, kReduce, dft, count_dft, 0, kernel::dft},
    {"", "STFT", 17, arity(2, 4), Types::kFloats, kReduce, stft, count_stft, 0, kernel::stft},
    {"", "MelWeightMatrix", 17, arity(5, 5), Types::kIntegers, OpKind::kElementwise, mel_weights,
     op::per_output, 4, kernel::mel_weight_matrix},
};

}  // namespace

std::span<const OpRule> spectral_rules() {
  return kRules;
}

}  // namespace tilewright
