// Matrix products. FLOPs are two a multiply-accumulate; a bias is element work beside them and adds
// no FLOP, so that flops = 2 groups positions k m.
#include <algorithm>
#include <string>

#include "frontend/einsum.h"
#include "frontend/interpret/kernels.h"
#include "frontend/op_helpers.h"

namespace tilewright {
namespace {

constexpr OpKind kProduct = OpKind::kMatMul;

bool matmul(OpInfer& op) {
  op.set(0, op.input(0).type, op::matmul_shape(op, op.shape(0), op.shape(1)));
  return true;
}

void count_matmul(const OpView& op, double, WorkOp& work) {
  op::matmul_work(work, op.shape(0), op.shape(1));
}

bool matmul_integer(OpInfer& op) {
  op.set(0, DType::kInt32, op::matmul_shape(op, op.shape(0), op.shape(1)));
  return true;
}

// a, a_scale, a_zero, b, b_scale, b_zero, y_scale, y_zero
bool qlinear_matmul(OpInfer& op) {
  op.set(0, op.has(7) ? op.input(7).type : op.input(0).type,
         op::matmul_shape(op, op.shape(0), op.shape(3)));
  return true;
}

void count_qlinear_matmul(const OpView& op, double, WorkOp& work) {
  op::matmul_work(work, op.shape(0), op.shape(3));
  work.vector_elements += 3 * static_cast<double>(op.output(0).elements());  // scale, shift, clip
}

// The standard's Gemm takes two matrices; optimisers that fuse MatMul and Add write it with batches
// in front, which is a product like any other.
struct GemmShape {
  Shape a, b;
};

GemmShape gemm_shape(const OpView& op) {
  if (op.rank(0) < 2 || op.rank(1) < 2) {
    op.mismatch("Gemm of ranks " + std::to_string(op.rank(0)) + " and " +
                std::to_string(op.rank(1)));
  }
  GemmShape s{op.shape(0), op.shape(1)};
  if (op.attr_int("transA", 0) != 0) {
    std::swap(s.a[s.a.size() - 1], s.a[s.a.size() - 2]);
  }
  if (op.attr_int("transB", 0) != 0) {
    std::swap(s.b[s.b.size() - 1], s.b[s.b.size() - 2]);
  }
  return s;
}

bool gemm(OpInfer& op) {
  const GemmShape s = gemm_shape(op);
  op.set(0, op.input(0).type, op::matmul_shape(op, s.a, s.b));
  return true;
}

void count_gemm(const OpView& op, double, WorkOp& work) {
  const GemmShape s = gemm_shape(op);
  op::matmul_work(work, s.a, s.b);
  if (op.has(2)) {
    work.vector_elements += static_cast<double>(op.output(0).elements());
  }
}

bool einsum(OpInfer& op) {
  const Equation eq = parse_einsum(op);
  Shape out;
  for (const char c : eq.result) {
    if (c == '.') {
      out.insert(out.end(), eq.broadcast.begin(), eq.broadcast.end());
      continue;
    }
    const auto entry = eq.extent.find(c);
    if (entry == eq.extent.end()) {
      op.mismatch(std::string("index ") + c + " of the result is in no term");
    }
    out.push_back(entry->second);
  }
  op.set(0, op.input(0).type, std::move(out));
  return true;
}

bool holds(const std::string& term, char letter) {
  return term.find(letter) != std::string::npos;
}

// Two terms: letters in both and in the result are groups, in both only k, in one positions or m.
void count_einsum_pair(const Equation& eq, WorkOp& work) {
  std::int64_t groups = 1, positions = 1, k = 1, m = 1;
  const std::string &a = eq.terms[0], &b = eq.terms[1];
  for (const auto& [letter, size] : eq.extent) {
    const bool in_a = holds(a, letter), in_b = holds(b, letter), in_y = holds(eq.result, letter);
    std::int64_t& axis = in_a && in_b ? (in_y ? groups : k) : (in_a ? positions : m);
    axis = product({axis, size});
  }
  std::int64_t& dots = holds(a, '.') && holds(b, '.') ? groups : holds(a, '.') ? positions : m;
  dots = product({dots, product(eq.broadcast)});
  op::tensor_work(work, groups, positions, k, m);
}

void count_einsum(const OpView& op, double, WorkOp& work) {
  const Equation eq = parse_einsum(op);
  if (eq.terms.size() == 2) {
    return count_einsum_pair(eq, work);
  }
  // One term sums or moves; more than two multiply over the whole index space, term after term.
  std::int64_t space = product(eq.broadcast);
  for (const auto& [letter, size] : eq.extent) {
    space = product({space, size});
  }
  if (eq.terms.size() > 2) {
    return op::tensor_work(work, static_cast<std::int64_t>(eq.terms.size()) - 1, space, 1, 1);
  }
  work.kind = space > op.output(0).elements() ? OpKind::kReduction : OpKind::kMove;
  op::vector_work(work, work.kind == OpKind::kMove ? 0 : static_cast<double>(space));
}

// LU factorisation: n^3 / 3 multiply-adds a matrix.
bool determinant(OpInfer& op) {
  if (op.rank(0) < 2 || op.dim(0, -1) != op.dim(0, -2)) {
    op.mismatch("Det of something that is not a square matrix");
  }
  op.set(0, op.input(0).type, Shape(op.shape(0).begin(), op.shape(0).end() - 2));
  return true;
}

void count_determinant(const OpView& op, double, WorkOp& work) {
  const double n = static_cast<double>(op.dim(0, -1));
  op::vector_work(work, 2.0 / 3.0 * n * n * n * static_cast<double>(op.output(0).elements()));
}

constexpr OpRule kRules[] = {
    {"", "MatMul", 1, arity(2, 2), Types::kNumbers, kProduct, matmul, count_matmul, 0,
     kernel::matmul},
    {"", "Gemm", 1, arity(2, 3), Types::kNumbers, kProduct, gemm, count_gemm, 0, kernel::gemm},
    {"", "MatMulInteger", 10, arity(2, 4), Types::kIntegers, kProduct, matmul_integer, count_matmul,
     0, kernel::matmul_integer},
    {"", "QLinearMatMul", 10, arity(8, 8), Types::kNumbers, kProduct, qlinear_matmul,
     count_qlinear_matmul, 0, kernel::qlinear_matmul},
    {"", "Einsum", 12, arity(1, kMany), Types::kNumbers, kProduct, einsum, count_einsum, 0,
     kernel::einsum, "index spaces of at most 2^34 points are run"},
    {"", "Det", 11, arity(1, 1), Types::kFloats, OpKind::kReduction, determinant, count_determinant,
     0, kernel::determinant},
};

}  // namespace

std::span<const OpRule> matmul_rules() {
  return kRules;
}

}  // namespace tilewright
