// Einsum's equation.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "frontend/op_view.h"

namespace tilewright {

struct Equation {
  std::vector<std::string> terms;
  std::string result;
  std::map<char, std::int64_t> extent;  // of every letter
  Shape broadcast;                      // the ellipsis' dimensions; it is written '.' in terms
};

// Splits "ij,jk->ik"; binds every letter to its extent. Error TW-SHAPE-001 when it does not fit the
// inputs.
Equation parse_einsum(const OpView& op);

// The index space: the result's indices (the ellipsis' axes among them), then those that are
// summed. strides[i] are input i's, the last the result's; 0 along what a tensor does not have.
struct EinsumLoops {
  Shape extent;
  std::vector<Shape> strides;
};
EinsumLoops einsum_loops(const OpView& op, const Equation& equation);

}  // namespace tilewright
