// Resize, GridSample, AffineGrid, Col2Im: positions between elements.
#include <algorithm>
#include <cmath>
#include <functional>

#include "frontend/interpret/broadcast.h"
#include "frontend/interpret/kernels.h"
#include "frontend/interpret/rounding.h"
#include "frontend/op_helpers.h"

namespace tilewright::kernel {
namespace {

// Elements of an axis and their weights that make one output element.
struct Taps {
  std::vector<std::int64_t> from;
  std::vector<double> weight;
  bool outside = false;  // beyond the region of interest: the extrapolation value
};

struct ResizeAxis {
  std::int64_t in, out;
  double scale, roi_start = 0, roi_end = 1;
};

double coordinate(const std::string& mode, const ResizeAxis& a, std::int64_t i) {
  const auto x = static_cast<double>(i), in = static_cast<double>(a.in);
  const double out = static_cast<double>(a.out), length = in * a.scale;
  if (mode == "asymmetric") return x / a.scale;
  if (mode == "align_corners") return a.out == 1 ? 0 : x * (in - 1) / (length - 1);
  if (mode == "pytorch_half_pixel") return length > 1 ? (x + 0.5) / a.scale - 0.5 : 0;
  if (mode == "half_pixel_symmetric") {
    const double adjustment = out / length;
    return in / 2 * (1 - adjustment) + (x + 0.5) / a.scale - 0.5;
  }
  if (mode == "tf_half_pixel_for_nn") return (x + 0.5) / a.scale;
  if (mode == "tf_crop_and_resize") {
    const double width = (a.roi_end - a.roi_start) * (in - 1);
    return a.out > 1 ? a.roi_start * (in - 1) + x * width / (out - 1)
                     : (a.roi_start + a.roi_end) * (in - 1) / 2;
  }
  return (x + 0.5) / a.scale - 0.5;  // half_pixel
}

std::int64_t nearest(const std::string& mode, double x) {
  const double low = std::floor(x);
  double at = std::ceil(x - 0.5);  // round_prefer_floor
  if (mode == "floor") at = low;
  if (mode == "ceil") at = std::ceil(x);
  if (mode == "round_prefer_ceil") at = std::floor(x + 0.5);
  return saturated<std::int64_t>(at);
}

double cubic(double distance, double a) {
  const double d = std::fabs(distance);
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
}

class Resizer {
 public:
  explicit Resizer(const NodeRun& op)
      : mode_(op.attr_string("mode", "nearest")),
        transform_(op.attr_string(
            "coordinate_transformation_mode",
            op.opset() < 11 || op.node().type == "Upsample" ? "asymmetric" : "half_pixel")),
        nearest_(op.attr_string("nearest_mode", op.opset() < 11 || op.node().type == "Upsample"
                                                    ? "floor"
                                                    : "round_prefer_floor")),
        cubic_(op.attr_float("cubic_coeff_a", -0.75)),
        exclude_(op.attr_int("exclude_outside", 0) != 0),
        smooth_(op.attr_int("antialias", 0) != 0) {}

  // How many elements an output element is made of, at most.
  double window(const ResizeAxis& axis) const {
    return mode_ == "nearest" ? 1 : 2 * reach(axis) + 2;
  }

  Taps taps(const ResizeAxis& axis, std::int64_t i) const {
    const double x = coordinate(transform_, axis, i);
    Taps taps;
    taps.outside =
        transform_ == "tf_crop_and_resize" && (x < 0 || x > static_cast<double>(axis.in - 1));
    if (mode_ == "nearest") {
      taps.from = {std::clamp<std::int64_t>(nearest(nearest_, x), 0, axis.in - 1)};
      taps.weight = {1};
      return taps;
    }
    const double narrow = narrowing(axis), wide = reach(axis);
    const std::int64_t first = std::int64_t{1} + saturated<std::int32_t>(std::floor(x - wide));
    const std::int64_t last = saturated<std::int32_t>(std::ceil(x + wide)) - std::int64_t{1};
    double sum = 0;
    for (std::int64_t k = first; k <= last; ++k) {
      const double distance = (x - static_cast<double>(k)) * narrow;
      double w =
          mode_ == "cubic" ? cubic(distance, cubic_) : std::max(0.0, 1 - std::fabs(distance));
      const bool inside = k >= 0 && k < axis.in;
      if (exclude_ && !inside) w = 0;
      taps.from.push_back(std::clamp<std::int64_t>(k, 0, axis.in - 1));
      taps.weight.push_back(w);
      sum += w;
    }
    if (exclude_ || smooth_) {
      for (double& w : taps.weight) w /= sum;
    }
    return taps;
  }

 private:
  // An anti-aliasing filter is as much wider as the image becomes smaller.
  double narrowing(const ResizeAxis& axis) const { return smooth_ ? std::min(1.0, axis.scale) : 1; }
  double reach(const ResizeAxis& axis) const {
    return (mode_ == "cubic" ? 2 : 1) / narrowing(axis);
  }

  std::string mode_, transform_, nearest_;
  double cubic_;
  bool exclude_, smooth_;
};

// One axis of [outer, in, inner] at a time.
std::vector<double> resample(const std::vector<double>& x, const Shape& shape, std::size_t axis,
                             const std::vector<Taps>& taps) {
  const AxisView v = view_axis(shape, static_cast<std::int64_t>(axis));
  const auto count = static_cast<std::int64_t>(taps.size());
  std::vector<double> out(at(v.outer * count * v.inner));
  for (std::int64_t o = 0; o < v.outer; ++o) {
    for (std::int64_t i = 0; i < count; ++i) {
      const Taps& t = taps[at(i)];
      for (std::size_t k = 0; k < t.from.size(); ++k) {
        const std::int64_t from = (o * v.extent + t.from[k]) * v.inner;
        for (std::int64_t j = 0; j < v.inner; ++j) {
          out[at((o * count + i) * v.inner + j)] += t.weight[k] * x[at(from + j)];
        }
      }
    }
  }
  return out;
}

// Scale and region of every axis.
std::vector<ResizeAxis> resize_axes(const NodeRun& op) {
  const bool old = op.node().type == "Upsample" || op.opset() < 11;
  const std::size_t scales_at = old ? 1 : 2;
  const Shape &in = op.shape(0), &out = op.output(0).shape;
  const Shape axes = op::axes_or_all(op.attr_ints("axes"), in.size());
  std::vector<double> scales = op.attr_floats("scales");
  if (op.has(scales_at) && op.input(scales_at).elements() > 0) scales = op.reals(scales_at);
  const bool sized = op.has(3) && op.input(3).elements() > 0;
  const std::vector<double> roi = !old && op.has(1) ? op.reals(1) : std::vector<double>{};
  std::vector<ResizeAxis> result;
  for (std::size_t i = 0; i < in.size(); ++i) {
    result.push_back({in[i], out[i], 1});
    if (in[i] == 0) op.mismatch("nothing to resize");
  }
  for (std::size_t i = 0; i < axes.size(); ++i) {
    ResizeAxis& a = result[at(op.axis(axes[i], op.rank(0)))];
    a.scale = sized ? static_cast<double>(a.out) / static_cast<double>(a.in) : scales.at(i);
    if (roi.size() == 2 * axes.size()) {
      a.roi_start = roi[i];
      a.roi_end = roi[i + axes.size()];
    }
  }
  const double kept = sized ? op::kept_proportion(op, axes, op.ints(3)) : 0;
  for (const std::int64_t axis : axes) {
    if (kept != 0) result[at(op.axis(axis, op.rank(0)))].scale = kept;
  }
  return result;
}

// Room and work for the taps of an axis, and for `shape` with that axis resized.
void require(NodeRun& op, const Resizer& resizer, const ResizeAxis& axis, const Shape& shape) {
  constexpr std::int64_t kTaps = sizeof(Taps) + 64, kTap = 16;  // bytes of lists, and in them
  const double window = resizer.window(axis);
  if (!(window < 1e9)) op.refuse("a filter of more than 10^9 elements");
  const std::int64_t each = kTaps + kTap * static_cast<std::int64_t>(window);
  op.require_room(axis.out, each);
  const std::int64_t rest = product(shape) / std::max<std::int64_t>(axis.in, 1);
  op.require_room(product({rest, axis.out}), sizeof(double));
  op.spend(static_cast<double>(axis.out) * window * static_cast<double>(1 + rest));
}

}  // namespace

void resize(NodeRun& op) {
  const Resizer resizer(op);
  const std::vector<ResizeAxis> axes = resize_axes(op);
  std::vector<double> x = op.reals(0);
  Shape shape = op.shape(0);
  std::vector<std::vector<char>> outside(axes.size());
  bool any_outside = false;
  for (std::size_t a = 0; a < axes.size(); ++a) {
    require(op, resizer, axes[a], shape);
    std::vector<Taps> taps;
    for (std::int64_t i = 0; i < axes[a].out; ++i) {
      taps.push_back(resizer.taps(axes[a], i));
      outside[a].push_back(taps.back().outside ? 1 : 0);
      any_outside = any_outside || taps.back().outside;
    }
    if (axes[a].scale == 1 && axes[a].in == axes[a].out && !any_outside) continue;
    x = resample(x, shape, a, taps);
    shape[a] = axes[a].out;
  }
  Value& y = op.out(0);
  const double beyond = op.attr_float("extrapolation_value", 0);
  for (std::size_t j = 0; any_outside && j < x.size(); ++j) {
    std::int64_t rest = static_cast<std::int64_t>(j);
    for (std::size_t a = axes.size(); a-- > 0; rest /= shape[a]) {
      if (outside[a][at(rest % shape[a])] != 0) x[j] = beyond;
    }
  }
  std::visit(
      [&](auto& out) {
        using T = typename std::decay_t<decltype(out)>::value_type;
        for (std::size_t j = 0; j < out.size(); ++j) {
          out[j] = saturated<T>(std::is_floating_point_v<T> ? x.at(j) : std::nearbyint(x.at(j)));
        }
      },
      y.elements);
}

// theta [n, 2, 3] or [n, 3, 4] times the positions of a grid.
void affine_grid(NodeRun& op) {
  const Shape size = op.ints(1);
  const bool corners = op.attr_int("align_corners", 0) != 0;
  const std::size_t rank = size.size() - 2;
  const Shape pixels(size.begin() + 2, size.end());
  const std::vector<double> theta = op.reals(0);
  std::vector<double> grid(at(product(op.output(0).shape)));
  const std::int64_t points = product(pixels);
  if (theta.size() != at(size[0]) * rank * (rank + 1)) op.mismatch("theta does not fit the size");
  for (std::int64_t n = 0; n < size[0]; ++n) {
    for (std::int64_t p = 0; p < points; ++p) {
      // The last coordinate first: x, y, z.
      std::vector<double> position(rank + 1, 1);
      std::int64_t rest = p;
      for (std::size_t a = rank; a-- > 0; rest /= pixels[a]) {
        const auto extent = static_cast<double>(pixels[a]),
                   i = static_cast<double>(rest % pixels[a]);
        position[rank - 1 - a] =
            corners ? (extent == 1 ? 0 : 2 * i / (extent - 1) - 1) : (2 * i + 1) / extent - 1;
      }
      for (std::size_t r = 0; r < rank; ++r) {
        double sum = 0;
        for (std::size_t c = 0; c <= rank; ++c) {
          sum += theta[(at(n) * rank + r) * (rank + 1) + c] * position[c];
        }
        grid[at(n * points + p) * rank + r] = sum;
      }
    }
  }
  op.floats(0, [&](auto zero) {
    auto& out = op.out<decltype(zero)>(0);
    std::copy(grid.begin(), grid.end(), out.begin());
  });
}

namespace {

double reflected(double x, double low, double high) {
  const double range = high - low;
  if (range <= 0) return low;
  double rest = std::fmod(std::fabs(x - low), 2 * range);
  rest = rest > range ? 2 * range - rest : rest;
  return rest + low;
}

struct Sampler {
  std::string mode, padding;
  bool corners;

  // [-1, 1] to elements.
  double place(double x, std::int64_t extent) const {
    const auto n = static_cast<double>(extent);
    return corners ? (x + 1) / 2 * (n - 1) : ((x + 1) * n - 1) / 2;
  }
  double inside(double x, std::int64_t extent) const {
    const auto n = static_cast<double>(extent);
    if (padding == "border") return std::clamp(x, 0.0, n - 1);
    if (padding == "reflection") {
      return corners ? reflected(x, 0, n - 1) : std::clamp(reflected(x, -0.5, n - 0.5), 0.0, n - 1);
    }
    return x;
  }
  // Elements (-1: zero) and weights along one axis.
  Taps taps(double grid, std::int64_t extent) const {
    const double x = place(grid, extent);
    Taps t;
    const auto add = [&](double k, double weight) {
      const double at = inside(k, extent);
      const bool there = at >= 0 && at < static_cast<double>(extent);
      t.from.push_back(there ? static_cast<std::int64_t>(std::nearbyint(at)) : -1);
      t.weight.push_back(weight);
    };
    if (mode == "nearest") {
      add(std::nearbyint(inside(x, extent)), 1);
    } else if (mode == "cubic" || mode == "bicubic") {
      for (int k = -1; k <= 2; ++k) {
        const double from = std::floor(x) + k;
        add(from, cubic(x - from, -0.75));
      }
    } else {
      const double place = inside(x, extent), low = std::floor(place);
      add(low, 1 - (place - low));
      add(low + 1, place - low);
    }
    return t;
  }
};

}  // namespace

void grid_sample(NodeRun& op) {
  const Sampler sampler{op.attr_string("mode", "linear"), op.attr_string("padding_mode", "zeros"),
                        op.attr_int("align_corners", 0) != 0};
  const Shape in = op.shape(0), out_shape = op.output(0).shape;
  const std::size_t rank = in.size() - 2;
  const std::int64_t points = product(Shape(out_shape.begin() + 2, out_shape.end()));
  const std::int64_t pixels = product(Shape(in.begin() + 2, in.end()));
  if (rank > 3) op.refuse("more than three axes");
  if (pixels == 0 && points > 0) op.mismatch("nothing to sample");
  op.spend(static_cast<double>(product({in[0], points})) *
           std::pow(4.0, static_cast<double>(rank)));
  const std::vector<double> grid = op.reals(1), x = op.reals(0);
  if (grid.size() != at(in[0] * points) * rank) op.mismatch("the grid does not fit the input");
  std::vector<double> out(at(product(out_shape)));
  for (std::int64_t n = 0; n < in[0]; ++n) {
    for (std::int64_t p = 0; p < points; ++p) {
      std::vector<Taps> taps;
      for (std::size_t a = 0; a < rank; ++a) {
        taps.push_back(sampler.taps(grid[at(n * points + p) * rank + rank - 1 - a], in[a + 2]));
      }
      // All combinations of taps.
      std::function<void(std::size_t, std::int64_t, double)> combine =
          [&](std::size_t a, std::int64_t pixel, double weight) {
            if (a == rank) {
              for (std::int64_t c = 0; c < in[1]; ++c) {
                out[at((n * in[1] + c) * points + p)] +=
                    weight * x[at((n * in[1] + c) * pixels + pixel)];
              }
              return;
            }
            for (std::size_t k = 0; k < taps[a].from.size(); ++k) {
              if (taps[a].from[k] < 0) continue;
              combine(a + 1, pixel * in[a + 2] + taps[a].from[k], weight * taps[a].weight[k]);
            }
          };
      combine(0, 0, 1);
    }
  }
  op.floats(0, [&](auto zero) {
    auto& y = op.out<decltype(zero)>(0);
    std::copy(out.begin(), out.end(), y.begin());
  });
}

// input [n, c x block, blocks]: overlapping blocks add up in an image.
void col2im(NodeRun& op) {
  const Shape image = op.ints(1), block = op.ints(2);
  const std::size_t rank = image.size();
  // Which keeps what follows within 64 bits.
  const auto in_range = [](std::int64_t v) { return v >= 0 && v < 1LL << 24; };
  const bool bounded = std::all_of(block.begin(), block.end(), in_range) &&
                       std::all_of(image.begin(), image.end(), in_range);
  if (block.size() != rank || product(block) < 1 || !bounded) op.mismatch("Col2Im block");
  const auto list = [&](const char* name, std::size_t length, std::int64_t otherwise) {
    Shape values = op.attr_ints(name);
    if (values.empty()) values.assign(length, otherwise);
    const bool sane = std::all_of(values.begin(), values.end(), in_range);
    if (values.size() != length || !sane) op.mismatch(std::string("attribute ") + name);
    return values;
  };
  const Shape strides = list("strides", rank, 1), dilations = list("dilations", rank, 1);
  const Shape pads = list("pads", 2 * rank, 0);
  Shape blocks;
  for (std::size_t i = 0; i < rank; ++i) {
    const std::int64_t reach = (block[i] - 1) * dilations[i] + 1;
    if (strides[i] < 1) op.mismatch("strides");
    const std::int64_t room = image[i] + pads[i] + pads[i + rank] - reach;
    if (room < 0) op.mismatch("a block that is larger than the image");
    blocks.push_back(room / strides[i] + 1);
  }
  const std::int64_t columns = product(blocks), taps = product(block), pixels = product(image);
  if (op.dim(0, 2) != columns) op.mismatch("the blocks do not fit the image");
  const std::int64_t planes = op.dim(0, 0) * op.dim(0, 1) / taps;
  op.floats(0, [&](auto zero) {
    using T = decltype(zero);
    const std::vector<T>& x = op.in<T>(0);
    std::vector<T>& out = op.out<T>(0);
    for (std::int64_t j = 0; j < planes * taps * columns; ++j) {
      std::int64_t column = j % columns, tap = j / columns % taps, pixel = 0, scale = 1;
      bool inside = true;
      for (std::size_t i = rank; i-- > 0;) {
        const std::int64_t where =
            column % blocks[i] * strides[i] + tap % block[i] * dilations[i] - pads[i];
        inside = inside && where >= 0 && where < image[i];
        pixel += where * scale;
        scale *= image[i];
        column /= blocks[i];
        tap /= block[i];
      }
      if (inside) out[at(j / columns / taps * pixels + pixel)] += x[at(j)];
    }
  });
}

}  // namespace tilewright::kernel
