#include "frontend/kv_cache.h"

#include <algorithm>
#include <set>
#include <string>

#include "frontend/op_view.h"

namespace tilewright {
namespace {

constexpr int kReach = 8;

bool rearranges(const Node& node) {
  static const std::set<std::string> kTypes = {"Identity", "Transpose", "Reshape", "Squeeze",
                                               "Gather",   "Unsqueeze", "Slice",   "Split",
                                               "Expand",   "Tile",      "Concat",  "Flatten"};
  return node.domain.empty() && kTypes.contains(node.type);
}

bool is_product(const Node& node) {
  static const std::set<std::string> kTypes = {"MatMul",        "FusedMatMul",     "Einsum",
                                               "MatMulInteger", "TransposeMatMul", "QLinearMatMul"};
  return kTypes.contains(node.type);
}

// Slots of a fused attention that hold the past.
std::vector<std::size_t> past_slots(const Node& node) {
  if (node.domain == "com.microsoft") {
    if (node.type == "GroupQueryAttention") {
      return {3, 4};
    }
    if (node.type == "MultiHeadAttention") {
      return {6, 7};
    }
    if (node.type == "Attention") {
      return {4};
    }
  } else if (node.domain.empty() && node.type == "Attention") {
    return {4, 5};
  }
  return {};
}

class Finder {
 public:
  Finder(const Graph& graph, const Analysis& analysis)
      : graph_(graph), analysis_(analysis), origin_(graph.tensors.size(), -1) {}

  KvCache run() {
    cache_.resident_bytes.assign(graph_.tensors.size(), -1);
    cache_.in_place.assign(graph_.nodes.size(), 0);
    cache_.is_input.assign(graph_.tensors.size(), 0);
    trace_origins();
    for (std::size_t n = 0; n < graph_.nodes.size(); ++n) {
      find_append(static_cast<std::int32_t>(n));
    }
    mark_residents();
    return std::move(cache_);
  }

 private:
  // origin_: the graph input that a tensor is a rearrangement of.
  void trace_origins() {
    for (const std::int32_t input : graph_.inputs) {
      const std::size_t rank = graph_.tensors[at(input)].shape.size();
      if (rank >= 3 && rank <= 5) {
        origin_[at(input)] = input;
      }
    }
    for (const Node& node : graph_.nodes) {
      if (!rearranges(node)) {
        continue;
      }
      const std::int32_t source = only_source(node);
      for (const std::int32_t output : node.outputs) {
        if (source >= 0 && output >= 0) {
          origin_[at(output)] = origin_[at(source)];
        }
      }
    }
  }

  // The one operand with data that is not fixed; -1 when there are none or several.
  std::int32_t only_source(const Node& node) const {
    std::int32_t source = -1;
    for (const std::int32_t input : node.inputs) {
      if (input < 0 || analysis_.fixed_tensor[at(input)] != 0 || input == source) {
        continue;
      }
      if (source >= 0) {
        return -1;
      }
      source = input;
    }
    return source;
  }

  // Breadth first through nodes with one activation operand.
  bool reaches_product(std::int32_t tensor, int steps) const {
    std::set<std::int32_t> seen{tensor}, front{tensor};
    for (; steps > 0 && !front.empty(); --steps) {
      std::set<std::int32_t> next;
      for (const std::int32_t t : front) {
        for (const std::int32_t user : analysis_.users[at(t)]) {
          const Node& node = graph_.nodes[at(user)];
          const std::int32_t source = only_source(node);
          if (is_product(node) && source < 0) {
            return true;
          }
          for (const std::int32_t output : node.outputs) {
            if (!is_product(node) && source == t && output >= 0 && seen.insert(output).second) {
              next.insert(output);
            }
          }
        }
      }
      front = std::move(next);
    }
    return false;
  }

  void find_append(std::int32_t n) {
    const Node& node = graph_.nodes[at(n)];
    if (analysis_.fixed_node[at(n)] != 0) {
      return;
    }
    if (node.domain.empty() && node.type == "Concat") {
      find_concat(n, node);
      return;
    }
    for (const std::size_t slot : past_slots(node)) {
      if (slot < node.inputs.size() && node.inputs[slot] >= 0) {
        add_fused(n, node, node.inputs[slot]);
      }
    }
  }

  void find_concat(std::int32_t n, const Node& node) {
    std::int32_t past = -1;
    std::int64_t fresh_inputs = 0;
    for (const std::int32_t input : node.inputs) {
      if (input < 0 || analysis_.fixed_tensor[at(input)] != 0) {
        continue;
      }
      if (origin_[at(input)] < 0) {
        ++fresh_inputs;
      } else if (past < 0) {
        past = input;
      } else {
        return;
      }
    }
    const std::int32_t out = node.outputs.empty() ? -1 : node.outputs[0];
    const auto axis = node.attributes.find("axis");
    if (past < 0 || fresh_inputs != 1 || out < 0 || !graph_.tensors[at(out)].has_shape ||
        axis == node.attributes.end() || !reaches_product(out, kReach)) {
      return;
    }
    const auto* const given = std::get_if<std::int64_t>(&axis->second);
    const auto& shape = graph_.tensors[at(out)].shape;
    const auto rank = static_cast<std::int64_t>(shape.size());
    if (given == nullptr || rank < 3) {
      return;
    }
    const std::int64_t where = *given < 0 ? *given + rank : *given;
    if (where < 0 || where >= rank || graph_.tensors[at(past)].shape.size() != shape.size()) {
      return;
    }
    add(n, false, past, shape, static_cast<std::size_t>(where),
        graph_.tensors[at(past)].shape[static_cast<std::size_t>(where)]);
  }

  // Past of a fused attention: [..., heads, sequence, dim], or two of them stacked in front.
  void add_fused(std::int32_t n, const Node& node, std::int32_t past) {
    const Tensor& tensor = graph_.tensors[at(past)];
    if (tensor.shape.size() < 4 || node.inputs.empty() || node.inputs[0] < 0) {
      return;
    }
    const Tensor& query = graph_.tensors[at(node.inputs[0])];
    if (!query.has_shape || query.shape.size() < 3) return;
    const std::size_t axis = tensor.shape.size() - 2;
    std::vector<std::int64_t> present = tensor.shape;
    present[axis] += query.shape.size() == 3 ? query.shape[1] : query.shape[2];
    add(n, true, past, present, axis, tensor.shape[axis]);
  }

  void add(std::int32_t n, bool fused, std::int32_t past, const std::vector<std::int64_t>& present,
           std::size_t axis, std::int64_t past_tokens) {
    if (product(present) > 1LL << 48) return;  // its inputs contradict each other
    const std::size_t batch_axis = present.size() == 5 ? 1 : 0;
    std::vector<std::int64_t> rest;
    std::int64_t elements = 1;
    for (std::size_t i = 0; i < present.size(); ++i) {
      if (i != axis && i != batch_axis) {
        rest.push_back(present[i]);
        elements *= present[i];
      }
    }
    const DType type = graph_.tensors[at(past)].type;
    KvCache::Append append;
    append.node = n;
    append.fused = fused;
    append.past = past_tokens;
    append.fresh = present[axis] - past_tokens;
    append.bytes_per_token = dtype_bytes(type, elements);
    append.new_bytes = dtype_bytes(type, product({elements, append.fresh, present[batch_axis]}));
    append.head_dim = static_cast<std::int32_t>(rest.empty() ? 0 : rest.back());
    append.heads = static_cast<std::int32_t>(rest.size() < 2 ? 1 : rest[rest.size() - 2]);
    cache_.appends.push_back(append);
    if (const std::int32_t input = origin_[at(past)]; input >= 0) {
      cache_.is_input[at(input)] = 1;
    }
  }

  void mark_residents() {
    std::vector<char> appends(graph_.nodes.size(), 0);
    for (const KvCache::Append& append : cache_.appends) {
      appends[at(append.node)] = append.fused ? 2 : 1;
    }
    for (std::size_t t = 0; t < graph_.tensors.size(); ++t) {
      if (cache_.is_input[t] != 0) {
        cache_.resident_bytes[t] = tensor_bytes(graph_, static_cast<std::int32_t>(t));
      }
    }
    for (std::size_t n = 0; n < graph_.nodes.size(); ++n) {
      const Node& node = graph_.nodes[n];
      if (appends[n] == 1) {
        cache_.resident_bytes[at(node.outputs[0])] = tensor_bytes(graph_, node.outputs[0]);
      } else if (appends[n] == 0 && rearranges(node)) {
        mark_rearranged(static_cast<std::int32_t>(n), node);
      }
    }
  }

  void mark_rearranged(std::int32_t n, const Node& node) {
    std::int64_t stored = 0;
    bool any = false;
    for (const std::int32_t input : node.inputs) {
      if (input < 0 || analysis_.fixed_tensor[at(input)] != 0) {
        continue;
      }
      if (cache_.resident_bytes[at(input)] < 0) {
        return;
      }
      stored += cache_.resident_bytes[at(input)];
      any = true;
    }
    if (!any) {
      return;
    }
    cache_.in_place[at(n)] = 1;
    for (const std::int32_t output : node.outputs) {
      if (output >= 0) {
        cache_.resident_bytes[at(output)] = std::min(stored, tensor_bytes(graph_, output));
      }
    }
  }

  const Graph& graph_;
  const Analysis& analysis_;
  std::vector<std::int32_t> origin_;
  KvCache cache_;
};

}  // namespace

KvCache find_kv_cache(const Graph& graph, const Analysis& analysis) {
  return Finder(graph, analysis).run();
}

}  // namespace tilewright
