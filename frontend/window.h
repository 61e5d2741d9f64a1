// The sliding window of convolutions and pools: kernel, strides, dilations, padding.
#pragma once

#include "frontend/op_view.h"

namespace tilewright {

struct Window {
  Shape input, kernel, strides, dilations, pads;  // spatial; pads: all begins, then all ends
  std::string auto_pad;
  bool ceil_mode = false;
};

// Reads the attributes. `kernel` is the shape of the weights; for pools it is empty and
// kernel_shape says it. Error TW-SHAPE-001 when lengths or signs do not fit.
Window read_window(const OpView& op, Shape input, Shape kernel);
Shape window_output(const OpView& op, const Window& window);
Shape transposed_output(const OpView& op, const Window& window);
// What MaxUnpool makes of input 0 without a given shape.
Shape unpooled_output(const OpView& op);

}  // namespace tilewright
