// Elements that change places: transposes, joins, slices, gathers and scatters, padding, tiling.
#include <algorithm>
#include <cmath>

#include "frontend/interpret/broadcast.h"
#include "frontend/interpret/kernels.h"
#include "frontend/interpret/rounding.h"
#include "frontend/interpret/wrapping.h"
#include "frontend/op_helpers.h"
#include "frontend/slice_cut.h"

namespace tilewright::kernel {
namespace {

// Output 0's elements lie in input 0 with these strides, from `first` on.
void strided_copy(NodeRun& op, const Shape& strides, std::int64_t first) {
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T>& x = op.in<T>(0);
    std::vector<T>& out = op.out<T>(0);
    const Shape shape = op.output(0).shape;
    for_rows<2>(shape, {strides_of(shape), strides},
                [&](const auto& start, const auto& step, std::int64_t length) {
                  for (std::int64_t j = 0; j < length; ++j) {
                    out[at(start[0] + j * step[0])] = x[at(first + start[1] + j * step[1])];
                  }
                });
  });
}

// out[j] = x[source(j)]; a negative source leaves `otherwise`.
template <typename F>
void pick(NodeRun& op, F source) {
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T>& x = op.in<T>(0);
    std::vector<T>& out = op.out<T>(0);
    for (std::size_t j = 0; j < out.size(); ++j) {
      const std::int64_t from = source(static_cast<std::int64_t>(j));
      if (from >= 0) out[j] = x[at(from)];
    }
  });
}

std::int64_t checked(const NodeRun& op, std::int64_t index, std::int64_t extent) {
  const std::int64_t from_start = index < 0 ? index + extent : index;
  if (from_start < 0 || from_start >= extent) {
    op.mismatch("index " + std::to_string(index) + " of " + std::to_string(extent));
  }
  return from_start;
}

// Coordinates of element j, and back.
Shape coordinates(std::int64_t j, const Shape& shape) {
  Shape c(shape.size());
  for (std::size_t i = shape.size(); i-- > 0; j /= shape[i]) c[i] = j % shape[i];
  return c;
}
std::int64_t offset(const Shape& c, const Shape& shape) {
  std::int64_t j = 0;
  for (std::size_t i = 0; i < shape.size(); ++i) j = j * shape[i] + c[i];
  return j;
}

template <typename T>
T combined(const NodeRun& op, const std::string& how, T old, T update) {
  if (how == "none") return update;
  if (how == "add") return wrap(old, update, std::plus<>());
  if (how == "mul") return wrap(old, update, std::multiplies<>());
  if (how == "min") return std::min(old, update);
  if (how == "max") return std::max(old, update);
  op.refuse("reduction '" + how + "'");
}

// Indices lie beside the data, axis by axis.
void check_ranks(const NodeRun& op, std::size_t input) {
  if (op.rank(input) != op.rank(0)) op.mismatch("indices of another rank than the data");
}

// Where an extent-`n` axis mirrors or repeats position i.
std::int64_t mirrored(std::int64_t i, std::int64_t n) {
  if (n == 1) return 0;
  const std::int64_t period = 2 * (n - 1);
  const std::int64_t rest = ((i % period) + period) % period;
  return rest < n ? rest : period - rest;
}

std::int64_t padded_source(const NodeRun& op, const std::string& mode, std::int64_t i,
                           std::int64_t n) {
  if (i >= 0 && i < n) return i;
  if (mode == "constant" || n == 0) return -1;
  if (mode == "edge") return std::clamp<std::int64_t>(i, 0, n - 1);
  if (mode == "reflect") return mirrored(i, n);
  if (mode == "wrap") return ((i % n) + n) % n;
  op.refuse("mode '" + mode + "'");
}

template <typename T>
T one_element(const NodeRun& op, std::size_t i, T otherwise) {
  if (!op.has(i)) return otherwise;
  const std::vector<T>& x = op.in<T>(i);
  if (x.size() != 1) op.mismatch("input " + std::to_string(i) + " is not one element");
  return x[0];
}

}  // namespace

void identity(NodeRun& op) {
  Value value = op.in(0);
  if (op.output(0).has_shape) value.shape = op.output(0).shape;
  op.put(0, std::move(value));
}

// Inference: the input, and a mask of ones. (A training run would draw.)
void dropout(NodeRun& op) {
  const bool training = op.has(2) && op.int_or(2, 0) != 0 && op.real_or(1, 0.5) > 0;
  if (training) op.refuse("training");
  identity(op);
  if (op.has_output(1)) {
    auto& mask = op.out<std::int64_t>(1);
    std::fill(mask.begin(), mask.end(), 1);
  }
}

void transpose(NodeRun& op) {
  const Shape perm = op.attr_ints("perm"), own = strides_of(op.shape(0));
  Shape strides;
  for (std::size_t i = 0; i < own.size(); ++i) {
    strides.push_back(own[perm.empty() ? own.size() - 1 - i : at(perm[i])]);
  }
  strided_copy(op, strides, 0);
}

void concat(NodeRun& op) {
  const std::int64_t axis = op.axis(op.attr_int("axis", 1), op.rank(0));
  const AxisView whole = view_axis(op.output(0).shape, axis);
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    std::vector<T>& out = op.out<T>(0);
    std::int64_t done = 0;
    for (std::size_t i = 0; i < op.inputs(); ++i) {
      const std::vector<T>& x = op.in<T>(i);
      const std::int64_t length = op.dim(i, axis) * whole.inner;
      for (std::int64_t o = 0; o < whole.outer; ++o) {
        std::copy_n(x.begin() + o * length, length,
                    out.begin() + o * whole.extent * whole.inner + done);
      }
      done += length;
    }
  });
}

void split(NodeRun& op) {
  const std::int64_t axis = op.axis(op.attr_int("axis", 0), op.rank(0));
  const AxisView whole = view_axis(op.shape(0), axis);
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T>& x = op.in<T>(0);
    std::int64_t done = 0;
    for (std::size_t i = 0; i < op.outputs(); ++i) {
      std::vector<T>& out = op.out<T>(i);
      const std::int64_t length = op.output(i).shape[at(axis)] * whole.inner;
      for (std::int64_t o = 0; o < whole.outer; ++o) {
        std::copy_n(x.begin() + o * whole.extent * whole.inner + done, length,
                    out.begin() + o * length);
      }
      done += length;
    }
  });
}

void slice(NodeRun& op) {
  const bool by_input = op.inputs() > 1;
  const Shape starts = by_input ? op.ints(1) : op.attr_ints("starts");
  const Shape ends = by_input ? op.ints(2) : op.attr_ints("ends");
  const Shape axes = op::axes_or_all(op.has(3) ? op.ints(3) : op.attr_ints("axes"), starts.size());
  Shape steps = op.has(4) ? op.ints(4) : op.attr_ints("steps");
  steps.resize(starts.size(), 1);
  Shape strides = strides_of(op.shape(0));
  std::int64_t first = 0;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const std::size_t axis = at(op.axis(axes[i], op.rank(0)));
    const Cut cut = cut_axis(op, op.shape(0)[axis], starts[i], ends[i], steps[i]);
    first += cut.start * strides[axis];
    // A step beyond the extent takes one element, however large it is.
    strides[axis] *= std::clamp(cut.step, -op.shape(0)[axis], op.shape(0)[axis]);
  }
  strided_copy(op, strides, first);
}

void gather(NodeRun& op) {
  const std::int64_t axis = op.axis(op.attr_int("axis", 0), op.rank(0));
  const AxisView v = view_axis(op.shape(0), axis);
  Shape indices = op.ints(1);
  for (std::int64_t& index : indices) index = checked(op, index, v.extent);
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T>& x = op.in<T>(0);
    auto out = op.out<T>(0).begin();
    for (std::int64_t o = 0; o < v.outer; ++o) {
      for (const std::int64_t index : indices) {
        out = std::copy_n(x.begin() + (o * v.extent + index) * v.inner, v.inner, out);
      }
    }
  });
}

void gather_elements(NodeRun& op) {
  check_ranks(op, 1);
  const std::int64_t axis = op.axis(op.attr_int("axis", 0), op.rank(0));
  const Shape indices = op.ints(1), shape = op.shape(1), data = op.shape(0);
  pick(op, [&](std::int64_t j) {
    Shape c = coordinates(j, shape);
    c[at(axis)] = checked(op, indices[at(j)], data[at(axis)]);
    for (std::size_t i = 0; i < c.size(); ++i) static_cast<void>(checked(op, c[i], data[i]));
    return offset(c, data);
  });
}

// Where the tuple number t of `indices` points in data: after `batch` axes of its own.
namespace {
std::int64_t pointed(const NodeRun& op, const Shape& indices, std::int64_t t, std::int64_t length,
                     const Shape& data, std::int64_t batch, std::int64_t batch_index) {
  std::int64_t place = batch_index;
  for (std::int64_t i = 0; i < length; ++i) {
    const std::int64_t extent = data[at(batch + i)];
    place = place * extent + checked(op, indices[at(t * length + i)], extent);
  }
  return place;
}
}  // namespace

void gather_nd(NodeRun& op) {
  const Shape indices = op.ints(1), data = op.shape(0);
  const std::int64_t batch = op.attr_int("batch_dims", 0), length = op.dim(1, -1);
  for (std::int64_t i = 0; i < batch; ++i) {
    if (op.dim(0, i) != op.dim(1, i)) op.mismatch("batch axes of data and indices");
  }
  const std::int64_t run = product(Shape(data.begin() + batch + length, data.end()));
  const std::int64_t batches = product(Shape(data.begin(), data.begin() + batch));
  const std::int64_t tuples = product(Shape(op.shape(1).begin(), op.shape(1).end() - 1));
  const std::int64_t each = std::max<std::int64_t>(1, batches == 0 ? 1 : tuples / batches);
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T>& x = op.in<T>(0);
    auto out = op.out<T>(0).begin();
    for (std::int64_t t = 0; t < tuples; ++t) {
      const std::int64_t place = pointed(op, indices, t, length, data, batch, t / each);
      out = std::copy_n(x.begin() + place * run, run, out);
    }
  });
}

void scatter_elements(NodeRun& op) {
  check_ranks(op, 1);
  const std::int64_t axis = op.axis(op.attr_int("axis", 0), op.rank(0));
  const std::string how = op.attr_string("reduction", "none");
  const Shape indices = op.ints(1), shape = op.shape(1), data = op.shape(0);
  identity(op);
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    std::vector<T>& out = op.out<T>(0);
    const std::vector<T>& updates = op.in<T>(2);
    if (updates.size() != indices.size()) op.mismatch("as many updates as indices are needed");
    for (std::size_t j = 0; j < indices.size(); ++j) {
      Shape c = coordinates(static_cast<std::int64_t>(j), shape);
      c[at(axis)] = checked(op, indices[j], data[at(axis)]);
      for (std::size_t i = 0; i < c.size(); ++i) static_cast<void>(checked(op, c[i], data[i]));
      T& y = out[at(offset(c, data))];
      y = combined(op, how, y, updates[j]);
    }
  });
}

void scatter_nd(NodeRun& op) {
  const std::string how = op.attr_string("reduction", "none");
  const Shape indices = op.ints(1), data = op.shape(0);
  const std::int64_t length = op.dim(1, -1);
  if (length > op.rank(0)) op.mismatch("index tuples longer than the data's rank");
  const std::int64_t run = product(Shape(data.begin() + length, data.end()));
  const std::int64_t tuples = length == 0 ? 1 : static_cast<std::int64_t>(indices.size()) / length;
  identity(op);
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    std::vector<T>& out = op.out<T>(0);
    const std::vector<T>& updates = op.in<T>(2);
    if (static_cast<std::int64_t>(updates.size()) != product({tuples, run})) {
      op.mismatch("updates do not fit the indices");
    }
    for (std::int64_t t = 0; t < tuples; ++t) {
      const std::int64_t first = pointed(op, indices, t, length, data, 0, 0) * run;
      for (std::int64_t j = 0; j < run; ++j) {
        T& y = out[at(first + j)];
        y = combined(op, how, y, updates[at(t * run + j)]);
      }
    }
  });
}

// past_cache, update, write_indices: update goes along `axis` from the batch's index on.
void tensor_scatter(NodeRun& op) {
  check_ranks(op, 1);
  const std::int64_t axis = op.axis(op.attr_int("axis", -2), op.rank(0));
  const bool circular = op.attr_string("mode", "linear") == "circular";
  const Shape data = op.shape(0), shape = op.shape(1);
  const Shape first = op.has(2) ? op.ints(2) : Shape(at(op.dim(0, 0)), 0);
  for (const std::int64_t index : first) {
    if (index < 0 || index > 1LL << 48) op.mismatch("a write index out of range");
  }
  identity(op);
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    std::vector<T>& out = op.out<T>(0);
    const std::vector<T>& update = op.in<T>(1);
    for (std::size_t j = 0; j < update.size(); ++j) {
      Shape c = coordinates(static_cast<std::int64_t>(j), shape);
      std::int64_t place = c[at(axis)] + first.at(at(c[0]));
      if (circular && data[at(axis)] > 0) place %= data[at(axis)];
      c[at(axis)] = checked(op, place, data[at(axis)]);
      out.at(at(offset(c, data))) = update[j];
    }
  });
}

void reverse_sequence(NodeRun& op) {
  const std::int64_t time = op.axis(op.attr_int("time_axis", 0), op.rank(0));
  const std::int64_t batch = op.axis(op.attr_int("batch_axis", 1), op.rank(0));
  const Shape lengths = op.ints(1), shape = op.shape(0);
  pick(op, [&](std::int64_t j) {
    Shape c = coordinates(j, shape);
    const std::int64_t length = lengths.at(at(c[at(batch)]));
    std::int64_t& t = c[at(time)];
    if (t < length) t = checked(op, length - 1 - t, shape[at(time)]);
    return offset(c, shape);
  });
}

void trilu(NodeRun& op) {
  const bool upper = op.attr_int("upper", 1) != 0;
  const std::int64_t k = op.int_or(1, 0), rows = op.dim(0, -2), columns = op.dim(0, -1);
  pick(op, [&](std::int64_t j) {
    const std::int64_t diagonal = j % columns - j / columns % rows;
    return (upper ? diagonal >= k : diagonal <= k) ? j : -1;
  });
}

void pad(NodeRun& op) {
  const Shape shape = op.shape(0), to = op.output(0).shape;
  const Shape pads =
      op.has(1) ? op.ints(1) : op.attr_ints(op.has_attr("paddings") ? "paddings" : "pads");
  const Shape axes = op::axes_or_all(op.has(3) ? op.ints(3) : op.attr_ints("axes"), shape.size());
  Shape before(shape.size(), 0);
  for (std::size_t i = 0; i < axes.size(); ++i) before[at(op.axis(axes[i], op.rank(0)))] = pads[i];
  const std::string mode = op.attr_string("mode", "constant");
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    std::vector<T>& out = op.out<T>(0);
    const T fill = one_element<T>(op, 2, saturated<T>(op.attr_float("value", 0)));
    std::fill(out.begin(), out.end(), fill);
  });
  pick(op, [&](std::int64_t j) {
    Shape c = coordinates(j, to);
    for (std::size_t i = 0; i < c.size(); ++i) {
      c[i] = padded_source(op, mode, c[i] - before[i], shape[i]);
      if (c[i] < 0) return std::int64_t{-1};
    }
    return offset(c, shape);
  });
}

void tile(NodeRun& op) {
  const Shape shape = op.shape(0), to = op.output(0).shape;
  pick(op, [&](std::int64_t j) {
    Shape c = coordinates(j, to);
    for (std::size_t i = 0; i < c.size(); ++i) c[i] %= shape[i];
    return offset(c, shape);
  });
}

void expand(NodeRun& op) {
  strided_copy(op, broadcast_strides(op.shape(0), op.output(0).shape), 0);
}

// [n, b, b, c, h, w] or, "CRD", [n, c, b, b, h, w] to [n, c, h, b, w, b].
void depth_to_space(NodeRun& op) {
  const std::int64_t b = op.attr_int("blocksize", 1);
  const bool column_first = op.attr_string("mode", "DCR") == "CRD";
  const Shape shape = op.shape(0), to = op.output(0).shape;
  const std::int64_t channels = to[1];
  pick(op, [&](std::int64_t j) {
    const Shape c = coordinates(j, to);
    const std::int64_t block = c[2] % b * b + c[3] % b;
    const std::int64_t depth = column_first ? c[1] * b * b + block : block * channels + c[1];
    return offset({c[0], depth, c[2] / b, c[3] / b}, shape);
  });
}

void space_to_depth(NodeRun& op) {
  const std::int64_t b = op.attr_int("blocksize", 1);
  const Shape shape = op.shape(0), to = op.output(0).shape;
  pick(op, [&](std::int64_t j) {
    const Shape c = coordinates(j, to);
    const std::int64_t block = c[1] / shape[1];
    return offset({c[0], c[1] % shape[1], c[2] * b + block / b, c[3] * b + block % b}, shape);
  });
}

void center_crop_pad(NodeRun& op) {
  const Shape shape = op.shape(0), to = op.output(0).shape;
  pick(op, [&](std::int64_t j) {
    Shape c = coordinates(j, to);
    for (std::size_t i = 0; i < c.size(); ++i) {
      // The odd element is cropped, or padded, at the end.
      c[i] += to[i] < shape[i] ? (shape[i] - to[i]) / 2 : -((to[i] - shape[i]) / 2);
      if (c[i] < 0 || c[i] >= shape[i]) return std::int64_t{-1};
    }
    return offset(c, shape);
  });
}

}  // namespace tilewright::kernel
