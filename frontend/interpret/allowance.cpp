#include "frontend/interpret/allowance.h"

#include "frontend/op_view.h"
#include "support/error.h"

namespace tilewright {

void Allowance::spend(double amount, const Node& node) {
  work -= amount;
  if (!(work >= 0))
    throw Error("TW-RUN-011", "the model does more work than is allowed", describe(node));
}

}  // namespace tilewright
