// Small statistics for the comparisons.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace tilewright {

double mean(std::span<const double> values);
double deviation(std::span<const double> values);  // population standard deviation
double median(std::vector<double> values);         // 0 for none
double correlation(std::span<const double> a,
                   std::span<const double> b);              // Pearson; 0 if one is constant
std::vector<double> ranks(std::span<const double> values);  // 1-based, ties share their mean
double rank_correlation(std::span<const double> a, std::span<const double> b);  // Spearman

// y = constant x^exponent by least squares of logarithms; `r2` is that of the logarithms. At least
// two different x, all values positive.
struct PowerLaw {
  double exponent = 0, constant = 0, r2 = 0;
};
PowerLaw fit_power_law(std::span<const double> x, std::span<const double> y);

// The nearest-rank quantile, an observed value, so that infinities do no harm: the smallest value
// that at least the share `q` of them does not exceed. `values` are not empty.
double quantile(std::vector<double> values, double q);

// An interval for the median that holds for any distribution: the values of rank `low_rank` and
// n + 1 - low_rank, with the exact coverage 1 - 2 P(Binomial(n, 1/2) < low_rank).
struct MedianInterval {
  double low = 0, high = 0, coverage = 0;
  std::size_t low_rank = 0;  // 1-based
};
// The narrowest whose coverage is at least `confidence`; none when the values are too few (below
// six for 0.95).
std::optional<MedianInterval> median_interval(std::vector<double> values, double confidence = 0.95);

struct MannWhitney {
  double u = 0;  // pairs in which a value of `a` exceeds one of `b`, ties as a half
  double p = 1;  // two-sided
  bool exact = false;
};
// Exact from the counts of all orders when nothing is tied and neither side has more than 20
// values; else the normal approximation with corrections for ties and continuity. Neither is empty.
MannWhitney mann_whitney(std::span<const double> a, std::span<const double> b);

// P(A < B) + P(A = B) / 2 over all pairs. Neither is empty.
double probability_below(std::span<const double> a, std::span<const double> b);

}  // namespace tilewright
