#include "agents/classical/refine.h"

#include "agents/classical/nlopt_run.h"

namespace tilewright {
namespace {

constexpr double kFirstStep = 0.1, kLastStep = 0.005;

}  // namespace

Evaluation refine(Oracle& oracle, const ActionVector& start, std::int64_t budget) {
  RandomStream random = oracle.stream("refine");
  Objective objective(oracle, Repair::kClip);
  const auto end = oracle.used() + budget;
  const auto left = [&] { return end - oracle.used(); };
  auto seen = oracle.log().size();
  objective.begin_run(Objective::kUnlimited, left());
  Evaluation best = objective.at(start);
  for (double step = kFirstStep; step >= kLastStep && left() > 0; step /= 2) {
    NloptPlan plan;
    plan.algorithm = nlopt::LN_COBYLA;
    plan.constraints = true;
    plan.tolerance = step / 20;
    plan.first_steps = drawn_steps(random, step);
    objective.begin_run(Objective::kUnlimited, left());
    try {
      nlopt_run(objective, plan, boxed(best.unit), 0);
    } catch (const RunOver&) {
    }
    for (; seen < oracle.log().size(); ++seen) {
      if (better(oracle.log()[seen], best)) best = oracle.log()[seen];
    }
  }
  return best;
}

}  // namespace tilewright
