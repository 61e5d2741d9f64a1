// The work of a fused attention, whatever its operator is called.
#pragma once

#include "frontend/op_view.h"
#include "frontend/workload.h"

namespace tilewright {

struct AttentionShape {
  std::int64_t batch = 1, heads = 1, queries = 1, keys = 1;  // keys: past and new together
  std::int64_t head_dim = 0, value_dim = 0;
  std::int64_t kv_heads = 1, past = 0;
};

// A number of heads from an attribute; Error TW-SHAPE-001 unless it lies in 1 .. 2^20.
std::int64_t heads_of(const OpView& op, const char* attribute);

// Scores (k = head_dim) and context (k = keys) together: groups = batch x heads, positions =
// queries, k = head_dim + value_dim, m = keys, which has exactly their sum of multiply-accumulates.
// Softmax, scale and mask: six element operations a score.
void count_attention(const AttentionShape& shape, WorkOp& work);

// Cache traffic of the same node, in bytes of `type`: all keys and values are read for every new
// token batch, the new ones are written.
void count_cache(const AttentionShape& shape, DType type, WorkOp& work);

}  // namespace tilewright
