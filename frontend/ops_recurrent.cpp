// LSTM, GRU, RNN. One matrix product a step and direction: the input and the state side by side
// (k = input + hidden) into all gates (m = gates x hidden).
#include "frontend/interpret/kernels.h"
#include "frontend/op_helpers.h"

namespace tilewright {
namespace {

struct RecurrentShape {
  std::int64_t steps, batch, input, hidden, directions, gates;
};

// X [steps, batch, input] (or batch first), W [directions, gates x hidden, input], R [.., hidden].
RecurrentShape recurrent_shape(const OpView& op) {
  if (op.rank(0) != 3 || op.rank(1) != 3 || op.rank(2) != 3) {
    op.mismatch("a recurrent operator needs X, W and R of rank 3");
  }
  const bool batch_first = op.attr_int("layout", 0) != 0;
  RecurrentShape s{};
  s.steps = op.dim(0, batch_first ? 1 : 0);
  s.batch = op.dim(0, batch_first ? 0 : 1);
  s.input = op.dim(0, 2);
  s.directions = op.dim(1, 0);
  s.hidden = op.dim(2, 2);
  if (s.hidden < 1 || op.dim(1, 1) % s.hidden != 0 || op.dim(1, 2) != s.input) {
    op.mismatch("the weights do not fit the input");
  }
  s.gates = op.dim(1, 1) / s.hidden;
  return s;
}

bool recurrent(OpInfer& op) {
  const RecurrentShape s = recurrent_shape(op);
  const DType type = op.input(0).type;
  const bool batch_first = op.attr_int("layout", 0) != 0;
  const Shape all = batch_first ? Shape{s.batch, s.steps, s.directions, s.hidden}
                                : Shape{s.steps, s.directions, s.batch, s.hidden};
  const Shape last =
      batch_first ? Shape{s.batch, s.directions, s.hidden} : Shape{s.directions, s.batch, s.hidden};
  op.set(0, type, all);
  op.set(1, type, last);
  op.set(2, type, last);
  return true;
}

// `cost`: element operations of the gates per hidden unit and step.
void count(const OpView& op, double cost, WorkOp& work) {
  const RecurrentShape s = recurrent_shape(op);
  op::tensor_work(work, s.directions, product({s.steps, s.batch}), s.input + s.hidden,
                  product({s.gates, s.hidden}));
  work.vector_elements += cost * static_cast<double>(work.groups) *
                          static_cast<double>(work.positions) * static_cast<double>(s.hidden);
}

constexpr OpRule kRules[] = {
    // three sigmoids (12), two tanh, three products, a sum, four biases
    {"", "LSTM", 1, arity(3, 8, 3, 0), Types::kFloats, OpKind::kMatMul, recurrent, count, 22,
     kernel::lstm},
    // two sigmoids (8), tanh, three products, two sums, three biases
    {"", "GRU", 1, arity(3, 6, 2, 0), Types::kFloats, OpKind::kMatMul, recurrent, count, 17,
     kernel::gru},
    {"", "RNN", 1, arity(3, 6, 2, 0), Types::kFloats, OpKind::kMatMul, recurrent, count, 2,
     kernel::rnn},  // bias, tanh
};

}  // namespace

std::span<const OpRule> recurrent_rules() {
  return kRules;
}

}  // namespace tilewright
