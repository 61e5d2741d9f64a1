#include "frontend/passes/recognised.h"

#include <algorithm>
#include <map>
#include <set>

#include "frontend/analysis.h"
#include "frontend/text.h"

namespace tilewright {
namespace {

// Products with a Swish as one factor.
std::int64_t gated(const Graph& graph) {
  const Analysis analysis = analyse(graph);
  return std::count_if(graph.nodes.begin(), graph.nodes.end(), [&](const Node& node) {
    return node.type == "Mul" &&
           std::any_of(node.inputs.begin(), node.inputs.end(), [&](std::int32_t input) {
             const std::int32_t from = input < 0 ? -1 : analysis.producer[at(input)];
             return from >= 0 && graph.nodes[at(from)].type == "Swish";
           });
  });
}

bool has_past(const Node& node) {
  return node.inputs.size() > 4 && node.inputs[4] >= 0;
}

}  // namespace

std::vector<Block> recognised_blocks(const Graph& graph) {
  static const std::vector<std::string> kTypes = {
      "Attention",       "RMSNormalization", "LayerNormalization", "Swish",         "Gelu",
      "RotaryEmbedding", "QLinearMatMul",    "QLinearConv",        "MatMulInteger", "ConvInteger"};
  std::vector<Block> blocks;
  for (const std::string& type : kTypes) {
    Block block{type, 0, ""};
    std::int64_t cached = 0;
    for (const Node& node : graph.nodes) {
      if (!node.domain.empty() || node.type != type) continue;
      ++block.count;
      cached += type == "Attention" && has_past(node) ? 1 : 0;
    }
    if (cached > 0) block.detail = std::to_string(cached) + " with a KV cache";
    if (block.count > 0) blocks.push_back(std::move(block));
  }
  if (const std::int64_t count = gated(graph); count > 0) blocks.push_back({"SwiGLU", count, ""});
  return blocks;
}

std::vector<Block> unrecognised_operators(const Graph& graph) {
  static const std::set<std::string> kTypes = {
      "Softmax", "ReduceMean", "Erf", "Sigmoid", "Sin", "Cos", "BatchNormalization"};
  std::map<std::string, Block> found;
  for (const Node& node : graph.nodes) {
    if (!node.domain.empty() || !kTypes.contains(node.type)) continue;
    Block& block = found[node.type];
    if (block.count++ == 0) block = {node.type, 1, "first '" + printable(node.name) + "'"};
  }
  std::vector<Block> blocks;
  blocks.reserve(found.size());
  for (auto& [type, block] : found) blocks.push_back(std::move(block));
  return blocks;
}

}  // namespace tilewright
