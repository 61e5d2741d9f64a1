#include "experiments/binding.h"

namespace tilewright {

std::string binding_limits(const Margins& margins) {
  std::string names;
  for (const Margin m : {kMarginPower, kMarginArea, kMarginDmem, kMarginWcap, kMarginRate}) {
    if (margins[m] > kBindingMargin) continue;
    names += (names.empty() ? "" : ", ") + std::string(margin_name(m));
  }
  return names.empty() ? "none" : names;
}

}  // namespace tilewright
