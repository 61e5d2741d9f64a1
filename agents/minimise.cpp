#include "agents/minimise.h"

#include "agents/plugin.h"
#include "support/error.h"

namespace tilewright {

CubeBest minimise(const CubeFunction& function, double start_value, const CubeSearch& search) {
  if (search.start.size() < 2 || search.evaluations < 0) {
    throw Error("TW-AGENT-003", "a search needs two variables and a budget", "minimise", "",
                ErrorKind::kInternal);
  }
  static const auto kMinimise =
      reinterpret_cast<Minimise>(open_plugin(kClassicalLibrary, kMinimiseClassical));
  CubeBest best;
  kMinimise(function, start_value, search, best);
  return best;
}

}  // namespace tilewright
