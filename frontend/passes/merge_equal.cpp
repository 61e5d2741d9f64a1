// Nodes that do the same to the same become one, and so do constants of one value.
#include <string>
#include <type_traits>
#include <unordered_map>

#include "frontend/interpret/interpreter.h"
#include "frontend/passes/match.h"
#include "frontend/passes/pass.h"

namespace tilewright::pass {
namespace {

constexpr std::int64_t kSmall = 4096;  // bytes of a constant that is compared

template <typename T>
void append_bits(std::string& out, T x) {
  out.append(reinterpret_cast<const char*>(&x), sizeof x);
}

void append(std::string& out, const Attribute& attribute) {
  std::visit(
      [&](const auto& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::string>) {
          append_bits(out, value.size());
          out += value;
        } else if constexpr (std::is_arithmetic_v<T>) {
          append_bits(out, value);
        } else {
          append_bits(out, value.size());
          for (const auto& one : value) append(out, Attribute(one));
        }
      },
      attribute);
}

// What tells two nodes apart; empty: they are not compared.
std::string key_of(const GraphEditor& edit, const Node& node) {
  std::string out = node.domain + '.' + node.type + '(';
  for (const std::int32_t input : node.inputs) append_bits(out, input);
  out += ')';
  append_bits(out, node.outputs.size());
  for (const auto& [name, attribute] : node.attributes) {
    out += name + '=';
    append_bits(out, attribute.index());
    append(out, attribute);
  }
  if (node.domain.empty() && node.type == "Constant") {
    const Tensor& t = edit.tensor(node.outputs[0]);
    const bool small =
        t.has_shape && t.type != DType::kString && dtype_bytes(t.type, t.elements()) <= kSmall;
    if (!small) return "";
    out += dtype_name(t.type);
    for (const std::int64_t extent : t.shape) append_bits(out, extent);
    out += bytes_of_value(constant_value(edit.graph(), t, Precision::kDeclared));
  }
  return out;
}

}  // namespace

std::int64_t merge_equal(GraphEditor& edit) {
  std::int64_t changes = 0;
  std::unordered_map<std::string, std::int32_t> seen;
  const std::size_t count = edit.nodes();
  for (std::size_t i = 0; i < count; ++i) {
    const auto node = static_cast<std::int32_t>(i);
    if (!edit.alive(node) || draws(edit.node(node))) continue;
    const std::string key = key_of(edit, edit.node(node));
    if (key.empty()) continue;
    const auto [entry, fresh] = seen.try_emplace(key, node);
    if (fresh) continue;
    const Node first = edit.node(entry->second), second = edit.node(node);
    bool whole = true;
    for (std::size_t o = 0; o < second.outputs.size(); ++o) {
      const std::int32_t from = second.outputs[o], to = first.outputs[o];
      // A graph output needs a tensor of its own.
      whole = whole && from >= 0 && to >= 0 && !edit.is_output(from) && edit.replace(from, to);
    }
    if (!whole) continue;
    edit.remove(node);
    ++changes;
  }
  return changes;
}

}  // namespace tilewright::pass
