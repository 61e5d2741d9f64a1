#include "frontend/interpret/loops.h"

#include <stdexcept>

namespace tilewright {

Shape strides_of(const Shape& shape) {
  Shape strides(shape.size());
  std::int64_t step = 1;
  for (std::size_t i = shape.size(); i-- > 0; step *= shape[i]) strides[i] = step;
  return strides;
}

Shape broadcast_strides(const Shape& from, const Shape& to) {
  bool fits = from.size() <= to.size();
  for (std::size_t i = 0; fits && i < from.size(); ++i) {
    fits = from[i] == 1 || from[i] == to[to.size() - from.size() + i];
  }
  if (!fits) throw std::out_of_range("a tensor that does not broadcast");
  const Shape own = strides_of(from);
  Shape strides(to.size(), 0);
  for (std::size_t i = 0; i < from.size(); ++i) {
    const std::size_t at = to.size() - from.size() + i;
    strides[at] = from[i] == 1 ? 0 : own[i];
  }
  return strides;
}

AxisView view_axis(const Shape& shape, std::int64_t axis) {
  AxisView view{1, shape[static_cast<std::size_t>(axis)], 1};
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const auto at = static_cast<std::int64_t>(i);
    (at < axis ? view.outer : view.inner) *= at == axis ? 1 : shape[i];
  }
  return view;
}

}  // namespace tilewright
