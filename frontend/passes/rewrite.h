// What most passes do: nodes of one type that something else takes the place of.
#pragma once

#include <algorithm>

#include "frontend/passes/graph_editor.h"
#include "support/error.h"

namespace tilewright::pass {

// No result but the first is read or shown.
inline bool only_first_used(const GraphEditor& edit, const Node& node) {
  return std::none_of(node.outputs.begin() + 1, node.outputs.end(),
                      [&](std::int32_t t) { return edit.in_use(t); });
}

// Calls rewrite(edit, node) for every node of the default domain and of this type; true: its
// first result was replaced, and it goes. Returns how many. Nodes that are added meanwhile are not
// visited, nor those of which another result is used. What has no shape is left as it is.
template <typename F>
std::int64_t rewrite_each(GraphEditor& edit, const char* type, F rewrite) {
  std::int64_t changes = 0;
  const std::size_t count = edit.nodes();
  for (std::size_t i = 0; i < count; ++i) {
    const auto node = static_cast<std::int32_t>(i);
    const bool wanted = edit.alive(node) && edit.node(node).type == type &&
                        edit.node(node).domain.empty() && !edit.node(node).outputs.empty() &&
                        only_first_used(edit, edit.node(node));
    try {
      if (!wanted || !rewrite(edit, node)) continue;
    } catch (const Error& error) {
      if (error.id() != "TW-SHAPE-002") throw;
      continue;
    }
    edit.remove(node);
    ++changes;
  }
  return changes;
}

}  // namespace tilewright::pass
