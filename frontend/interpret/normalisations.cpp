// Normalisations: over the last axes, over channels, over windows of channels. Statistics are taken
// in float64.
#include <algorithm>
#include <cmath>

#include "frontend/interpret/broadcast.h"
#include "frontend/interpret/kernels.h"
#include "frontend/op_helpers.h"

namespace tilewright::kernel {
namespace {

struct Statistics {
  double mean = 0, variance = 0;
};

// Of `count` elements from `first` on, `step` apart.
template <typename T>
Statistics statistics(const std::vector<T>& x, std::int64_t first, std::int64_t step,
                      std::int64_t count) {
  Statistics s;
  for (std::int64_t j = 0; j < count; ++j) s.mean += static_cast<double>(x[at(first + j * step)]);
  s.mean /= static_cast<double>(count);
  for (std::int64_t j = 0; j < count; ++j) {
    const double d = static_cast<double>(x[at(first + j * step)]) - s.mean;
    s.variance += d * d;
  }
  s.variance /= static_cast<double>(count);
  return s;
}

void write_real(NodeRun& op, std::size_t output, std::int64_t i, double value) {
  if (!op.has_output(output)) return;
  std::visit(
      [&](auto& to) {
        to[at(i)] = static_cast<typename std::decay_t<decltype(to)>::value_type>(value);
      },
      op.out(output).elements);
}

// y = f(line's first element, line number) for every line of the axes from `axis` on; scale and
// bias (inputs 1 and 2) broadcast to the input.
template <typename T, typename F>
void scaled(NodeRun& op, std::size_t scale, std::size_t bias, F normalised) {
  const Shape& shape = op.shape(0);
  std::vector<T>& out = op.out<T>(0);
  normalised(out);
  const auto combine = [&](std::size_t input, auto f) {
    if (!op.has(input)) return;
    const std::vector<double> by = op.reals(input);
    for_rows<2>(shape, {strides_of(shape), broadcast_strides(op.shape(input), shape)},
                [&](const auto& start, const auto& step, std::int64_t length) {
                  for (std::int64_t j = 0; j < length; ++j) {
                    T& y = out[at(start[0] + j * step[0])];
                    y = static_cast<T>(f(static_cast<double>(y), by[at(start[1] + j * step[1])]));
                  }
                });
  };
  combine(scale, std::multiplies<>());
  combine(bias, std::plus<>());
}

// Normalises every line of `count` elements; the mean only when `centred`.
template <typename T>
void normalise_lines(NodeRun& op, const std::vector<T>& x, std::vector<T>& out, std::int64_t count,
                     double epsilon, bool centred) {
  const std::int64_t outer = count == 0 ? 0 : static_cast<std::int64_t>(x.size()) / count;
  for (std::int64_t o = 0; o < outer; ++o) {
    Statistics s = statistics(x, o * count, 1, count);
    if (!centred) s = {0, s.variance + s.mean * s.mean};
    const double inverse = 1 / std::sqrt(s.variance + epsilon);
    for (std::int64_t j = 0; j < count; ++j) {
      const std::size_t k = at(o * count + j);
      out[k] = static_cast<T>((static_cast<double>(x[k]) - s.mean) * inverse);
    }
    if (centred) write_real(op, 1, o, s.mean);
    write_real(op, centred ? 2 : 1, o, inverse);
  }
}

void last_axes_norm(NodeRun& op, bool centred) {
  const std::int64_t axis = op.axis(op.attr_int("axis", -1), op.rank(0));
  const std::int64_t count = product(Shape(op.shape(0).begin() + axis, op.shape(0).end()));
  const double epsilon = op.attr_float("epsilon", 1e-5);
  op.floats(0, [&](auto zero) {
    using T = decltype(zero);
    scaled<T>(op, 1, 2, [&](std::vector<T>& out) {
      normalise_lines(op, op.in<T>(0), out, count, epsilon, centred);
    });
  });
}

// Groups of channels of [batch, channels, ...] normalised together, then scale and bias of the
// channel: `of_group` when there is one a group.
void channel_norm(NodeRun& op, std::int64_t groups, bool of_group) {
  const double epsilon = op.attr_float("epsilon", 1e-5);
  const std::int64_t batch = op.dim(0, 0), channels = op.dim(0, 1);
  if (groups < 1 || groups > std::max<std::int64_t>(1, channels) || channels % groups != 0)
    op.mismatch("the groups do not divide the channels");
  const std::int64_t pixels = product(Shape(op.shape(0).begin() + 2, op.shape(0).end()));
  const std::int64_t each = channels / groups;
  const std::vector<double> scale = op.reals(1), bias = op.reals(2);
  if (static_cast<std::int64_t>(scale.size()) != (of_group ? groups : channels) ||
      bias.size() != scale.size()) {
    op.mismatch("scale and bias do not fit the channels");
  }
  op.floats(0, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T>& x = op.in<T>(0);
    std::vector<T>& out = op.out<T>(0);
    for (std::int64_t n = 0; n < batch * groups; ++n) {
      const std::int64_t first = n * each * pixels;
      const Statistics s = statistics(x, first, 1, each * pixels);
      const double inverse = 1 / std::sqrt(s.variance + epsilon);
      for (std::int64_t j = 0; j < each * pixels; ++j) {
        const std::int64_t group = n % groups, channel = group * each + j / pixels;
        const std::size_t c = at(of_group ? group : channel);
        const std::size_t k = at(first + j);
        out[k] =
            static_cast<T>((static_cast<double>(x[k]) - s.mean) * inverse * scale[c] + bias[c]);
      }
    }
  });
}

}  // namespace

void layer_normalization(NodeRun& op) {
  last_axes_norm(op, true);
}
void rms_normalization(NodeRun& op) {
  last_axes_norm(op, false);
}
void instance_normalization(NodeRun& op) {
  channel_norm(op, op.dim(0, 1), false);
}
// Before opset 21 scale and bias were given a group.
void group_normalization(NodeRun& op) {
  channel_norm(op, op.attr_int("num_groups", 0), op.opset() < 21);
}

// With `training_mode` by the batch's own statistics, and the running ones as outputs 1 and 2.
void batch_normalization(NodeRun& op) {
  const double epsilon = op.attr_float("epsilon", 1e-5), momentum = op.attr_float("momentum", 0.9);
  const bool training = op.opset() >= 14 && op.attr_int("training_mode", 0) != 0;
  const std::int64_t batch = op.dim(0, 0), channels = op.rank(0) > 1 ? op.dim(0, 1) : 1;
  const std::int64_t pixels =
      op.rank(0) > 2 ? product(Shape(op.shape(0).begin() + 2, op.shape(0).end())) : 1;
  const std::vector<double> scale = op.reals(1), bias = op.reals(2);
  const std::vector<double> mean = op.reals(3), variance = op.reals(4);
  for (const auto* const list : {&scale, &bias, &mean, &variance}) {
    if (static_cast<std::int64_t>(list->size()) != channels) op.mismatch("channels");
  }
  op.floats(0, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T>& x = op.in<T>(0);
    std::vector<T>& out = op.out<T>(0);
    for (std::int64_t c = 0; c < channels; ++c) {
      std::vector<T> own;
      const auto each = [&](auto f) {
        for (std::int64_t n = 0; n < batch; ++n) {
          for (std::int64_t j = 0; j < pixels; ++j) f(at((n * channels + c) * pixels + j));
        }
      };
      Statistics s{mean[at(c)], variance[at(c)]};
      if (training) {
        each([&](std::size_t k) { own.push_back(x[k]); });
        s = statistics(own, 0, 1, static_cast<std::int64_t>(own.size()));
        write_real(op, 1, c, mean[at(c)] * momentum + s.mean * (1 - momentum));
        write_real(op, 2, c, variance[at(c)] * momentum + s.variance * (1 - momentum));
      }
      const double factor = scale[at(c)] / std::sqrt(s.variance + epsilon);
      each([&](std::size_t k) {
        out[k] = static_cast<T>((static_cast<double>(x[k]) - s.mean) * factor + bias[at(c)]);
      });
    }
  });
}

void mean_variance_normalization(NodeRun& op) {
  std::vector<std::int64_t> axes = op.attr_ints("axes");
  if (axes.empty()) axes = {0, 2, 3};
  const Shape& shape = op.shape(0);
  Shape kept = shape;
  std::int64_t each = 1;
  for (const std::int64_t axis : axes) {
    std::int64_t& extent = kept[at(op.axis(axis, op.rank(0)))];
    each *= extent;
    extent = 1;
  }
  op.floats(0, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T>& x = op.in<T>(0);
    std::vector<T>& out = op.out<T>(0);
    std::vector<double> mean(at(product(kept))), variance(mean.size());
    const auto visit = [&](auto f) {
      for_rows<2>(shape, {strides_of(shape), broadcast_strides(kept, shape)},
                  [&](const auto& start, const auto& step, std::int64_t length) {
                    for (std::int64_t j = 0; j < length; ++j) {
                      f(at(start[0] + j * step[0]), at(start[1] + j * step[1]));
                    }
                  });
    };
    const auto count = static_cast<double>(each);
    visit([&](std::size_t k, std::size_t s) { mean[s] += static_cast<double>(x[k]) / count; });
    visit([&](std::size_t k, std::size_t s) {
      const double d = static_cast<double>(x[k]) - mean[s];
      variance[s] += d * d / count;
    });
    visit([&](std::size_t k, std::size_t s) {
      out[k] =
          static_cast<T>((static_cast<double>(x[k]) - mean[s]) / (std::sqrt(variance[s]) + 1e-9));
    });
  });
}

void lp_normalization(NodeRun& op) {
  const AxisView v = view_axis(op.shape(0), op.axis(op.attr_int("axis", -1), op.rank(0)));
  const std::int64_t p = op.attr_int("p", 2);
  if (p != 1 && p != 2) op.refuse("p = " + std::to_string(p));
  op.floats(0, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T>& x = op.in<T>(0);
    std::vector<T>& out = op.out<T>(0);
    for (std::int64_t o = 0; o < v.outer; ++o) {
      for (std::int64_t i = 0; i < v.inner; ++i) {
        double sum = 0;
        const auto place = [&](std::int64_t j) { return at((o * v.extent + j) * v.inner + i); };
        for (std::int64_t j = 0; j < v.extent; ++j) {
          const double value = std::fabs(static_cast<double>(x[place(j)]));
          sum += p == 1 ? value : value * value;
        }
        const double norm = p == 1 ? sum : std::sqrt(sum);
        for (std::int64_t j = 0; j < v.extent; ++j) {
          out[place(j)] =
              norm == 0 ? T{0} : static_cast<T>(static_cast<double>(x[place(j)]) / norm);
        }
      }
    }
  });
}

// Across `size` channels around each.
void lrn(NodeRun& op) {
  const double alpha = op.attr_float("alpha", 1e-4), beta = op.attr_float("beta", 0.75);
  const double bias = op.attr_float("bias", 1);
  const std::int64_t size = op.attr_int("size", 1);
  if (size < 1) op.mismatch("size " + std::to_string(size));
  const AxisView v = view_axis(op.shape(0), op.axis(1, op.rank(0)));
  op.floats(0, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T>& x = op.in<T>(0);
    std::vector<T>& out = op.out<T>(0);
    for (std::int64_t o = 0; o < v.outer; ++o) {
      for (std::int64_t i = 0; i < v.inner; ++i) {
        const auto place = [&](std::int64_t c) { return at((o * v.extent + c) * v.inner + i); };
        for (std::int64_t c = 0; c < v.extent; ++c) {
          double sum = 0;
          const std::int64_t from = std::max<std::int64_t>(0, c - (size - 1) / 2);
          const std::int64_t to = std::min(v.extent - 1, c + size / 2);
          for (std::int64_t k = from; k <= to; ++k) {
            const auto value = static_cast<double>(x[place(k)]);
            sum += value * value;
          }
          const double scale = std::pow(bias + alpha / static_cast<double>(size) * sum, beta);
          out[place(c)] = static_cast<T>(static_cast<double>(x[place(c)]) / scale);
        }
      }
    }
  });
}

}  // namespace tilewright::kernel
