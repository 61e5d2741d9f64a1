// What Slice takes of an axis.
#pragma once

#include "frontend/op_view.h"

namespace tilewright {

struct Cut {
  std::int64_t start = 0, step = 1, length = 0;
};

// Of an axis of `extent` elements; starts and ends may be negative or beyond it. Error TW-SHAPE-001
// for a step of 0.
Cut cut_axis(const OpView& op, std::int64_t extent, std::int64_t start, std::int64_t end,
             std::int64_t step);

}  // namespace tilewright
