#include "experiments/best_so_far.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tilewright {

std::vector<double> best_so_far(std::span<const Evaluation> log) {
  std::vector<double> curve;
  double best = std::numeric_limits<double>::infinity();
  for (const Evaluation& e : log) {
    if (e.feasible && e.score < best) best = e.score;
    curve.push_back(best);
  }
  return curve;
}

std::int64_t evaluations_until(const std::vector<double>& curve, double score) {
  const auto at = std::find_if(curve.begin(), curve.end(),
                               [&](double best) { return best <= score && std::isfinite(best); });
  return at == curve.end() ? std::ssize(curve) : at - curve.begin() + 1;
}

}  // namespace tilewright
