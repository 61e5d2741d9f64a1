// Nodes that do the same to the same become one, and so do constants of one value.
#include <sstream>
#include <unordered_map>

#include "frontend/interpret/interpreter.h"
#include "frontend/passes/match.h"
#include "frontend/passes/pass.h"
#include "support/table.h"

namespace tilewright::pass {
namespace {

constexpr std::int64_t kSmall = 4096;  // bytes of a constant that is compared

void write(std::ostringstream& out, const Attribute& attribute) {
  std::visit(
      [&](const auto& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::int64_t> || std::is_same_v<T, std::string>) {
          out << value << ';';
        } else if constexpr (std::is_same_v<T, double>) {
          out << std::hexfloat << value << ';';
        } else {
          for (const auto& one : value) out << std::hexfloat << one << ',';
          out << ';';
        }
      },
      attribute);
}

// What tells two nodes apart; empty: they are not compared.
std::string key_of(const GraphEditor& edit, const Node& node) {
  std::ostringstream out;
  out << node.domain << '.' << node.type << '(';
  for (const std::int32_t input : node.inputs) out << input << ' ';
  out << ')' << node.outputs.size() << ' ';
  for (const auto& [name, attribute] : node.attributes) {
    out << name << '=' << attribute.index() << ':';
    write(out, attribute);
  }
  if (node.domain.empty() && node.type == "Constant") {
    const Tensor& t = edit.tensor(node.outputs[0]);
    if (!t.has_shape || t.type == DType::kString || dtype_bytes(t.type, t.elements()) > kSmall)
      return "";
    out << dtype_name(t.type);
    for (const std::int64_t extent : t.shape) out << ' ' << extent;
    out << '=' << bytes_of_value(constant_value(edit.graph(), t, Precision::kDeclared));
  }
  return out.str();
}

bool draws(const Node& node) {
  return node.type.starts_with("Random") || node.type == "Bernoulli";
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
