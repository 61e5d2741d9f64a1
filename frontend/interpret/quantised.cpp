// Quantise and dequantise: per tensor, per axis, in blocks along an axis.
#include <algorithm>
#include <cmath>

#include "frontend/interpret/broadcast.h"
#include "frontend/interpret/kernels.h"
#include "frontend/interpret/rounding.h"

namespace tilewright::kernel {
namespace {

// Which element of the scale (input 1) belongs to element j of input 0.
class ScaleIndex {
 public:
  explicit ScaleIndex(const NodeRun& op) : shape_(op.shape(0)), scale_(op.shape(1)) {
    const std::int64_t block = op.attr_int("block_size", 0);
    if (product(scale_) == 1) return;
    axis_ = op.axis(op.attr_int("axis", 1), op.rank(0));
    blocked_ = scale_.size() == shape_.size() && (block > 0 || shape_.size() > 1);
    if (blocked_) {
      const std::int64_t extent = shape_[at(axis_)], parts = scale_[at(axis_)];
      block_ = block > 0    ? std::min(block, std::max<std::int64_t>(extent, 1))
               : parts == 0 ? 1
                            : (extent + parts - 1) / parts;
      if (parts * block_ < extent) op.mismatch("the blocks do not cover the axis");
    } else if (scale_.size() != 1 || scale_[0] != shape_[at(axis_)]) {
      op.mismatch("the scale does not fit the axis");
    }
  }
  std::size_t operator()(std::size_t j) const {
    if (axis_ < 0) return 0;
    auto rest = static_cast<std::int64_t>(j);
    std::int64_t place = 0, step = 1;
    for (std::size_t a = shape_.size(); a-- > 0; rest /= shape_[a]) {
      const std::int64_t c = rest % shape_[a];
      const bool here = static_cast<std::int64_t>(a) == axis_;
      if (!blocked_) {
        if (here) return at(c);
        continue;
      }
      place += (here ? c / block_ : c) * step;
      step *= scale_[a];
    }
    return at(place);
  }

 private:
  Shape shape_, scale_;
  std::int64_t axis_ = -1, block_ = 1;
  bool blocked_ = false;
};

}  // namespace

void quantize_linear(NodeRun& op) {
  const std::vector<double> x = op.reals(0), scale = op.reals(1);
  const std::vector<double> zero = op.has(2) ? op.reals(2) : std::vector<double>{0};
  const ScaleIndex index(op);
  Value& y = op.out(0);
  const Rounding to(y.type);
  const bool saturate = op.attr_int("saturate", 1) != 0;
  const bool single = op.in(0).type != DType::kFloat64;
  std::vector<double> out(x.size());
  for (std::size_t j = 0; j < x.size(); ++j) {
    const std::size_t s = index(j);
    // The quotient is rounded to the type first, as the text has it: halves stay halves.
    const double quotient =
        single ? static_cast<double>(static_cast<float>(x[j]) / static_cast<float>(scale.at(s)))
               : x[j] / scale.at(s);
    out[j] = to.quantised(quotient, zero.at(zero.size() == 1 ? 0 : s), saturate);
  }
  store(out, y);
}

void dequantize_linear(NodeRun& op) {
  const std::vector<double> x = op.reals(0), scale = op.reals(1);
  const std::vector<double> zero = op.has(2) ? op.reals(2) : std::vector<double>{0};
  const ScaleIndex index(op);
  Value& y = op.out(0);
  std::vector<double> out(x.size());
  for (std::size_t j = 0; j < x.size(); ++j) {
    const std::size_t s = index(j);
    out[j] = (x[j] - zero.at(zero.size() == 1 ? 0 : s)) * scale.at(s);
  }
  store(out, y);
}

// Over [min(0, least), max(0, most)] to uint8.
void dynamic_quantize_linear(NodeRun& op) {
  const std::vector<double> x = op.reals(0);
  float least = 0, most = 0;
  for (const double v : x) {
    least = std::min(least, static_cast<float>(v));
    most = std::max(most, static_cast<float>(v));
  }
  const float scale = most == least ? 1.0F : (most - least) / 255.0F;
  const double zero = std::nearbyint(std::clamp(-least / scale, 0.0F, 255.0F));
  Value& y = op.out(0);
  const Rounding to(y.type);
  std::vector<double> out(x.size());
  for (std::size_t j = 0; j < x.size(); ++j) {
    out[j] = to.quantised(static_cast<double>(static_cast<float>(x[j]) / scale), zero);
  }
  store(out, y);
  store({static_cast<double>(scale)}, op.out(1));
  store({zero}, op.out(2));
}

}  // namespace tilewright::kernel
