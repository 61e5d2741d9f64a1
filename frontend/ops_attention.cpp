// Attention and position embedding of the standard domain.
#include "frontend/attention.h"
#include "frontend/interpret/kernels.h"
#include "frontend/op_helpers.h"
#include "support/error.h"

namespace tilewright {

std::int64_t heads_of(const OpView& op, const char* attribute) {
  const std::int64_t heads = op.attr_int(attribute, 0);
  if (heads < 1 || heads > 1LL << 20) {
    op.mismatch(std::string("attribute ") + attribute + " is " + std::to_string(heads));
  }
  return heads;
}

void count_attention(const AttentionShape& s, WorkOp& work) {
  op::tensor_work(work, product({s.batch, s.heads}), s.queries, s.head_dim + s.value_dim, s.keys);
  work.vector_elements += 6 * static_cast<double>(work.groups) * static_cast<double>(s.queries) *
                          static_cast<double>(s.keys);
}

void count_cache(const AttentionShape& s, DType type, WorkOp& work) {
  const std::int64_t per_key = product({s.batch, s.kv_heads, s.head_dim + s.value_dim});
  // Only where its inputs contradict each other.
  if (product({per_key, s.keys}) > 1LL << 48)
    throw Error("TW-SHAPE-001", "a KV cache of more than 2^48 elements");
  work.kv_read_bytes = dtype_bytes(type, product({per_key, s.keys}));
  work.kv_write_bytes = dtype_bytes(type, product({per_key, s.keys - s.past}));
}

namespace {

// Q, K, V, mask, past_key, past_value; [batch, heads, sequence, dim] or [batch, sequence, hidden].
AttentionShape attention_shape(const OpView& op) {
  AttentionShape s;
  const bool flat = op.rank(0) == 3;
  if ((op.rank(0) != 3 && op.rank(0) != 4) || op.rank(1) != op.rank(0) ||
      op.rank(2) != op.rank(0)) {
    op.mismatch("attention needs queries, keys and values of rank 3 or 4");
  }
  s.batch = op.dim(0, 0);
  s.heads = flat ? heads_of(op, "q_num_heads") : op.dim(0, 1);
  s.kv_heads = flat ? heads_of(op, "kv_num_heads") : op.dim(1, 1);
  if (s.heads < 1 || s.kv_heads < 1) {
    op.mismatch("attention without a number of heads");
  }
  s.queries = op.dim(0, flat ? 1 : 2);
  s.head_dim = flat ? op.dim(0, 2) / s.heads : op.dim(0, 3);
  s.value_dim = flat ? op.dim(2, 2) / s.kv_heads : op.dim(2, 3);
  s.past = op.has(4) ? op.dim(4, 2) : 0;
  s.keys = s.past + op.dim(1, flat ? 1 : 2);
  return s;
}

bool attention(OpInfer& op) {
  const AttentionShape s = attention_shape(op);
  const DType type = op.input(0).type;
  if (op.rank(0) == 3) {
    op.set(0, type, {s.batch, s.queries, product({s.heads, s.value_dim})});
  } else {
    op.set(0, type, {s.batch, s.heads, s.queries, s.value_dim});
  }
  op.set(1, type, {s.batch, s.kv_heads, s.keys, s.head_dim});
  op.set(2, type, {s.batch, s.kv_heads, s.keys, s.value_dim});
  op.set(3, type, {s.batch, s.heads, s.queries, s.keys});
  return true;
}

void count(const OpView& op, double, WorkOp& work) {
  const AttentionShape s = attention_shape(op);
  count_attention(s, work);
  if (op.has(4)) {
    count_cache(s, op.input(4).type, work);
  }
}

constexpr OpRule kRules[] = {
    {"", "Attention", 23, arity(3, 7, 4), Types::kFloats, OpKind::kMatMul, attention, count, 0,
     kernel::attention},
    // two multiplications and an addition for every element
    {"", "RotaryEmbedding", 23, arity(3, 4), Types::kFloats, OpKind::kElementwise, op::like_first,
     op::per_output, 3, kernel::rotary_embedding},
};

}  // namespace

std::span<const OpRule> attention_rules() {
  return kRules;
}

}  // namespace tilewright
