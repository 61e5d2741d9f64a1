// Metadata, constants and what makes tensors from numbers; outputs whose shape depends on values.
#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>

#include "frontend/interpret/broadcast.h"
#include "frontend/interpret/kernels.h"
#include "frontend/interpret/rounding.h"
#include "frontend/interpret/wrapping.h"
#include "frontend/window.h"

namespace tilewright::kernel {
namespace {

Value indices(NodeRun& op, Shape shape, const std::vector<std::int64_t>& values) {
  Value out = op.make(DType::kInt64, std::move(shape));
  std::copy(values.begin(), values.end(),
            std::get<std::vector<std::int64_t>>(out.elements).begin());
  return out;
}

void window_function(NodeRun& op, double a, double b, double c) {
  Value& y = op.out(0);
  const std::int64_t size = y.count();
  const auto period = static_cast<double>(op.attr_int("periodic", 1) != 0 ? size : size - 1);
  std::vector<double> values;
  for (std::int64_t i = 0; i < size; ++i) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(i) / period;
    values.push_back(a - b * std::cos(angle) + c * std::cos(2 * angle));
  }
  store(values, y);
}

}  // namespace

void shape_of(NodeRun& op) {
  auto& out = op.out<std::int64_t>(0);
  const auto rank = op.rank(0), start = op.attr_int("start", 0);
  const std::int64_t first = std::clamp<std::int64_t>(start < 0 ? start + rank : start, 0, rank);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = op.shape(0)[at(first) + i];
}
void size_of(NodeRun& op) {
  op.out<std::int64_t>(0)[0] = op.in(0).count();
}

void constant_of_shape(NodeRun& op) {
  const auto& attributes = op.node().attributes;
  const auto value = attributes.find("value");
  double real = 0;
  std::int64_t integer = 0;
  if (value != attributes.end()) {
    if (const auto* const ints = std::get_if<std::vector<std::int64_t>>(&value->second)) {
      integer = ints->at(0);
      real = static_cast<double>(integer);
    } else if (const auto* const reals = std::get_if<std::vector<double>>(&value->second)) {
      real = reals->at(0);
    }
  }
  const auto type =
      static_cast<DType>(op.attr_int("value.type", static_cast<std::int64_t>(DType::kFloat32)));
  Value out = op.make(type, op.ints(0));
  std::visit(
      [&](auto& to) {
        using T = typename std::decay_t<decltype(to)>::value_type;
        std::fill(to.begin(), to.end(),
                  std::is_floating_point_v<T> ? static_cast<T>(real) : static_cast<T>(integer));
      },
      out.elements);
  op.put(0, std::move(out));
}

void eye_like(NodeRun& op) {
  if (op.rank(0) != 2) op.mismatch("EyeLike of rank " + std::to_string(op.rank(0)));
  const std::int64_t rows = op.dim(0, 0), columns = op.dim(0, 1);
  // Beyond the matrix it is nowhere, however far.
  const std::int64_t k = std::clamp(op.attr_int("k", 0), -rows, columns);
  std::visit(
      [&](auto& out) {
        for (std::int64_t i = 0; i < rows; ++i) {
          if (i + k >= 0 && i + k < columns) out[at(i * columns + i + k)] = 1;
        }
      },
      op.out(0).elements);
}

void range(NodeRun& op) {
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    const T start = op.in<T>(0).at(0), step = op.in<T>(2).at(0);
    std::vector<T>& out = op.out<T>(0);
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = wrap(start, wrap(static_cast<T>(i), step, std::multiplies<>()), std::plus<>());
  });
}

void hann_window(NodeRun& op) {
  window_function(op, 0.5, 0.5, 0);
}
void hamming_window(NodeRun& op) {
  window_function(op, 25.0 / 46, 21.0 / 46, 0);
}
void blackman_window(NodeRun& op) {
  window_function(op, 0.42, 0.5, 0.08);
}

void non_zero(NodeRun& op) {
  const Shape& shape = op.shape(0);
  std::vector<std::int64_t> found;
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T>& x = op.in<T>(0);
    for (std::size_t j = 0; j < x.size(); ++j) {
      if (x[j] != 0) found.push_back(static_cast<std::int64_t>(j));
    }
  });
  const auto count = static_cast<std::int64_t>(found.size());
  std::vector<std::int64_t> rows(shape.size() * found.size());
  for (std::size_t j = 0; j < found.size(); ++j) {
    std::int64_t rest = found[j];
    for (std::size_t a = shape.size(); a-- > 0; rest /= shape[a]) {
      rows[a * found.size() + j] = rest % shape[a];
    }
  }
  op.put(0, indices(op, {op.rank(0), count}, rows));
}

void compress(NodeRun& op) {
  const std::vector<std::int64_t> chosen = op.ints(1);
  const bool flat = !op.has_attr("axis");
  const std::int64_t axis = flat ? 0 : op.axis(op.attr_int("axis", 0), op.rank(0));
  const AxisView v = flat ? AxisView{1, op.in(0).count(), 1} : view_axis(op.shape(0), axis);
  std::vector<std::int64_t> kept;
  for (std::int64_t j = 0; j < v.extent && j < static_cast<std::int64_t>(chosen.size()); ++j) {
    if (chosen[at(j)] != 0) kept.push_back(j);
  }
  const auto count = static_cast<std::int64_t>(kept.size());
  Shape shape = flat ? Shape{count} : op.shape(0);
  if (!flat) shape[at(axis)] = count;
  Value out = op.make(op.in(0).type, shape);
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T>& x = op.in<T>(0);
    auto to = std::get<std::vector<T>>(out.elements).begin();
    for (std::int64_t o = 0; o < v.outer; ++o) {
      for (const std::int64_t j : kept) {
        to = std::copy_n(x.begin() + (o * v.extent + j) * v.inner, v.inner, to);
      }
    }
  });
  op.put(0, std::move(out));
}

// Slices along an axis, or elements; sorted, or as they first come.
void unique(NodeRun& op) {
  const bool flat = !op.has_attr("axis"), sorted = op.attr_int("sorted", 1) != 0;
  const std::int64_t axis = flat ? 0 : op.axis(op.attr_int("axis", 0), op.rank(0));
  const AxisView v = flat ? AxisView{1, op.in(0).count(), 1} : view_axis(op.shape(0), axis);
  constexpr std::int64_t kEntry = 160;  // bytes of the map's and of its lists, about
  op.require_room(v.extent, kEntry);
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T>& x = op.in<T>(0);
    const auto key = [&](std::int64_t j) {
      std::vector<T> slice;
      for (std::int64_t o = 0; o < v.outer; ++o) {
        for (std::int64_t i = 0; i < v.inner; ++i)
          slice.push_back(x[at((o * v.extent + j) * v.inner + i)]);
      }
      return slice;
    };
    std::map<std::vector<T>, std::vector<std::int64_t>> found;
    for (std::int64_t j = 0; j < v.extent; ++j) found[key(j)].push_back(j);
    std::vector<std::vector<std::int64_t>> groups;
    groups.reserve(found.size());
    for (const auto& [slice, places] : found) groups.push_back(places);
    if (!sorted) std::sort(groups.begin(), groups.end());
    std::vector<std::int64_t> first, counts, inverse(at(v.extent));
    for (std::size_t g = 0; g < groups.size(); ++g) {
      first.push_back(groups[g][0]);
      counts.push_back(static_cast<std::int64_t>(groups[g].size()));
      for (const std::int64_t j : groups[g]) inverse[at(j)] = static_cast<std::int64_t>(g);
    }
    const auto count = static_cast<std::int64_t>(groups.size());
    Shape shape = flat ? Shape{count} : op.shape(0);
    if (!flat) shape[at(axis)] = count;
    Value out = op.make(op.in(0).type, shape);
    auto to = std::get<std::vector<T>>(out.elements).begin();
    for (std::int64_t o = 0; o < v.outer; ++o) {
      for (const std::int64_t j : first) {
        to = std::copy_n(x.begin() + (o * v.extent + j) * v.inner, v.inner, to);
      }
    }
    op.put(0, std::move(out));
    op.put(1, indices(op, {count}, first));
    op.put(2, indices(op, {v.extent}, inverse));
    op.put(3, indices(op, {count}, counts));
  });
}

// indices, depth, [off, on]
void one_hot(NodeRun& op) {
  const std::int64_t rank = op.rank(0) + 1;
  const std::int64_t axis = op.axis(op.attr_int("axis", -1), rank);
  const std::vector<double> places = op.reals(0);
  op.numbers(2, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T> values = op.in<T>(2);
    std::vector<T>& out = op.out<T>(0);
    const AxisView v = view_axis(op.output(0).shape, axis);
    std::fill(out.begin(), out.end(), values.at(0));
    for (std::int64_t o = 0; o < v.outer; ++o) {
      for (std::int64_t i = 0; i < v.inner; ++i) {
        const auto given = saturated<std::int64_t>(places[at(o * v.inner + i)]);
        const std::int64_t place = given < 0 ? given + v.extent : given;
        if (place < 0 || place >= v.extent) continue;
        out[at((o * v.extent + place) * v.inner + i)] = values.at(1);
      }
    }
  });
}

// Values go back to the places that MaxPool took them from.
void max_unpool(NodeRun& op) {
  const std::vector<std::int64_t> places = op.ints(1);
  // The places are those of the shape that attributes give, even where input 2 asks for more.
  Shape pooled = op.output(0).shape;
  if (op.has(2)) {
    if (op.rank(0) != static_cast<std::int64_t>(pooled.size())) op.mismatch("MaxUnpool");
    pooled = unpooled_output(op);
  }
  for (const std::int64_t extent : pooled) {
    if (extent < 1 && op.in(0).count() > 0) op.mismatch("an output without places");
  }
  const Shape strides = strides_of(op.output(0).shape);
  op.numbers(0, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T>& x = op.in<T>(0);
    std::vector<T>& out = op.out<T>(0);
    for (std::size_t j = 0; j < x.size(); ++j) {
      std::int64_t rest = places.at(j), to = 0;
      for (std::size_t a = pooled.size(); a-- > 0; rest /= pooled[a])
        to += rest % pooled[a] * strides[a];
      if (to < 0 || at(to) >= out.size()) op.mismatch("an index outside the output");
      out[at(to)] = x[j];
    }
  });
}

// boxes [n, boxes, 4], scores [n, classes, boxes] -> [selected, (batch, class, box)]
void non_max_suppression(NodeRun& op) {
  const std::vector<double> boxes = op.reals(0), scores = op.reals(1);
  const std::int64_t batch = op.dim(0, 0), count = op.dim(0, 1), classes = op.dim(1, 1);
  if (op.dim(0, 2) != 4 || op.dim(1, 0) != batch || op.dim(1, 2) != count) {
    op.mismatch("boxes and scores");
  }
  const std::int64_t most = op.int_or(2, 0);
  const double overlap = op.real_or(3, 0);
  const double least = op.has(4) ? op.real_or(4, 0) : -std::numeric_limits<double>::infinity();
  const bool centred = op.attr_int("center_point_box", 0) != 0;
  struct Box {
    double y1, x1, y2, x2;
    double area() const { return (y2 - y1) * (x2 - x1); }
  };
  const auto box = [&](std::int64_t n, std::int64_t b) {
    const double* const v = boxes.data() + (n * count + b) * 4;
    if (centred) return Box{v[1] - v[3] / 2, v[0] - v[2] / 2, v[1] + v[3] / 2, v[0] + v[2] / 2};
    return Box{std::min(v[0], v[2]), std::min(v[1], v[3]), std::max(v[0], v[2]),
               std::max(v[1], v[3])};
  };
  const auto shared = [](const Box& a, const Box& b) {
    const double h = std::min(a.y2, b.y2) - std::max(a.y1, b.y1);
    const double w = std::min(a.x2, b.x2) - std::max(a.x1, b.x1);
    const double both = h > 0 && w > 0 ? h * w : 0;
    return both / (a.area() + b.area() - both);
  };
  std::vector<std::int64_t> selected;
  for (std::int64_t n = 0; n < batch * classes; ++n) {
    const double* const score = scores.data() + n * count;
    std::vector<std::int64_t> order;
    for (std::int64_t b = 0; b < count; ++b) {
      if (score[b] > least) order.push_back(b);
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](std::int64_t a, std::int64_t b) { return score[a] > score[b]; });
    std::vector<std::int64_t> kept;
    for (const std::int64_t b : order) {
      if (static_cast<std::int64_t>(kept.size()) >= most) break;
      const bool hidden = std::any_of(kept.begin(), kept.end(), [&](std::int64_t k) {
        return shared(box(n / classes, b), box(n / classes, k)) > overlap;
      });
      if (hidden) continue;
      kept.push_back(b);
      selected.insert(selected.end(), {n / classes, n % classes, b});
    }
  }
  op.put(0, indices(op, {static_cast<std::int64_t>(selected.size()) / 3, 3}, selected));
}

}  // namespace tilewright::kernel
