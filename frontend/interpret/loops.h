// Loops over tensors that broadcast or move: rows of the last axis, whose starts the outer axes
// step through.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "frontend/op_view.h"

namespace tilewright {

// Elements between neighbours along each axis of a dense row-major tensor.
Shape strides_of(const Shape& shape);
// Strides of a tensor of shape `from` read as one of shape `to` (numpy broadcasting): 0 along what
// is repeated. Throws std::out_of_range when `from` does not broadcast to `to`.
Shape broadcast_strides(const Shape& from, const Shape& to);

// Calls row(starts, length) for rows that make up all of `shape`, in row-major order; starts[i] is
// the offset that strides[i] give for the row's first element. Neighbouring axes are joined where
// all strides allow, so a row may be longer than the last axis; step(i) of the elements of a row is
// in `steps`.
template <std::size_t N, typename Row>
void for_rows(const Shape& shape, std::array<Shape, N> strides, Row row) {
  struct Axis {
    std::int64_t extent;
    std::array<std::int64_t, N> step;
  };
  std::vector<Axis> axes;
  for (std::size_t a = 0; a < shape.size(); ++a) {
    if (shape[a] == 0) return;
    if (shape[a] == 1) continue;
    Axis axis{shape[a], {}};
    bool joins = !axes.empty();
    for (std::size_t i = 0; i < N; ++i) {
      axis.step[i] = strides[i][a];
      joins = joins && axes.back().step[i] == axis.step[i] * axis.extent;
    }
    if (joins) {
      axes.back().extent *= axis.extent;
      axes.back().step = axis.step;
    } else {
      axes.push_back(axis);
    }
  }
  if (axes.empty()) axes.push_back({1, {}});
  const Axis inner = axes.back();
  axes.pop_back();
  std::array<std::int64_t, N> starts{};
  std::vector<std::int64_t> at(axes.size());
  for (;;) {
    row(std::as_const(starts), inner.step, inner.extent);
    std::size_t a = axes.size();
    for (; a > 0; --a) {
      const Axis& axis = axes[a - 1];
      for (std::size_t i = 0; i < N; ++i) starts[i] += axis.step[i];
      if (++at[a - 1] < axis.extent) break;
      at[a - 1] = 0;
      for (std::size_t i = 0; i < N; ++i) starts[i] -= axis.step[i] * axis.extent;
    }
    if (a == 0) return;
  }
}

// The tensor seen as [outer, axis, inner].
struct AxisView {
  std::int64_t outer, extent, inner;
};
AxisView view_axis(const Shape& shape, std::int64_t axis);

}  // namespace tilewright
