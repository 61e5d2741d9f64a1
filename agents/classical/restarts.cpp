#include "agents/classical/restarts.h"

#include <algorithm>

namespace tilewright {

void RestartedSearcher::run(Oracle& oracle) {
  constexpr int kIdleRuns = 100;
  Objective objective(oracle, repair());
  RandomStream random = oracle.stream(name());
  const std::int64_t budget = oracle.remaining();
  int idle = 0;
  for (int index = 0; idle < kIdleRuns; ++index) {
    const std::int64_t before = oracle.used();
    Run run{objective, random, index, budget};
    try {
      one_run(run);
    } catch (const RunOver&) {
    }
    idle = oracle.used() > before ? 0 : idle + 1;
  }
}

UnitPoint boxed(const ActionVector& unit) {
  UnitPoint point(unit.begin(), unit.end());
  for (double& u : point) u = std::clamp(u, 0.0, 1.0);
  return point;
}

UnitPoint start_point(const Run& run) {
  return boxed(run.objective.best().unit);
}

UnitPoint scattered_point(Run& run, const UnitPoint& around, double spread) {
  UnitPoint point(around.size());
  for (std::size_t i = 0; i < point.size(); ++i) {
    point[i] =
        spread > 0 ? mirrored(around[i] + spread * run.random.normal()) : run.random.uniform();
  }
  return point;
}

}  // namespace tilewright
