// What most passes do: nodes of one type that something else takes the place of.
#pragma once

#include "frontend/passes/graph_editor.h"

namespace tilewright::pass {

// Calls rewrite(edit, node) for every node of the default domain and of this type; true: its
// results were replaced, and it goes. Returns how many. Nodes that are added meanwhile are not
// visited.
template <typename F>
std::int64_t rewrite_each(GraphEditor& edit, const char* type, F rewrite) {
  std::int64_t changes = 0;
  const std::size_t count = edit.nodes();
  for (std::size_t i = 0; i < count; ++i) {
    const auto node = static_cast<std::int32_t>(i);
    const bool wanted =
        edit.alive(node) && edit.node(node).type == type && edit.node(node).domain.empty();
    if (!wanted || !rewrite(edit, node)) continue;
    edit.remove(node);
    ++changes;
  }
  return changes;
}

}  // namespace tilewright::pass
