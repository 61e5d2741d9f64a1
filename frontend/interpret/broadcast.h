// Kernels' common loops.
#pragma once

#include "frontend/interpret/loops.h"
#include "frontend/interpret/node_run.h"

namespace tilewright::kernel {

inline std::size_t at(std::int64_t index) {
  return static_cast<std::size_t>(index);
}

// Before opset 7 attribute `axis` said where the second operand's first axis lies, instead of the
// last lying at the end.
inline Shape second_operand(const NodeRun& op, std::size_t b) {
  Shape shape = op.shape(b);
  const std::int64_t rank = op.rank(0);
  if (op.opset() < 7 && op.node().domain.empty() && op.has_attr("axis")) {
    const std::int64_t axis = op.axis(op.attr_int("axis", 0), rank);
    const std::int64_t behind = rank - axis - static_cast<std::int64_t>(shape.size());
    shape.insert(shape.end(), at(std::max<std::int64_t>(behind, 0)), 1);
  }
  // A slope a channel, which is axis 1.
  if (op.opset() < 7 && op.node().type == "PRelu" && shape.size() == 1 && shape[0] != 1) {
    shape.insert(shape.end(), at(std::max<std::int64_t>(rank - 2, 0)), 1);
  }
  return shape;
}

// Output 0 is f of inputs `a` and `b`, held as A and B, broadcast.
template <typename A, typename B, typename Y, typename F>
void broadcast_binary(NodeRun& op, std::size_t a, std::size_t b, F f) {
  std::vector<Y>& out = op.out<Y>(0);
  const Shape shape = op.output(0).shape;
  const std::vector<A>& x = op.in<A>(a);
  const std::vector<B>& z = op.in<B>(b);
  for_rows<3>(shape,
              {strides_of(shape), broadcast_strides(op.shape(a), shape),
               broadcast_strides(second_operand(op, b), shape)},
              [&](const auto& start, const auto& step, std::int64_t length) {
                for (std::int64_t j = 0; j < length; ++j) {
                  out[at(start[0] + j * step[0])] =
                      f(x[at(start[1] + j * step[1])], z[at(start[2] + j * step[2])]);
                }
              });
}

// Output 0 is f of input 0, element by element.
template <typename T, typename F>
void each(NodeRun& op, F f) {
  const std::vector<T>& x = op.in<T>(0);
  std::vector<T>& out = op.out<T>(0);
  for (std::size_t i = 0; i < x.size(); ++i) out[i] = f(x[i]);
}
template <typename F>
void each_float(NodeRun& op, F f) {
  op.floats(0, [&](auto zero) { each<decltype(zero)>(op, f); });
}

}  // namespace tilewright::kernel
