// Element by element: arithmetic, comparison, logic, activations, casts.
// Cost: primitive steps of the defining formula per output element; add, multiply, divide, compare,
// select, exp, log, sqrt, sin, tanh and erf are one step each. Casts and copies of sign are one
// step.
#include <algorithm>
#include <cmath>
#include <functional>

#include "frontend/interpret/kernels.h"
#include "frontend/onnx_proto.h"
#include "frontend/op_helpers.h"
#include "frontend/small_values.h"

namespace tilewright {
namespace {

using op::broadcast;
using op::like_first;
using op::per_output;
using op::same;
constexpr OpKind kElement = OpKind::kElementwise;

std::int64_t wrap(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}
std::uint64_t bits(std::int64_t value) {
  return static_cast<std::uint64_t>(value);
}
std::int64_t add(std::int64_t a, std::int64_t b) {
  return wrap(bits(a) + bits(b));
}
std::int64_t subtract(std::int64_t a, std::int64_t b) {
  return wrap(bits(a) - bits(b));
}
std::int64_t multiply(std::int64_t a, std::int64_t b) {
  return wrap(bits(a) * bits(b));
}
std::int64_t divide(std::int64_t a, std::int64_t b) {
  return b == 0 ? 0 : b == -1 ? wrap(0 - bits(a)) : a / b;  // ONNX truncates
}
std::int64_t modulo(std::int64_t a, std::int64_t b) {
  if (b == 0 || b == -1) {
    return 0;
  }
  const std::int64_t rest = a % b;
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}
std::int64_t smaller(std::int64_t a, std::int64_t b) {
  return std::min(a, b);
}
std::int64_t larger(std::int64_t a, std::int64_t b) {
  return std::max(a, b);
}
std::int64_t both(std::int64_t a, std::int64_t b) {
  return a != 0 && b != 0 ? 1 : 0;
}
std::int64_t either(std::int64_t a, std::int64_t b) {
  return a != 0 || b != 0 ? 1 : 0;
}
template <typename Compare>
std::int64_t holds(std::int64_t a, std::int64_t b) {
  return Compare{}(a, b) ? 1 : 0;
}
template <typename Operation>
double real(double a, double b) {
  return Operation{}(a, b);
}
double real_smaller(double a, double b) {
  return std::fmin(a, b);
}
double real_larger(double a, double b) {
  return std::fmax(a, b);
}

// Before opset 7 the second operand was aligned at `axis` instead of at the end.
bool aligned(OpInfer& op) {
  if (op.opset() < 7 && op.attr_int("broadcast", 0) != 0 && op.rank(1) < op.rank(0)) {
    op.set(0, op.input(0).type, op.shape(0));
    return true;
  }
  return broadcast(op);
}

template <IntBinary ints, RealBinary reals>
bool arithmetic(OpInfer& op) {
  aligned(op);
  if (op.inputs() == 2) {
    carry_binary(op, ints, reals);
  } else if (op.inputs() == 1) {
    same(op);
  }
  return true;
}

template <IntBinary ints>
bool comparison(OpInfer& op) {
  aligned(op);
  op.set(0, DType::kBool, op.output(0).shape);
  carry_binary(op, ints, nullptr);
  return true;
}

// The value of input 0, when known, goes through `f`; output 0 has its shape set.
template <std::int64_t (*f)(std::int64_t)>
void carry_ints(OpInfer& op) {
  if (op.input(0).has_value) {
    std::vector<std::int64_t> values = op.input(0).small_ints;
    std::transform(values.begin(), values.end(), values.begin(), f);
    op.set_ints(0, std::move(values));
  }
}

template <double (*f)(double)>
bool real_unary(OpInfer& op) {
  like_first(op);
  if (op.input(0).has_reals) {
    std::vector<double> values = op.input(0).small_reals;
    std::transform(values.begin(), values.end(), values.begin(), f);
    op.set_reals(0, std::move(values));
  }
  return true;
}

std::int64_t negated(std::int64_t x) {
  return subtract(0, x);
}
std::int64_t is_zero(std::int64_t x) {
  return x == 0 ? 1 : 0;
}
std::int64_t is_not_zero(std::int64_t x) {
  return x != 0 ? 1 : 0;
}

bool negate(OpInfer& op) {
  like_first(op);
  carry_ints<negated>(op);
  return true;
}

bool invert(OpInfer& op) {
  op.set(0, DType::kBool, op.shape(0));
  carry_ints<is_zero>(op);
  return true;
}

bool to_bool(OpInfer& op) {
  op.set(0, DType::kBool, op.shape(0));
  return true;
}

bool is_real(DType type) {
  return type == DType::kFloat32 || type == DType::kFloat64 || type == DType::kFloat16 ||
         type == DType::kBFloat16;
}

// Converts the value of input 0 to `type`, as far as values are kept.
bool convert(OpInfer& op, DType type) {
  const Tensor in = op.input(0);
  op.set(0, type, in.shape);
  std::vector<double> reals;
  if (is_real(type) && value_as_reals(op, 0, reals)) {
    op.set_reals(0, std::move(reals));
  } else if (!is_real(type) && in.has_value) {
    std::vector<std::int64_t> ints = in.small_ints;
    if (type == DType::kBool) {
      std::transform(ints.begin(), ints.end(), ints.begin(), is_not_zero);
    }
    op.set_ints(0, std::move(ints));
  } else if (!is_real(type) && in.has_reals) {
    std::vector<std::int64_t> ints;
    for (const double x : in.small_reals) {
      constexpr double kLimit = 9.2e18;
      ints.push_back(std::isnan(x) ? 0 : static_cast<std::int64_t>(std::clamp(x, -kLimit, kLimit)));
    }
    op.set_ints(0, std::move(ints));
  }
  return true;
}

bool cast(OpInfer& op) {
  const DType type = proto::data_type(op.attr_int("to", 0));
  if (type == DType::kUndefined) {
    op.mismatch("Cast to an unknown type");
  }
  return convert(op, type);
}

bool cast_like(OpInfer& op) {
  return convert(op, op.input(1).type);
}

void count_cast(const OpView& op, double, WorkOp& work) {
  if (op.input(0).type == op.output(0).type) {
    work.kind = OpKind::kShape;
    return;
  }
  // A conversion is work of the vector unit, but no floating-point operation.
  work.vector_elements = static_cast<double>(op.output(0).elements());
}

bool where(OpInfer& op) {
  Shape shape = op::broadcast_shape(op, op.shape(0), op.shape(1));
  shape = op::broadcast_shape(op, shape, op.shape(2));
  op.set(0, op.input(1).type, shape);
  const Tensor &condition = op.input(0), &yes = op.input(1), &no = op.input(2);
  if (condition.has_value && yes.has_value && no.has_value && product(shape) <= 64) {
    std::vector<std::int64_t> values;
    for (std::int64_t j = 0; j < product(shape); ++j) {
      const auto at = [&](const Tensor& t) {
        return t.small_ints[static_cast<std::size_t>(broadcast_index(j, shape, t.shape))];
      };
      values.push_back(at(condition) != 0 ? at(yes) : at(no));
    }
    op.set_ints(0, std::move(values));
  }
  return true;
}

// n inputs take n - 1 steps, Mean one more.
void count_variadic(const OpView& op, double cost, WorkOp& work) {
  const double steps = static_cast<double>(op.inputs()) - 1 + (cost - 1);
  op::vector_work(work, steps * static_cast<double>(op.output(0).elements()));
  if (op.inputs() == 1) {
    work.kind = OpKind::kShape;
  }
}

bool random_shape(OpInfer& op) {
  op.set(0, proto::data_type(op.attr_int("dtype", 1)), op.attr_ints("shape"));
  return true;
}

double real_floor(double x) {
  return std::floor(x);
}
double real_ceil(double x) {
  return std::ceil(x);
}
double real_round(double x) {
  return std::nearbyint(x);
}
double real_sqrt(double x) {
  return std::sqrt(x);
}
double real_reciprocal(double x) {
  return 1 / x;
}

constexpr OpRule kRules[] = {
    {"", "Add", 1, arity(2, 2), Types::kNumbers, kElement, arithmetic<add, real<std::plus<>>>,
     per_output, 1, kernel::add},
    {"", "Sub", 1, arity(2, 2), Types::kNumbers, kElement, arithmetic<subtract, real<std::minus<>>>,
     per_output, 1, kernel::sub},
    {"", "Mul", 1, arity(2, 2), Types::kNumbers, kElement,
     arithmetic<multiply, real<std::multiplies<>>>, per_output, 1, kernel::mul},
    {"", "Div", 1, arity(2, 2), Types::kNumbers, kElement, arithmetic<divide, real<std::divides<>>>,
     per_output, 1, kernel::div},
    {"", "Mod", 10, arity(2, 2), Types::kNumbers, kElement, arithmetic<modulo, nullptr>, per_output,
     1, kernel::mod},
    {"", "Min", 1, arity(1, kMany), Types::kNumbers, kElement, arithmetic<smaller, real_smaller>,
     count_variadic, 1, kernel::min},
    {"", "Max", 1, arity(1, kMany), Types::kNumbers, kElement, arithmetic<larger, real_larger>,
     count_variadic, 1, kernel::max},
    {"", "Sum", 1, arity(1, kMany), Types::kFloats, kElement, arithmetic<add, real<std::plus<>>>,
     count_variadic, 1, kernel::sum},
    {"", "Mean", 1, arity(1, kMany), Types::kFloats, kElement, broadcast, count_variadic, 2,
     kernel::mean},
    {"", "Pow", 1, arity(2, 2), Types::kNumbers, kElement, broadcast, per_output, 1, kernel::pow},
    {"", "BitShift", 11, arity(2, 2), Types::kIntegers, kElement, broadcast, per_output, 1,
     kernel::bit_shift},
    {"", "BitwiseAnd", 18, arity(2, 2), Types::kIntegers, kElement, broadcast, per_output, 1,
     kernel::bitwise_and},
    {"", "BitwiseOr", 18, arity(2, 2), Types::kIntegers, kElement, broadcast, per_output, 1,
     kernel::bitwise_or},
    {"", "BitwiseXor", 18, arity(2, 2), Types::kIntegers, kElement, broadcast, per_output, 1,
     kernel::bitwise_xor},
    {"", "BitwiseNot", 18, arity(1, 1), Types::kIntegers, kElement, like_first, per_output, 1,
     kernel::bitwise_not},
    {"", "Equal", 1, arity(2, 2), Types::kAny, kElement, comparison<holds<std::equal_to<>>>,
     per_output, 1, kernel::equal, "no strings"},
    {"", "Less", 1, arity(2, 2), Types::kNumbers, kElement, comparison<holds<std::less<>>>,
     per_output, 1, kernel::less},
    {"", "LessOrEqual", 12, arity(2, 2), Types::kNumbers, kElement,
     comparison<holds<std::less_equal<>>>, per_output, 1, kernel::less_or_equal},
    {"", "Greater", 1, arity(2, 2), Types::kNumbers, kElement, comparison<holds<std::greater<>>>,
     per_output, 1, kernel::greater},
    {"", "GreaterOrEqual", 12, arity(2, 2), Types::kNumbers, kElement,
     comparison<holds<std::greater_equal<>>>, per_output, 1, kernel::greater_or_equal},
    {"", "And", 1, arity(2, 2), Types::kBooleans, kElement, comparison<both>, per_output, 1,
     kernel::logical_and},
    {"", "Or", 1, arity(2, 2), Types::kBooleans, kElement, comparison<either>, per_output, 1,
     kernel::logical_or},
    {"", "Xor", 1, arity(2, 2), Types::kBooleans, kElement, comparison<nullptr>, per_output, 1,
     kernel::logical_xor},
    {"", "Not", 1, arity(1, 1), Types::kBooleans, kElement, invert, per_output, 1,
     kernel::logical_not},
    {"", "Where", 9, arity(3, 3), Types::kBooleans, kElement, where, per_output, 1, kernel::where},
    {"", "Cast", 1, arity(1, 1), Types::kAny, kElement, cast, count_cast, 0, kernel::cast,
     "no strings"},
    {"", "CastLike", 15, arity(2, 2), Types::kAny, kElement, cast_like, count_cast, 0,
     kernel::cast_like},
    {"", "BitCast", 26, arity(1, 1), Types::kAny, kElement, cast, op::free_of_work, 0,
     kernel::bit_cast},
    {"", "Neg", 1, arity(1, 1), Types::kNumbers, kElement, negate, per_output, 1, kernel::neg},
    {"", "Abs", 1, arity(1, 1), Types::kNumbers, kElement, like_first, per_output, 1, kernel::abs},
    {"", "Sign", 9, arity(1, 1), Types::kNumbers, kElement, like_first, per_output, 1,
     kernel::sign},
    {"", "Floor", 1, arity(1, 1), Types::kFloats, kElement, real_unary<real_floor>, per_output, 1,
     kernel::floor},
    {"", "Ceil", 1, arity(1, 1), Types::kFloats, kElement, real_unary<real_ceil>, per_output, 1,
     kernel::ceil},
    {"", "Round", 11, arity(1, 1), Types::kFloats, kElement, real_unary<real_round>, per_output, 1,
     kernel::round},
    {"", "Sqrt", 1, arity(1, 1), Types::kFloats, kElement, real_unary<real_sqrt>, per_output, 1,
     kernel::sqrt},
    {"", "Reciprocal", 1, arity(1, 1), Types::kFloats, kElement, real_unary<real_reciprocal>,
     per_output, 1, kernel::reciprocal},
    {"", "Exp", 1, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 1, kernel::exp},
    {"", "Log", 1, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 1, kernel::log},
    {"", "Sin", 7, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 1, kernel::sin},
    {"", "Cos", 7, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 1, kernel::cos},
    {"", "Tan", 7, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 1, kernel::tan},
    {"", "Asin", 7, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 1, kernel::asin},
    {"", "Acos", 7, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 1, kernel::acos},
    {"", "Atan", 7, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 1, kernel::atan},
    {"", "Sinh", 9, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 1, kernel::sinh},
    {"", "Cosh", 9, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 1, kernel::cosh},
    {"", "Tanh", 1, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 1, kernel::tanh},
    {"", "Asinh", 9, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 1,
     kernel::asinh},
    {"", "Acosh", 9, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 1,
     kernel::acosh},
    {"", "Atanh", 9, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 1,
     kernel::atanh},
    {"", "Erf", 9, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 1, kernel::erf},
    {"", "IsNaN", 9, arity(1, 1), Types::kFloats, kElement, to_bool, per_output, 1, kernel::is_nan},
    {"", "IsInf", 10, arity(1, 1), Types::kFloats, kElement, to_bool, per_output, 1,
     kernel::is_inf},
    {"", "Relu", 1, arity(1, 1), Types::kNumbers, kElement, like_first, per_output, 1,
     kernel::relu},
    {"", "LeakyRelu", 1, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 2,
     kernel::leaky_relu},  // compare, multiply
    {"", "PRelu", 1, arity(2, 2), Types::kNumbers, kElement, like_first, per_output, 2,
     kernel::prelu},  // compare, multiply
    {"", "ThresholdedRelu", 10, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 2,
     kernel::thresholded_relu},  // compare, select
    {"", "Elu", 1, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 4,
     kernel::elu},  // exp, -1, scale, select
    {"", "Celu", 12, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 5,
     kernel::celu},  // /a, exp, -1, *a, select
    {"", "Selu", 1, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 5,
     kernel::selu},  // exp, -1, *a, *g, select
    {"", "Sigmoid", 1, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 4,
     kernel::sigmoid},  // neg, exp, +1, reciprocal
    {"", "HardSigmoid", 1, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 4,
     kernel::hard_sigmoid},  // *a, +b, min, max
    {"", "HardSwish", 14, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 5,
     kernel::hard_swish},  // hard sigmoid, multiply
    {"", "Swish", 24, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 6,
     kernel::swish},  // *a, sigmoid, multiply
    {"", "Softplus", 1, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 3,
     kernel::softplus},  // exp, +1, log
    {"", "Softsign", 1, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 3,
     kernel::softsign},  // abs, +1, divide
    {"", "Mish", 18, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 5,
     kernel::mish},  // softplus, tanh, multiply
    {"", "Gelu", 20, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 5,
     kernel::gelu},  // /sqrt2, erf, +1, *x, /2
    {"", "Shrink", 9, arity(1, 1), Types::kNumbers, kElement, like_first, per_output, 4,
     kernel::shrink},  // two compares, add, select
    {"", "Clip", 1, arity(1, 3), Types::kNumbers, kElement, like_first, per_output, 2,
     kernel::clip},  // min, max
    {"", "Affine", 1, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 2},  // *a, +b
    {"", "Scale", 1, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 1},
    {"", "Bernoulli", 15, arity(1, 1), Types::kFloats, kElement, op::like_first_as, per_output, 2,
     kernel::bernoulli, "run with draws of our own"},  // draw, compare
    {"", "RandomNormalLike", 1, arity(1, 1), Types::kAny, kElement, op::like_first_as, per_output,
     8, kernel::random_normal, "run with draws of our own"},  // draws and Box-Muller
    {"", "RandomUniformLike", 1, arity(1, 1), Types::kAny, kElement, op::like_first_as, per_output,
     3, kernel::random_uniform, "run with draws of our own"},
    {"", "RandomNormal", 1, arity(0, 0), Types::kAny, kElement, random_shape, per_output, 8,
     kernel::random_normal, "run with draws of our own"},
    {"", "RandomUniform", 1, arity(0, 0), Types::kAny, kElement, random_shape, per_output, 3,
     kernel::random_uniform, "run with draws of our own"},
};

}  // namespace

std::span<const OpRule> elementwise_rules() {
  return kRules;
}

}  // namespace tilewright
