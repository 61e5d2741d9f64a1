// Finds the KV cache of a decode step: inputs that hold the past, and where new keys and values
// join it.
#pragma once

#include <cstdint>
#include <vector>

#include "frontend/analysis.h"

namespace tilewright {

struct KvCache {
  // Nodes that append to the cache (Concat of past and new), or fused attentions with a past input.
  struct Append {
    std::int32_t node = -1;
    bool fused = false;
    std::int64_t bytes_per_token = 0;  // a sequence
    std::int64_t new_bytes = 0;        // written by one execution
    std::int64_t past = 0, fresh = 0;  // tokens
    std::int32_t heads = 0, head_dim = 0;
  };
  std::vector<Append> appends;  // by node
  // Bytes that reading the tensor costs the cache; -1: the tensor does not live in the cache.
  // Tensors that only rearrange the cache (transposes, the repetition of grouped heads) are read in
  // place, at the bytes of what is stored.
  std::vector<std::int64_t> resident_bytes;
  std::vector<char> in_place;  // node -> 1: only rearranges the cache, no work
  std::vector<char> is_input;  // tensor -> 1: graph input that holds the past

  bool empty() const { return appends.empty(); }
};

// The rule for a Concat: one operand comes from a graph input of rank 3 to 5 through data movement
// only, the others are computed in this step, and the result reaches a product of two activations
// within eight nodes that have one activation operand.
KvCache find_kv_cache(const Graph& graph, const Analysis& analysis);

}  // namespace tilewright
