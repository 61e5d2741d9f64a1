#include "frontend/small_values.h"

#include <algorithm>

#include "frontend/tensor_data.h"

namespace tilewright {

std::int64_t broadcast_index(std::int64_t j, const Shape& to, const Shape& from) {
  std::int64_t index = 0, stride = 1;
  for (std::size_t back = 1; back <= to.size(); ++back) {
    const std::int64_t dim = to[to.size() - back];
    const std::int64_t at = dim > 0 ? j % dim : 0;
    j = dim > 0 ? j / dim : 0;
    if (back <= from.size()) {
      const std::int64_t own = from[from.size() - back];
      index += own == 1 ? 0 : at * stride;
      stride *= own;
    }
  }
  return index;
}

namespace {

bool broadcasts_to(const Shape& from, const Shape& to) {
  if (from.size() > to.size()) return false;
  return std::equal(from.rbegin(), from.rend(), to.rbegin(),
                    [](std::int64_t own, std::int64_t dim) { return own == 1 || own == dim; });
}

}  // namespace

void carry_moved(OpInfer& op, std::size_t from, std::size_t to,
                 const std::function<std::int64_t(std::int64_t)>& source) {
  const Tensor& in = op.input(from);
  if (!op.has_output(to) || !op.output(to).has_shape) {
    return;
  }
  const std::int64_t count = op.output(to).elements();
  if (count > kSmallValue || (!in.has_value && !in.has_reals)) {
    return;
  }
  std::vector<std::int64_t> ints;
  std::vector<double> reals;
  const std::int64_t held = in.elements();
  for (std::int64_t j = 0; j < count; ++j) {
    const std::int64_t at = source(j);
    if (at < 0 || at >= held) {
      return;
    }
    if (in.has_value) {
      ints.push_back(in.small_ints[static_cast<std::size_t>(at)]);
    } else {
      reals.push_back(in.small_reals[static_cast<std::size_t>(at)]);
    }
  }
  if (in.has_value) {
    op.set_ints(to, std::move(ints));
  } else {
    op.set_reals(to, std::move(reals));
  }
}

bool value_as_reals(const OpView& op, std::size_t i, std::vector<double>& out) {
  const Tensor& in = op.input(i);
  if (in.has_reals) {
    out = in.small_reals;
  } else if (in.has_value) {
    out.assign(in.small_ints.begin(), in.small_ints.end());
  }
  return in.has_reals || in.has_value;
}

void carry_binary(OpInfer& op, IntBinary on_ints, RealBinary on_reals) {
  const Tensor& a = op.input(0);
  const Tensor& b = op.input(1);
  const Shape& out = op.output(0).shape;
  const std::int64_t count = op.output(0).elements();
  // Before opset 7 a shape could be aligned elsewhere than at its end.
  if (count > kSmallValue || !broadcasts_to(a.shape, out) || !broadcasts_to(b.shape, out)) {
    return;
  }
  if (a.has_value && b.has_value && on_ints != nullptr) {
    std::vector<std::int64_t> values;
    for (std::int64_t j = 0; j < count; ++j) {
      values.push_back(
          on_ints(a.small_ints[static_cast<std::size_t>(broadcast_index(j, out, a.shape))],
                  b.small_ints[static_cast<std::size_t>(broadcast_index(j, out, b.shape))]));
    }
    op.set_ints(0, std::move(values));
  } else if (a.has_reals && b.has_reals && on_reals != nullptr) {
    std::vector<double> values;
    for (std::int64_t j = 0; j < count; ++j) {
      values.push_back(
          on_reals(a.small_reals[static_cast<std::size_t>(broadcast_index(j, out, a.shape))],
                   b.small_reals[static_cast<std::size_t>(broadcast_index(j, out, b.shape))]));
    }
    op.set_reals(0, std::move(values));
  }
}

}  // namespace tilewright
