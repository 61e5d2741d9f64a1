// Shape and cost rules that several families share.
#pragma once

#include <optional>

#include "frontend/op_table.h"

namespace tilewright::op {

// --- shapes ---
bool like_first(OpInfer& op);      // output 0 has type and shape of input 0, no known value
bool same(OpInfer& op);            // and its value too
bool like_first_as(OpInfer& op);   // shape of input 0, type of attribute dtype if there is one
bool same_with_mask(OpInfer& op);  // and output 1 boolean of the same shape (Dropout)
bool broadcast(OpInfer& op);       // all inputs broadcast, type of input 0
Shape broadcast_shape(const OpView& op, const Shape& a, const Shape& b);
// Integers given as input `i` (opset >= 13 and others) or as attribute `name`; empty when neither
// is given, nothing when the input's value is not known.
std::optional<std::vector<std::int64_t>> ints_of(const OpView& op, std::size_t i, const char* name);
Shape axes_or_all(Shape axes, std::size_t count);  // axes 0 to `count` - 1 when none are named
// Resize to `sizes` along `axes` with the proportions kept: the one scale; 0 when they need not be.
double kept_proportion(const OpView& op, const Shape& axes, const Shape& sizes);

// --- costs ---
void per_output(const OpView& op, double cost, WorkOp& work);    // cost per element of output 0
void per_input(const OpView& op, double cost, WorkOp& work);     // cost per element of input 0
void free_of_work(const OpView& op, double cost, WorkOp& work);  // metadata: kShape
void moves(const OpView& op, double cost, WorkOp& work);         // data movement, no arithmetic
// Tensor work in the matrix view; adds to nothing that is there.
void tensor_work(WorkOp& work, std::int64_t groups, std::int64_t positions, std::int64_t k,
                 std::int64_t m);
void vector_work(WorkOp& work, double operations);  // element operations, one FLOP each

// --- pieces ---
// MatMul of two shapes (numpy rules): output shape; Error TW-SHAPE-001.
Shape matmul_shape(const OpView& op, Shape a, Shape b);
// The matrix view of the same product.
void matmul_work(WorkOp& work, Shape a, Shape b);

}  // namespace tilewright::op
