// Shape arithmetic: the values of small tensors, carried through the operators that compute shapes.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "frontend/op_view.h"

namespace tilewright {

// Output 0 (shape set) gets f of the broadcast values of inputs 0 and 1, when both are known.
// Integers use `on_ints` (64-bit, wrapping as the machine does), reals `on_reals`.
using IntBinary = std::int64_t (*)(std::int64_t, std::int64_t);
using RealBinary = double (*)(double, double);
void carry_binary(OpInfer& op, IntBinary on_ints, RealBinary on_reals);

// Output `to` (shape set) takes element source(j) of input `from` as its element j.
void carry_moved(OpInfer& op, std::size_t from, std::size_t to,
                 const std::function<std::int64_t(std::int64_t)>& source);

// The element of a tensor of shape `from` that numpy broadcasting reads for element `j` of `to`.
std::int64_t broadcast_index(std::int64_t j, const Shape& to, const Shape& from);

// The value of input `i` as reals, whichever kind it is; false when not known.
bool value_as_reals(const OpView& op, std::size_t i, std::vector<double>& out);

}  // namespace tilewright
