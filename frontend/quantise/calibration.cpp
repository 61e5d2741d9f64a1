#include "frontend/quantise/calibration.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace tilewright {

void Histogram::add(double x) {
  if (!(most_ > 0)) return;
  const double place = std::fabs(x) / most_ * static_cast<double>(kBins);
  ++counts_[std::min(static_cast<std::size_t>(place), kBins - 1)];
}

double Histogram::threshold(CalibrationMethod method, int levels, double percentile) const {
  if (method == CalibrationMethod::kPercentile) return of_percentile(percentile);
  if (method == CalibrationMethod::kKl) return of_least_divergence(levels);
  return most_;
}

double Histogram::of_percentile(double percentile) const {
  const double all = std::accumulate(counts_.begin(), counts_.end(), 0.0);
  double seen = 0;
  for (std::size_t i = 0; i < kBins; ++i) {
    seen += counts_[i];
    if (seen >= all * percentile / 100)
      return most_ * static_cast<double>(i + 1) / static_cast<double>(kBins);
  }
  return most_;
}

namespace {

constexpr double kTrace = 1e-4;  // of a count

// Kullback-Leibler divergence of the first `kept` bins, what lies beyond added to the last, from
// the same in `levels` steps of equal counts over the bins that hold any.
double divergence(const std::vector<double>& counts, std::size_t kept, std::size_t levels) {
  std::vector<double> p(counts.begin(), counts.begin() + static_cast<std::ptrdiff_t>(kept));
  const double beyond =
      std::accumulate(counts.begin() + static_cast<std::ptrdiff_t>(kept), counts.end(), 0.0);
  std::vector<double> q(kept);
  for (std::size_t level = 0; level < levels; ++level) {
    const std::size_t from = level * kept / levels, to = (level + 1) * kept / levels;
    double sum = 0, filled = 0;
    for (std::size_t i = from; i < to; ++i) {
      sum += p[i];
      filled += counts[i] > 0 ? 1 : 0;
    }
    for (std::size_t i = from; i < to; ++i) q[i] = counts[i] > 0 ? sum / filled : 0;
  }
  p.back() += beyond;
  const double all_p = std::accumulate(p.begin(), p.end(), 0.0),
               all_q = std::accumulate(q.begin(), q.end(), 0.0);
  double sum = 0;
  for (std::size_t i = 0; i < kept; ++i) {
    if (p[i] == 0) continue;
    // What saturates into an empty bin costs much, but not without bound.
    sum += p[i] / all_p * std::log(p[i] / all_p / (std::max(q[i], kTrace) / all_q));
  }
  return sum;
}

}  // namespace

double Histogram::of_least_divergence(int levels) const {
  const auto steps = static_cast<std::size_t>(levels + 1);
  std::size_t best = kBins;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t kept = steps; kept <= kBins; kept += 8) {
    const double d = divergence(counts_, kept, steps);
    if (d < least) {
      least = d;
      best = kept;
    }
  }
  return most_ * static_cast<double>(best) / static_cast<double>(kBins);
}

}  // namespace tilewright
