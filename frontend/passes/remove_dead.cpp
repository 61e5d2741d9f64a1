// Nodes whose results nobody reads.
#include <algorithm>

#include "frontend/passes/pass.h"

namespace tilewright::pass {

std::int64_t remove_dead(GraphEditor& edit) {
  std::int64_t changes = 0;
  for (std::size_t i = edit.nodes(); i-- > 0;) {
    const auto node = static_cast<std::int32_t>(i);
    if (!edit.alive(node)) continue;
    const auto& outputs = edit.node(node).outputs;
    const bool used = std::any_of(outputs.begin(), outputs.end(), [&](std::int32_t t) {
      return t >= 0 && (edit.is_output(t) || !edit.users(t).empty());
    });
    if (used) continue;
    edit.remove(node);
    ++changes;
  }
  return changes;
}

}  // namespace tilewright::pass
