#include "frontend/layers.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>

namespace tilewright {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::int32_t own_layer(const Graph& graph, const Analysis& analysis, const Node& node) {
  std::int32_t layer = layer_in_name(node.name);
  for (std::size_t i = 0; i < node.inputs.size() && layer < 0; ++i) {
    const std::int32_t input = node.inputs[i];
    // A weight that several nodes share says nothing about where they are.
    if (input >= 0 && graph.tensors[at(input)].is_weight && analysis.users[at(input)].size() == 1) {
      layer = layer_in_name(graph.tensors[at(input)].name);
    }
  }
  for (std::size_t i = 0; i < node.outputs.size() && layer < 0; ++i) {
    if (node.outputs[i] >= 0) {
      layer = layer_in_name(graph.tensors[at(node.outputs[i])].name);
    }
  }
  return layer;
}

bool is_attention_softmax(const Graph& graph, const Analysis& analysis, std::size_t n) {
  const Node& node = graph.nodes[n];
  if ((node.type != "Softmax" && node.type != "iSoftmax") || node.outputs.empty() ||
      node.outputs[0] < 0 || analysis.fixed_node[n] != 0) {
    return false;
  }
  const auto& users = analysis.users[at(node.outputs[0])];
  return std::any_of(users.begin(), users.end(), [&](std::int32_t user) {
    const std::string& type = graph.nodes[at(user)].type;
    return type == "MatMul" || type == "FusedMatMul" || type == "Cast" || type == "Einsum";
  });
}

std::vector<std::int32_t> number_attention(const Graph& graph, const Analysis& analysis) {
  std::vector<std::int32_t> layers(graph.nodes.size(), -1);
  std::int32_t layer = -1;
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    layer += is_attention_softmax(graph, analysis, n) ? 1 : 0;
    layers[n] = layer;
  }
  return layers;
}

}  // namespace

std::int32_t layer_in_name(std::string_view name) {
  constexpr std::array<std::string_view, 6> kWords = {"layers", "layer", "blocks",
                                                      "block",  "h",     "resblocks"};
  for (std::size_t start = 0; start < name.size();) {
    if (!is_letter(name[start])) {
      ++start;
      continue;
    }
    std::size_t end = start;
    while (end < name.size() && is_letter(name[end])) {
      ++end;
    }
    const std::string_view word = name.substr(start, end - start);
    std::size_t digit = end + 1;
    std::int64_t value = 0;
    while (digit < name.size() && is_digit(name[digit]) && value < 100000) {
      value = value * 10 + (name[digit++] - '0');
    }
    const bool listed = std::find(kWords.begin(), kWords.end(), word) != kWords.end();
    const bool separated =
        end < name.size() && (name[end] == '.' || name[end] == '_' || name[end] == '/');
    const bool closed = digit >= name.size() || !(is_letter(name[digit]) || is_digit(name[digit]));
    if (listed && separated && digit > end + 1 && closed) {
      return static_cast<std::int32_t>(value);
    }
    start = end;
  }
  return -1;
}

std::vector<std::int32_t> find_layers(const Graph& graph, const Analysis& analysis) {
  constexpr std::int32_t kNone = std::numeric_limits<std::int32_t>::max();
  const std::size_t count = graph.nodes.size();
  std::vector<std::int32_t> own(count, -1), before(count, -1), after(count, kNone);
  bool any = false;
  for (std::size_t n = 0; n < count; ++n) {
    if (analysis.fixed_node[n] == 0) {
      own[n] = before[n] = own_layer(graph, analysis, graph.nodes[n]);
      any = any || own[n] >= 0;
    }
    for (const std::int32_t input : graph.nodes[n].inputs) {
      const std::int32_t from = input < 0 ? -1 : analysis.producer[at(input)];
      if (own[n] < 0 && from >= 0) {
        before[n] = std::max(before[n], before[at(from)]);
      }
    }
  }
  if (!any) {
    return number_attention(graph, analysis);
  }
  for (std::size_t n = count; n-- > 0;) {
    for (const std::int32_t output : graph.nodes[n].outputs) {
      for (std::size_t u = 0; output >= 0 && u < analysis.users[at(output)].size(); ++u) {
        after[n] = std::min(after[n], after[at(analysis.users[at(output)][u])]);
      }
    }
    after[n] = own[n] >= 0 ? own[n] : after[n];
    if (own[n] < 0 && before[n] >= 0 && after[n] != kNone && before[n] <= after[n]) {
      own[n] = before[n];
    }
  }
  return own;
}

}  // namespace tilewright
