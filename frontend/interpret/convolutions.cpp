// Convolutions as matrix products of unfolded windows, and pools.
#include <algorithm>
#include <cmath>

#include "frontend/interpret/broadcast.h"
#include "frontend/interpret/kernels.h"
#include "frontend/interpret/matrix.h"
#include "frontend/interpret/rounding.h"
#include "frontend/interpret/wrapping.h"
#include "frontend/window.h"

namespace tilewright::kernel {
namespace {

Shape pixels_of(const Shape& shape) {
  return Shape(shape.begin() + 2, shape.end());
}

// A window that slides over pixels: where its taps fall.
class Sliding {
 public:
  // `output`: the extents of the positions that the window takes.
  Sliding(const Window& w, Shape output) : w_(w), output_(std::move(output)) {
    const std::size_t rank = w.input.size();
    for (std::size_t i = 0; i < rank; ++i) {
      const std::int64_t reach = (w.kernel[i] - 1) * w.dilations[i] + 1;
      const bool upper = w.auto_pad == "SAME_UPPER", lower = w.auto_pad == "SAME_LOWER";
      if (upper || lower) {
        const std::int64_t all =
            std::max<std::int64_t>(0, (output_[i] - 1) * w.strides[i] + reach - w.input[i]);
        before_.push_back(lower ? all - all / 2 : all / 2);
      } else {
        before_.push_back(w.auto_pad == "VALID" ? 0 : w.pads[i]);
      }
    }
  }

  const Shape& output() const { return output_; }
  std::int64_t positions() const { return product(output_); }
  std::int64_t taps() const { return product(w_.kernel); }

  // f(tap, pixel, coordinates) for every tap of the window at `position`; pixel is -1 in padding.
  template <typename F>
  void each_tap(std::int64_t position, F f) const {
    const std::size_t rank = output_.size();
    Shape first(rank), tap(rank, 0);
    for (std::size_t i = rank; i-- > 0; position /= output_[i]) {
      first[i] = position % output_[i] * w_.strides[i] - before_[i];
    }
    const std::int64_t count = taps();
    Shape where(rank);
    for (std::int64_t t = 0; t < count; ++t) {
      std::int64_t pixel = 0;
      for (std::size_t i = 0; i < rank; ++i) {
        where[i] = first[i] + tap[i] * w_.dilations[i];
        const bool inside = where[i] >= 0 && where[i] < w_.input[i];
        pixel = pixel < 0 || !inside ? -1 : pixel * w_.input[i] + where[i];
      }
      f(t, pixel, where);
      for (std::size_t i = rank; i-- > 0;) {
        if (++tap[i] < w_.kernel[i]) break;
        tap[i] = 0;
      }
    }
  }

 private:
  const Window& w_;
  Shape output_;
  Shape before_;  // padding before the first pixel
};

// The window of input `x` with kernel `w`, and the channels.
struct ConvPlan {
  Window window;
  Shape output;
  std::int64_t batch, groups, in_each, out_each;
};

ConvPlan plan(const NodeRun& op, std::size_t x, std::size_t w) {
  ConvPlan p{read_window(op, pixels_of(op.shape(x)), pixels_of(op.shape(w))), {}, 0, 0, 0, 0};
  p.output = window_output(op, p.window);
  p.batch = op.dim(x, 0);
  p.groups = op.attr_int("group", 1);
  p.in_each = op.dim(x, 1) / p.groups;
  p.out_each = op.dim(w, 0) / p.groups;
  return p;
}

// [batch, channels, pixels] of sums of products; padding counts as zero.
template <typename T>
void convolve(NodeRun& op, const ConvPlan& p, const std::vector<T>& x, const std::vector<T>& w,
              std::vector<T>& y) {
  const Sliding sliding(p.window, p.output);
  const std::int64_t pixels = product(p.window.input), positions = sliding.positions();
  const std::int64_t taps = sliding.taps(), k = p.in_each * taps;
  // As many positions at a time as make 16 MiB of unfolded input.
  const std::int64_t most = std::max<std::int64_t>(1, (1LL << 21) / std::max<std::int64_t>(1, k));
  const std::int64_t block = std::min(positions, most);
  if (y.empty()) return;
  op.require_room(product({k + taps, block}), sizeof(T));
  op.spend(static_cast<double>(positions) * static_cast<double>(taps));
  std::vector<T> unfolded(at(k * block));
  std::vector<std::int64_t> places(at(taps * block));  // the same for every plane
  for (std::int64_t from = 0; from < positions; from += block) {
    const std::int64_t count = std::min(block, positions - from);
    for (std::int64_t j = 0; j < count; ++j) {
      sliding.each_tap(from + j, [&](std::int64_t tap, std::int64_t pixel, const Shape&) {
        places[at(tap * block + j)] = pixel;
      });
    }
    for (std::int64_t n = 0; n < p.batch * p.groups; ++n) {
      const std::int64_t group = n % p.groups;
      for (std::int64_t row = 0; row < k; ++row) {  // channel, then tap
        const std::int64_t* const place = places.data() + row % taps * block;
        const T* const plane = x.data() + (n * p.in_each + row / taps) * pixels;
        T* const out = unfolded.data() + row * block;
        for (std::int64_t j = 0; j < count; ++j) out[j] = place[j] < 0 ? T{0} : plane[place[j]];
      }
      auto out = wrapping_matrix(y, n * p.out_each * positions, p.out_each, positions);
      out.middleCols(from, count).noalias() =
          wrapping_matrix(w, group * p.out_each * k, p.out_each, k) *
          wrapping_matrix(unfolded, 0, k, block).leftCols(count);
    }
  }
}

template <typename T>
void add_bias(const std::vector<T>& bias, std::int64_t positions, std::vector<T>& y) {
  const auto channels = static_cast<std::int64_t>(bias.size());
  if (channels == 0) return;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const T added = bias[at(static_cast<std::int64_t>(i) / positions % channels)];
    y[i] = wrap(y[i], added, std::plus<>());
  }
}

// Integers less a zero point: one for all, or one for each of the first axis (kernels).
std::vector<std::int64_t> less_zero(const NodeRun& op, std::size_t input, std::size_t zero) {
  std::vector<std::int64_t> x = op.ints(input);
  if (!op.has(zero)) return x;
  const std::vector<std::int64_t> zeros = op.ints(zero);
  const std::size_t each =
      std::max<std::size_t>(1, zeros.empty() ? x.size() : x.size() / zeros.size());
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] = wrap(x[i], zeros.at(zeros.size() == 1 ? 0 : i / each), std::minus<>());
  return x;
}

// Where a pool's window takes from: f(out element, tap, input element or -1, coordinates).
struct PoolPlan {
  Window window;
  Shape output;
  std::int64_t planes;
};

PoolPlan pool_plan(const NodeRun& op) {
  PoolPlan p{read_window(op, pixels_of(op.shape(0)), {}), {}, 0};
  p.output = window_output(op, p.window);
  p.planes = op.dim(0, 0) * op.dim(0, 1);
  return p;
}

// Of the padded input, what lies beyond the end (ceil_mode) is no padding.
bool in_padding(const Window& w, const Shape& where) {
  for (std::size_t i = 0; i < where.size(); ++i) {
    if (where[i] >= w.input[i] + w.pads[i + where.size()]) return false;
  }
  return true;
}

// finish(sum of f(element), elements inside, elements of the padding) for every window.
template <typename F, typename G>
void sum_windows(NodeRun& op, F f, G finish) {
  const PoolPlan p = pool_plan(op);
  const Sliding sliding(p.window, p.output);
  const std::int64_t pixels = product(p.window.input), positions = sliding.positions();
  op.floats(0, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T>& x = op.in<T>(0);
    std::vector<T>& out = op.out<T>(0);
    for (std::int64_t n = 0; n < p.planes * positions; ++n) {
      double sum = 0;
      std::int64_t inside = 0, padded = 0;
      sliding.each_tap(n % positions, [&](std::int64_t, std::int64_t pixel, const Shape& where) {
        if (pixel >= 0) sum += f(static_cast<double>(x[at(n / positions * pixels + pixel)]));
        inside += pixel >= 0 ? 1 : 0;
        padded += pixel < 0 && in_padding(p.window, where) ? 1 : 0;
      });
      out[at(n)] = static_cast<T>(finish(sum, inside, padded));
    }
  });
}

template <typename F>
void global_pool(NodeRun& op, F f) {
  const std::int64_t planes = op.dim(0, 0) * op.dim(0, 1);
  const std::int64_t pixels = product(pixels_of(op.shape(0)));
  op.floats(0, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T>& x = op.in<T>(0);
    std::vector<T>& out = op.out<T>(0);
    for (std::int64_t n = 0; n < planes; ++n) {
      out[at(n)] = static_cast<T>(f(x.data() + n * pixels, pixels));
    }
  });
}

}  // namespace

void conv(NodeRun& op) {
  const ConvPlan p = plan(op, 0, 1);
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    std::vector<T>& y = op.out<T>(0);
    convolve(op, p, op.in<T>(0), op.in<T>(1), y);
    if (op.has(2)) add_bias(op.in<T>(2), product(p.output), y);
  });
}

void conv_integer(NodeRun& op) {
  const ConvPlan p = plan(op, 0, 1);
  convolve(op, p, less_zero(op, 0, 2), less_zero(op, 1, 3), op.out<std::int64_t>(0));
}

// x, x_scale, x_zero, w, w_scale, w_zero, y_scale, y_zero, bias
void qlinear_conv(NodeRun& op) {
  const ConvPlan p = plan(op, 0, 3);
  Value& y = op.out(0);
  std::vector<std::int64_t> sums(at(product(y.shape)));
  convolve(op, p, less_zero(op, 0, 2), less_zero(op, 3, 5), sums);
  const std::int64_t positions = product(p.output), channels = p.groups * p.out_each;
  if (op.has(8)) add_bias(op.ints(8), positions, sums);
  const double x_scale = op.real_or(1, 1), y_scale = op.real_or(6, 1), zero = op.real_or(7, 0);
  const std::vector<double> w_scale = op.reals(4);
  const Rounding to(y.type);
  std::vector<double> out(sums.size());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const std::size_t channel = at(static_cast<std::int64_t>(i) / positions % channels);
    const double scale = x_scale * w_scale.at(w_scale.size() == 1 ? 0 : channel) / y_scale;
    out[i] = to.quantised(static_cast<double>(sums[i]) * scale, zero);
  }
  store(out, y);
}

// Every input pixel adds its kernel's window to the output.
void conv_transpose(NodeRun& op) {
  Window w = read_window(op, pixels_of(op.shape(0)), pixels_of(op.shape(1)));
  const Shape output = transposed_output(op, w);
  const std::size_t rank = output.size();
  // Seen from the output, the input is what a convolution over it would give.
  Window back = w;
  back.input = output;
  const Shape extra = op.attr_ints("output_padding");
  if (!extra.empty() && extra.size() != rank) op.mismatch("output_padding");
  for (std::size_t i = 0; i < rank; ++i) {
    const std::int64_t reach = (w.kernel[i] - 1) * w.dilations[i] + 1;
    const std::int64_t whole =
        w.strides[i] * (w.input[i] - 1) + reach + (extra.empty() ? 0 : extra[i]);
    const std::int64_t all = std::max<std::int64_t>(0, whole - output[i]);  // what is cut off
    const bool named = !op.attr_ints("output_shape").empty();
    if (named || w.auto_pad == "SAME_UPPER" || w.auto_pad == "SAME_LOWER") {
      const bool upper = w.auto_pad == "SAME_UPPER";
      back.pads[i] = upper ? all / 2 : all - all / 2;
    }
  }
  if (back.auto_pad != "VALID") back.auto_pad = "NOTSET";
  const std::int64_t groups = op.attr_int("group", 1), batch = op.dim(0, 0);
  const std::int64_t in_each = op.dim(0, 1) / groups, out_each = op.dim(1, 1);
  op.floats(0, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T>&x = op.in<T>(0), &kernel = op.in<T>(1);
    std::vector<T>& y = op.out<T>(0);
    const Sliding sliding(back, w.input);
    const std::int64_t pixels = product(w.input), taps = sliding.taps(),
                       out_pixels = product(output);
    if (y.empty()) return;
    op.require_room(product({out_each, taps, pixels}), sizeof(T));
    op.spend(static_cast<double>(batch * groups) * static_cast<double>(pixels) *
             static_cast<double>(taps));
    for (std::int64_t n = 0; n < batch * groups; ++n) {
      const std::int64_t group = n % groups;
      // [out x taps, pixels]
      const RowMajor<T> added =
          matrix(kernel, group * in_each * out_each * taps, in_each, out_each * taps).transpose() *
          matrix(x, n * in_each * pixels, in_each, pixels);
      for (std::int64_t j = 0; j < pixels; ++j) {
        sliding.each_tap(j, [&](std::int64_t tap, std::int64_t pixel, const Shape&) {
          for (std::int64_t c = 0; pixel >= 0 && c < out_each; ++c) {
            y[at((n * out_each + c) * out_pixels + pixel)] += added(c * taps + tap, j);
          }
        });
      }
    }
    if (op.has(2)) add_bias(op.in<T>(2), out_pixels, y);
  });
}

void max_pool(NodeRun& op) {
  const PoolPlan p = pool_plan(op);
  const Sliding sliding(p.window, p.output);
  const std::int64_t pixels = product(p.window.input), positions = sliding.positions();
  const bool column_major = op.attr_int("storage_order", 0) != 0;
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T>& x = op.in<T>(0);
    std::vector<T>& out = op.out<T>(0);
    auto* const indices = op.has_output(1) ? &op.out<std::int64_t>(1) : nullptr;
    for (std::int64_t n = 0; n < p.planes * positions; ++n) {
      std::int64_t best = -1;
      Shape best_at;
      sliding.each_tap(n % positions, [&](std::int64_t, std::int64_t pixel, const Shape& where) {
        const std::int64_t k = n / positions * pixels + pixel;
        if (pixel < 0 || (best >= 0 && !(x[at(k)] > x[at(best)]))) return;
        best = k;
        best_at = where;
      });
      if (best < 0) {
        out[at(n)] = std::numeric_limits<T>::lowest();
        continue;
      }
      out[at(n)] = x[at(best)];
      if (indices == nullptr) continue;
      std::int64_t index = best;
      if (column_major) {
        index = 0;
        for (std::size_t i = best_at.size(); i-- > 0;)
          index = index * p.window.input[i] + best_at[i];
        index += n / positions * pixels;
      }
      (*indices)[at(n)] = index;
    }
  });
}

void average_pool(NodeRun& op) {
  const bool count_padding = op.attr_int("count_include_pad", 0) != 0;
  sum_windows(
      op, [](double x) { return x; },
      [&](double sum, std::int64_t inside, std::int64_t padded) {
        return sum / static_cast<double>(inside + (count_padding ? padded : 0));
      });
}

void lp_pool(NodeRun& op) {
  const auto power = static_cast<double>(op.attr_int("p", 2));
  sum_windows(
      op, [&](double x) { return std::pow(std::fabs(x), power); },
      [&](double sum, std::int64_t, std::int64_t) { return std::pow(sum, 1 / power); });
}

void global_max_pool(NodeRun& op) {
  global_pool(op, [](const auto* x, std::int64_t count) {
    return count == 0 ? 0 : *std::max_element(x, x + count);
  });
}
void global_average_pool(NodeRun& op) {
  global_pool(op, [](const auto* x, std::int64_t count) {
    double sum = 0;
    for (std::int64_t i = 0; i < count; ++i) sum += static_cast<double>(x[i]);
    return sum / static_cast<double>(count);
  });
}
void global_lp_pool(NodeRun& op) {
  const auto power = static_cast<double>(op.attr_int("p", 2));
  global_pool(op, [&](const auto* x, std::int64_t count) {
    double sum = 0;
    for (std::int64_t i = 0; i < count; ++i) {
      sum += std::pow(std::fabs(static_cast<double>(x[i])), power);
    }
    return std::pow(sum, 1 / power);
  });
}

}  // namespace tilewright::kernel
