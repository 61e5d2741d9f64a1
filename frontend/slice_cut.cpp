#include "frontend/slice_cut.h"

#include <algorithm>
#include <limits>

namespace tilewright {

Cut cut_axis(const OpView& op, std::int64_t extent, std::int64_t start, std::int64_t end,
             std::int64_t step) {
  if (step == 0 || step == std::numeric_limits<std::int64_t>::min()) {
    op.mismatch("a slice with step " + std::to_string(step));
  }
  const auto place = [&](std::int64_t v, std::int64_t least, std::int64_t most) {
    return std::clamp(v < 0 ? v + extent : v, least, most);
  };
  Cut cut;
  cut.step = step;
  if (step > 0) {
    cut.start = place(start, 0, extent);
    const std::int64_t stop = place(end, 0, extent);
    cut.length = stop > cut.start ? (stop - cut.start - 1) / step + 1 : 0;
  } else {
    cut.start = place(start, -1, extent - 1);
    const std::int64_t stop = place(end, -1, extent - 1);
    cut.length = cut.start > stop ? (cut.start - stop - 1) / -step + 1 : 0;
  }
  return cut;
}

}  // namespace tilewright
