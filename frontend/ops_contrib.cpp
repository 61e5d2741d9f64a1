// com.microsoft: the fused operators that ONNX Runtime's optimiser and the exporters built on it
// write. Input orders: ONNX Runtime's ContribOperators.md.
#include <algorithm>

#include "frontend/attention.h"
#include "frontend/interpret/kernels.h"
#include "frontend/op_helpers.h"

namespace tilewright {
namespace {

using op::like_first;
using op::per_input;
using op::per_output;
constexpr const char* kDomain = "com.microsoft";
constexpr OpKind kElement = OpKind::kElementwise;
constexpr OpKind kProduct = OpKind::kMatMul;
constexpr OpKind kReduce = OpKind::kReduction;

// --- normalisations ---

// input, skip, gamma, ... -> output, mean, inverse deviation, input + skip
bool skip_norm(OpInfer& op) {
  like_first(op);
  Shape stats = op.shape(0);
  if (!stats.empty()) {
    stats.back() = 1;
  }
  op.set(1, DType::kFloat32, stats);
  op.set(2, DType::kFloat32, stats);
  op.set(3, op.input(0).type, op.shape(0));
  return true;
}

// input_ids, segment_ids, word, position, segment, gamma, beta, mask -> [batch, sequence, hidden]
bool embed_norm(OpInfer& op) {
  Shape out = op.shape(0);
  out.push_back(op.dim(2, -1));
  op.set(0, op.input(2).type, out);
  op.set(1, DType::kInt32, {op.dim(0, 0)});
  op.set(2, op.input(2).type, out);
  return true;
}

// --- products ---

Shape swapped(Shape shape) {
  if (shape.size() >= 2) {
    std::swap(shape[shape.size() - 1], shape[shape.size() - 2]);
  }
  return shape;
}

Shape fused_side(const OpView& op, std::size_t i, const char* flag) {
  return op.attr_int(flag, 0) != 0 ? swapped(op.shape(i)) : op.shape(i);
}

bool fused_matmul(OpInfer& op) {
  op.set(0, op.input(0).type,
         op::matmul_shape(op, fused_side(op, 0, "transA"), fused_side(op, 1, "transB")));
  return true;
}

void count_fused_matmul(const OpView& op, double, WorkOp& work) {
  op::matmul_work(work, fused_side(op, 0, "transA"), fused_side(op, 1, "transB"));
}

bool fused_gemm(OpInfer& op) {
  if (op.rank(0) != 2 || op.rank(1) != 2) {
    op.mismatch("a Gemm of tensors that are not matrices");
  }
  return fused_matmul(op);
}

// A [.., K], B packed; K and N are attributes.
bool matmul_nbits(OpInfer& op) {
  Shape out = op.shape(0);
  if (out.empty() || out.back() != op.attr_int("K", 0)) {
    op.mismatch("the packed matrix does not fit the input");
  }
  out.back() = op.attr_int("N", 0);
  op.set(0, op.input(0).type, std::move(out));
  return true;
}

void count_matmul_nbits(const OpView& op, double, WorkOp& work) {
  const std::int64_t k = op.attr_int("K", 0), n = op.attr_int("N", 0);
  op::tensor_work(work, 1, k == 0 ? 0 : op.input(0).elements() / k, k, n);
  work.vector_elements += 2 * static_cast<double>(k) * static_cast<double>(n);  // dequantise
}

bool matmul_to_float(OpInfer& op) {
  op.set(0, DType::kFloat32, op::matmul_shape(op, op.shape(0), op.shape(1)));
  return true;
}

void count_matmul_to_float(const OpView& op, double, WorkOp& work) {
  op::matmul_work(work, op.shape(0), op.shape(1));
  work.vector_elements += 2 * static_cast<double>(op.output(0).elements());
}

// --- attention ---

// input [b, s, d], weights [d, 3h], bias, mask, past [2, b, heads, p, dh]: projection and
// attention.
AttentionShape packed_attention(const OpView& op) {
  AttentionShape s;
  s.heads = s.kv_heads = heads_of(op, "num_heads");
  if (op.rank(0) != 3 || op.rank(1) != 2) {
    op.mismatch("Attention needs input [batch, sequence, hidden] and packed weights");
  }
  const Shape sizes = op.attr_ints("qkv_hidden_sizes");
  const std::int64_t all = op.dim(1, 1);
  const bool given = sizes.size() == 3;
  std::int64_t rest = all;
  for (const std::int64_t size : sizes) {
    if (!given || size < 0 || size > rest) op.mismatch("qkv_hidden_sizes do not fit the weights");
    rest -= size;
  }
  s.batch = op.dim(0, 0);
  s.queries = op.dim(0, 1);
  s.head_dim = (given ? sizes[0] : all / 3) / s.heads;
  s.value_dim = (given ? sizes[2] : all / 3) / s.heads;
  s.past = op.has(4) && op.rank(4) == 5 ? op.dim(4, 3) : 0;
  s.keys = s.past + s.queries;
  return s;
}

bool attention(OpInfer& op) {
  const AttentionShape s = packed_attention(op);
  op.set(0, op.input(0).type, {s.batch, s.queries, product({s.heads, s.value_dim})});
  op.set(1, op.input(0).type, {2, s.batch, s.heads, s.keys, s.head_dim});
  return true;
}

// input x weights, plus the bias.
void count_projection(const OpView& op, WorkOp& work) {
  op::tensor_work(work, 1, product({op.dim(0, 0), op.dim(0, 1)}), op.dim(1, 0), op.dim(1, 1));
  work.vector_elements += static_cast<double>(work.positions) * static_cast<double>(work.m);
}

void count_packed_attention(const OpView& op, double, WorkOp& work) {
  const AttentionShape s = packed_attention(op);
  count_attention(s, work);
  if (op.has(4)) {
    count_cache(s, op.input(4).type, work);
  }
}

// query [b, s, h], key, value [b, t, h] (or [b, heads, t, dh]), bias, mask, bias, past_key,
// past_value
AttentionShape multi_head(const OpView& op) {
  AttentionShape s;
  s.heads = s.kv_heads = heads_of(op, "num_heads");
  if (op.rank(0) < 3) {
    op.mismatch("MultiHeadAttention needs queries of rank 3");
  }
  s.batch = op.dim(0, 0);
  s.queries = op.dim(0, 1);
  if (op.rank(0) == 5) {  // packed [b, s, heads, 3, dh]
    s.head_dim = s.value_dim = op.dim(0, 4);
    s.keys = s.queries;
  } else {
    s.head_dim = op.dim(0, 2) / s.heads;
    const bool split = op.has(1) && op.rank(1) == 4;
    s.keys = !op.has(1) ? s.queries : op.dim(1, split ? 2 : 1);
    s.value_dim = !op.has(2) ? s.head_dim : op.rank(2) == 4 ? op.dim(2, 3) : op.dim(2, 2) / s.heads;
  }
  s.past = op.has(6) ? op.dim(6, 2) : 0;
  s.keys += s.past;
  return s;
}

bool multi_head_attention(OpInfer& op) {
  const AttentionShape s = multi_head(op);
  const DType type = op.input(0).type;
  op.set(0, type, {s.batch, s.queries, product({s.heads, s.value_dim})});
  op.set(1, type, {s.batch, s.heads, s.keys, s.head_dim});
  op.set(2, type, {s.batch, s.heads, s.keys, s.value_dim});
  return true;
}

void count_multi_head(const OpView& op, double, WorkOp& work) {
  const AttentionShape s = multi_head(op);
  count_attention(s, work);
  if (op.has(6)) {
    count_cache(s, op.input(6).type, work);
  }
}

// query [b, s, h] (packed: query, key, value together), key, value, past_key [b, kv, p, dh],
// past_value
AttentionShape grouped(const OpView& op) {
  AttentionShape s;
  s.heads = heads_of(op, "num_heads");
  s.kv_heads = heads_of(op, "kv_num_heads");
  if (op.rank(0) != 3) {
    op.mismatch("GroupQueryAttention needs queries of rank 3");
  }
  s.batch = op.dim(0, 0);
  s.queries = op.dim(0, 1);
  s.head_dim = op.dim(0, 2) / (op.has(1) ? s.heads : s.heads + 2 * s.kv_heads);
  s.value_dim = s.head_dim;
  s.past = op.has(3) ? op.dim(3, 2) : 0;
  s.keys = s.past + s.queries;
  return s;
}

bool grouped_attention(OpInfer& op) {
  const AttentionShape s = grouped(op);
  const DType type = op.input(0).type;
  op.set(0, type, {s.batch, s.queries, product({s.heads, s.head_dim})});
  op.set(1, op.has(3) ? op.input(3).type : type, {s.batch, s.kv_heads, s.keys, s.head_dim});
  op.set(2, op.has(4) ? op.input(4).type : type, {s.batch, s.kv_heads, s.keys, s.head_dim});
  return true;
}

void count_grouped(const OpView& op, double, WorkOp& work) {
  const AttentionShape s = grouped(op);
  count_attention(s, work);
  if (op.attr_int("do_rotary", 0) != 0) {
    work.vector_elements += 3 * static_cast<double>(product({s.batch, s.queries, s.head_dim})) *
                            static_cast<double>(s.heads + s.kv_heads);
  }
  if (op.has(3)) {
    count_cache(s, op.input(3).type, work);
  }
}

// --- quantised ---

bool like_zero_point(OpInfer& op, std::size_t i) {
  op.set(0, op.has(i) ? op.input(i).type : op.input(0).type, op.shape(0));
  return true;
}

// a, a_scale, a_zero, b, b_scale, b_zero, c_scale, c_zero
bool qlinear_binary(OpInfer& op) {
  op.set(0, op.input(0).type, op::broadcast_shape(op, op.shape(0), op.shape(3)));
  return true;
}

bool qlinear_unary(OpInfer& op) {
  return like_zero_point(op, 4);
}

bool qlinear_global_pool(OpInfer& op) {
  Shape out(op.shape(0).size(), 1);
  if (out.size() < 2) {
    op.mismatch("a global pool over rank " + std::to_string(out.size()));
  }
  const bool last = op.attr_int("channels_last", 0) != 0;
  out[0] = op.dim(0, 0);
  (last ? out.back() : out[1]) = last ? op.shape(0).back() : op.dim(0, 1);
  op.set(0, op.input(0).type, std::move(out));
  return true;
}

constexpr OpRule kRules[] = {
    {kDomain, "Gelu", 1, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 5,
     kernel::ms_gelu},
    {kDomain, "FastGelu", 1, arity(1, 2), Types::kFloats, kElement, like_first, per_output, 9,
     kernel::fast_gelu},  // cubic, tanh, products
    {kDomain, "BiasGelu", 1, arity(2, 2), Types::kFloats, kElement, like_first, per_output, 6,
     kernel::ms_gelu},  // add, Gelu
    {kDomain, "QuickGelu", 1, arity(1, 1), Types::kFloats, kElement, like_first, per_output, 6,
     kernel::quick_gelu},  // *a, sigmoid, product
    {kDomain, "BiasAdd", 1, arity(3, 3), Types::kFloats, kElement, like_first, per_output, 2,
     kernel::bias_add},  // bias, skip
    {kDomain, "BiasDropout", 1, arity(2, 5, 2), Types::kFloats, kElement, like_first, per_output,
     2},
    {kDomain, "RotaryEmbedding", 1, arity(4, 4), Types::kFloats, kElement, like_first, per_output,
     3, kernel::ms_rotary_embedding},
    {kDomain, "SkipLayerNormalization", 1, arity(3, 5, 4), Types::kFloats, kReduce, skip_norm,
     per_input, 8, kernel::skip_layer_normalization},  // skip
    {kDomain, "SkipSimplifiedLayerNormalization", 1, arity(3, 4, 4), Types::kFloats, kReduce,
     skip_norm, per_input, 5, kernel::skip_simplified_layer_normalization},  // skip
    {kDomain, "EmbedLayerNormalization", 1, arity(1, 9, 3), Types::kIntegers, kReduce, embed_norm,
     per_output, 9},  // two sums, norm
    {kDomain, "SimplifiedLayerNormalization", 1, arity(2, 2, 3), Types::kFloats, kReduce,
     like_first, per_input, 4, kernel::simplified_layer_normalization},
    {kDomain, "GroupNorm", 1, arity(3, 3), Types::kFloats, kReduce, like_first, per_input, 7},
    {kDomain, "FusedMatMul", 1, arity(2, 2), Types::kFloats, kProduct, fused_matmul,
     count_fused_matmul, 0, kernel::fused_matmul},
    {kDomain, "TransposeMatMul", 1, arity(2, 2), Types::kFloats, kProduct, fused_matmul,
     count_fused_matmul, 0, kernel::fused_matmul},
    {kDomain, "FusedGemm", 1, arity(2, 3), Types::kFloats, kProduct, fused_gemm,
     count_fused_matmul},
    {kDomain, "MatMulNBits", 1, arity(3, 6), Types::kFloats, kProduct, matmul_nbits,
     count_matmul_nbits, 0, kernel::matmul_nbits, "4 bits, groups in order"},
    {kDomain, "MatMulIntegerToFloat", 1, arity(4, 7), Types::kIntegers, kProduct, matmul_to_float,
     count_matmul_to_float},
    {kDomain, "DynamicQuantizeMatMul", 1, arity(3, 5), Types::kFloats, kProduct, matmul_to_float,
     count_matmul_to_float},
    {kDomain, "Attention", 1, arity(2, 7, 2), Types::kFloats, kProduct, attention,
     count_packed_attention, 0, nullptr, nullptr, nullptr, count_projection},
    {kDomain, "MultiHeadAttention", 1, arity(1, 10, 4), Types::kFloats, kProduct,
     multi_head_attention, count_multi_head, 0, kernel::multi_head_attention,
     "run with separate queries, keys and values, and without a key padding mask"},
    {kDomain, "GroupQueryAttention", 1, arity(1, 14, 4), Types::kFloats, kProduct,
     grouped_attention, count_grouped, 0, kernel::group_query_attention,
     "run for sequences of one length behind a full past"},
    {kDomain, "QLinearAdd", 1, arity(2, 8), Types::kIntegers, kElement, qlinear_binary, per_output,
     7},
    {kDomain, "QLinearMul", 1, arity(2, 8), Types::kIntegers, kElement, qlinear_binary, per_output,
     7},
    {kDomain, "QLinearSigmoid", 1, arity(2, 5), Types::kIntegers, kElement, qlinear_unary,
     per_output, 8},
    {kDomain, "QLinearLeakyRelu", 1, arity(2, 5), Types::kIntegers, kElement, qlinear_unary,
     per_output, 6},
    {kDomain, "QLinearGlobalAveragePool", 1, arity(5, 5), Types::kIntegers, kReduce,
     qlinear_global_pool, per_input, 1},
};

}  // namespace

std::span<const OpRule> contrib_rules() {
  return kRules;
}

}  // namespace tilewright
