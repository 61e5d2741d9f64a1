#include "frontend/hazards.h"

#include <algorithm>

namespace tilewright {
void estimate_hazards(WorkOp& op, double elements) {
  const double c = std::max(1.0, op.vector_elements / std::max(1.0, elements));
  if (op.tensor_elements > 0) {
    const double k = static_cast<double>(std::max<std::int64_t>(1, op.k));
    op.raw = op.war = 1.0 / 3;
    op.waw = (1 - 1 / k) / 3;
    return;
  }
  switch (op.kind) {
    case OpKind::kElementwise:
      op.raw = (c + 1) / (c + 2);
      op.war = 1 / (c + 2);
      op.waw = (c - 1) / (c + 2);
      return;
    case OpKind::kReduction:
      op.raw = c / (c + 1);
      op.war = op.waw = 1 / (c + 1);
      return;
    case OpKind::kMove:
    case OpKind::kOpaque:
      op.raw = op.war = 0.5;
      return;
    default:
      return;
  }
}

}  // namespace tilewright
