#include "agents/classical/nlopt_run.h"

#include <algorithm>
#include <cmath>
#include <exception>

namespace tilewright {
namespace {

// NLopt is C: no exception may cross it. One that the objective throws waits here.
class Bridge {
 public:
  explicit Bridge(Objective& objective) : objective_(objective) {}

  static double score(const std::vector<double>& x, std::vector<double>&, void* bridge) {
    return static_cast<Bridge*>(bridge)->visit(x).score;
  }
  static double scalar(const std::vector<double>& x, std::vector<double>&, void* bridge) {
    return static_cast<Bridge*>(bridge)->visit(x).scalar;
  }
  static void lacks(unsigned count, double* result, unsigned, const double* x, double*,
                    void* bridge) {
    const Point& point =
        static_cast<Bridge*>(bridge)->visit(std::vector<double>(x, x + kActionCount));
    for (unsigned i = 0; i < count; ++i) result[i] = -point.margins[i];
  }

  void rethrow() const {
    if (pending_) std::rethrow_exception(pending_);
  }

 private:
  struct Point {
    double score = 3, scalar = 3;
    Margins margins{};
  };

  // The objective and the constraints of a point are asked for one after the other.
  const Point& visit(const std::vector<double>& x) {
    if (pending_) throw nlopt::forced_stop();
    if (x == last_x_) return last_;
    try {
      const Evaluation& e = objective_.at(x);
      last_.score = std::isfinite(e.score) ? std::min(e.score, 3.0) : 3;
      last_.scalar = fitness(e);
      for (std::size_t i = 0; i < kMarginCount; ++i) {
        last_.margins[i] = std::isfinite(e.margins[i]) ? std::clamp(e.margins[i], -3.0, 3.0) : -3;
      }
      last_x_ = x;
      return last_;
    } catch (...) {
      pending_ = std::current_exception();
      throw nlopt::forced_stop();
    }
  }

  Objective& objective_;
  std::vector<double> last_x_;
  Point last_;
  std::exception_ptr pending_;
};

}  // namespace

std::vector<double> drawn_steps(RandomStream& random, double step) {
  std::vector<double> steps(kActionCount);
  for (double& s : steps) s = step * random.uniform(0.5, 1.5) * (random.below(2) == 0 ? -1 : 1);
  return steps;
}

void nlopt_run(Objective& objective, const NloptPlan& plan, const UnitPoint& start, unsigned seed) {
  Bridge bridge(objective);
  nlopt::opt opt(plan.algorithm, static_cast<unsigned>(kActionCount));
  opt.set_lower_bounds(0.0);
  opt.set_upper_bounds(1.0);
  opt.set_xtol_abs(plan.tolerance);
  if (!plan.first_steps.empty()) opt.set_initial_step(plan.first_steps);
  if (plan.population > 0) opt.set_population(static_cast<unsigned>(plan.population));
  if (plan.constraints) {
    opt.set_min_objective(&Bridge::score, &bridge);
    opt.add_inequality_mconstraint(&Bridge::lacks, &bridge, std::vector<double>(kMarginCount, 0.0));
  } else {
    opt.set_min_objective(&Bridge::scalar, &bridge);
  }
  nlopt::srand(seed);
  UnitPoint point = start;
  double value = 0;
  try {
    opt.optimize(point, value);
  } catch (const std::runtime_error&) {  // a forced stop, or no further step in double precision
  }
  bridge.rethrow();
}

}  // namespace tilewright
