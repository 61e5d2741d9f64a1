// Attention from softmax(q k^T scale + mask) v, with the repetition of grouped heads and, where
// keys and values are joined to the past of graph inputs, the KV cache.
#include <algorithm>
#include <unordered_set>

#include "frontend/passes/match.h"
#include "frontend/passes/pass.h"
#include "frontend/passes/rewrite.h"

namespace tilewright::pass {
namespace {

struct Block {
  std::int32_t q = -1, k = -1, v = -1, mask = -1;  // [batch, heads, sequence, dim]
  double scale = 1;
};

// Through the repetition of heads: [b, kv, t, d] -> [b, kv, 1, t, d] -> [b, kv, r, t, d] -> [b, kv
// r, t, d].
std::int32_t before_repetition(const Match& m, std::int32_t tensor) {
  const Node* const merged = m.made_by(tensor, "Reshape");
  const Node* const grown = merged == nullptr ? nullptr : m.made_by(merged->inputs[0], "Expand");
  if (grown == nullptr || m.rank(grown->inputs[0]) != 5 || m.rank(merged->inputs[0]) != 5)
    return tensor;
  const std::int32_t apart = grown->inputs[0];
  const Node* node = m.made_by(apart, "Unsqueeze");
  if (node == nullptr) node = m.made_by(apart, "Reshape");
  if (node == nullptr || m.rank(node->inputs[0]) != 4 || m.dim(apart, 2) != 1) return tensor;
  const std::int32_t heads = node->inputs[0];
  const std::int64_t repeats = m.dim(merged->inputs[0], 2);
  const bool fits = m.dim(heads, 0) == m.dim(apart, 0) && m.dim(heads, 1) == m.dim(apart, 1) &&
                    m.dim(heads, 2) == m.dim(apart, 3) && m.dim(heads, 3) == m.dim(apart, 4) &&
                    m.dim(tensor, 1) == m.dim(heads, 1) * repeats &&
                    m.dim(tensor, 0) == m.dim(heads, 0) && m.dim(tensor, 2) == m.dim(heads, 2) &&
                    m.dim(tensor, 3) == m.dim(heads, 3);
  return fits ? heads : tensor;
}

// A constant factor on the tensor.
std::int32_t without_scale(const Match& m, std::int32_t tensor, double& scale) {
  if (const auto product = m.with_scalar(tensor, "Mul")) {
    scale *= product->second;
    return product->first;
  }
  if (const auto quotient = m.with_scalar(tensor, "Div"); quotient && quotient->second != 0) {
    scale /= quotient->second;
    return quotient->first;
  }
  return tensor;
}

// k of k^T; makes a transpose where exporters went from [b, t, h, d] straight to [b, h, d, t].
std::int32_t untransposed(GraphEditor& edit, std::int32_t tensor) {
  const Match m(edit);
  const Node* const node = m.made_by(tensor, "Transpose");
  if (node == nullptr) return -1;
  const Shape perm = OpView(edit.graph(), *node).attr_ints("perm");
  if (perm == Shape{0, 1, 3, 2}) return node->inputs[0];
  if (perm != Shape{0, 2, 3, 1}) return -1;
  const std::int32_t from = node->inputs[0];
  return edit.add_op("Transpose", {from}, {{"perm", Shape{0, 2, 1, 3}}},
                     edit.tensor(tensor).name + "/keys");
}

bool broadcasts(const Match& m, std::int32_t mask, std::int32_t scores) {
  const std::int64_t rank = m.rank(mask);
  if (rank < 1 || rank > 4) return false;
  for (std::int64_t i = 1; i <= rank; ++i) {
    if (m.dim(mask, -i) != 1 && m.dim(mask, -i) != m.dim(scores, -i)) return false;
  }
  // A last axis of 1 would be taken for a mask of one key.
  return m.dim(mask, -1) == m.dim(scores, -1);
}

// The scores' operands; -1s where they are none.
bool scores_of(GraphEditor& edit, std::int32_t tensor, Block& b) {
  const Match m(edit);
  tensor = m.before_casts(tensor);
  double scale = 1;
  std::int32_t product = m.before_casts(without_scale(m, tensor, scale));
  if (m.made_by(product, "MatMul") == nullptr) {
    const auto sum = m.operands(tensor, "Add");
    if (!sum) return false;
    for (const auto& [scored, mask] :
         {std::pair(sum->first, sum->second), std::pair(sum->second, sum->first)}) {
      scale = 1;
      product = m.before_casts(without_scale(m, m.before_casts(scored), scale));
      if (m.made_by(product, "MatMul") == nullptr || !broadcasts(m, mask, tensor)) continue;
      b.mask = mask;
      break;
    }
    if (b.mask < 0) return false;
  }
  const Node node = *m.made_by(product, "MatMul");
  if (m.rank(node.inputs[0]) != 4 || m.rank(node.inputs[1]) != 4) return false;
  b.q = without_scale(m, node.inputs[0], scale);
  const std::int32_t keys = untransposed(edit, without_scale(m, node.inputs[1], scale));
  if (keys < 0) return false;
  b.k = before_repetition(Match(edit), without_scale(Match(edit), keys, scale));
  b.scale = scale;
  return true;
}

// past and new along the sequence, past a graph input.
struct Joined {
  std::int32_t past = -1, fresh = -1;
};
std::optional<Joined> joined(const GraphEditor& edit, std::int32_t tensor) {
  const Match m(edit);
  const Node* const node = m.made_by(tensor, "Concat");
  if (node == nullptr || node->inputs.size() != 2 || m.rank(tensor) != 4) return std::nullopt;
  const std::int64_t axis = OpView(edit.graph(), *node).attr_int("axis", 0);
  const auto& inputs = edit.graph().inputs;
  const bool is_input = std::find(inputs.begin(), inputs.end(), node->inputs[0]) != inputs.end();
  if ((axis != 2 && axis != -2) || !is_input) return std::nullopt;
  return Joined{node->inputs[0], node->inputs[1]};
}

// Whether what computes `tensor` reads `source` anywhere.
bool depends_on(const GraphEditor& edit, std::int32_t tensor, std::int32_t source) {
  std::vector<std::int32_t> stack = {tensor};
  std::unordered_set<std::int32_t> seen;
  while (!stack.empty()) {
    const std::int32_t t = stack.back();
    stack.pop_back();
    if (t == source) return true;
    const std::int32_t producer = edit.producer(t);
    if (producer < 0 || !seen.insert(producer).second) continue;
    for (const std::int32_t input : edit.node(producer).inputs) {
      if (input >= 0) stack.push_back(input);
    }
  }
  return false;
}

// The node would make what joins past and new; nothing that it reads may wait for that.
bool may_join(const GraphEditor& edit, const Block& b, const Joined& keys, const Joined& values) {
  for (const std::int32_t input : {b.q, b.mask, keys.fresh, values.fresh}) {
    for (const std::int32_t made : {b.k, b.v}) {
      if (input >= 0 && depends_on(edit, input, made)) return false;
    }
  }
  return true;
}

bool fits(const GraphEditor& edit, const Block& b) {
  const Match m(edit);
  const DType type = edit.tensor(b.q).type;
  return m.rank(b.k) == 4 && m.rank(b.v) == 4 && type == edit.tensor(b.k).type &&
         type == edit.tensor(b.v).type && m.dim(b.k, 1) >= 1 &&
         m.dim(b.q, 1) % m.dim(b.k, 1) == 0 && m.dim(b.v, 1) == m.dim(b.k, 1) &&
         m.dim(b.q, 0) == m.dim(b.k, 0) && m.dim(b.q, 0) == m.dim(b.v, 0) &&
         m.dim(b.q, 3) == m.dim(b.k, 3) && m.dim(b.k, 2) == m.dim(b.v, 2) &&
         (b.mask < 0 || edit.tensor(b.mask).type == type);
}

bool recognise(GraphEditor& edit, std::int32_t index) {
  const Node product = edit.node(index);
  Block b;
  {
    const Match m(edit);
    const Node* const softmax = m.made_by(m.before_casts(product.inputs[0]), "Softmax");
    if (softmax == nullptr || m.rank(product.outputs[0]) != 4) return false;
    const OpView view(edit.graph(), *softmax);
    const std::int64_t axis = view.attr_int("axis", view.opset() < 13 ? 1 : -1);
    if (axis != -1 && axis != 3) return false;
    if (!scores_of(edit, softmax->inputs[0], b)) return false;
    b.v = before_repetition(Match(edit), product.inputs[1]);
  }
  if (!fits(edit, b)) return false;
  const auto keys = joined(edit, b.k), values = joined(edit, b.v);
  const bool cached = keys && values && may_join(edit, b, *keys, *values);
  const std::string name = edit.tensor(product.outputs[0]).name + "/Attention";
  Node node;
  node.type = "Attention";
  node.name = name;
  node.attributes["scale"] = b.scale;
  node.inputs = {b.q, cached ? keys->fresh : b.k, cached ? values->fresh : b.v, b.mask};
  node.outputs = {edit.add_tensor(name)};
  if (cached) {
    node.inputs.insert(node.inputs.end(), {keys->past, values->past});
    node.outputs.push_back(edit.add_tensor(name + "/present_key"));
    node.outputs.push_back(edit.add_tensor(name + "/present_value"));
  } else if (b.mask < 0) {
    node.inputs.pop_back();
  }
  const std::vector<std::int32_t> outputs = node.outputs;
  edit.add_node(std::move(node));
  if (!edit.replace(product.outputs[0], outputs[0])) return false;
  if (cached) {
    edit.replace(b.k, outputs[1]);
    edit.replace(b.v, outputs[2]);
  }
  return true;
}

}  // namespace

std::int64_t recognise_attention(GraphEditor& edit) {
  return rewrite_each(edit, "MatMul", recognise);
}

}  // namespace tilewright::pass
