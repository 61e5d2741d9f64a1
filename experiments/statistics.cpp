#include "experiments/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace tilewright {
namespace {

constexpr std::size_t kMostForExact = 20;

// Of all orders of n and m distinct values, how many have each U: the coefficients of the Gaussian
// binomial, prod_i (1 - x^(m+i)) / (1 - x^i). Whole numbers below 2^53 for n, m <= 20.
std::vector<double> orders_by_u(std::size_t n, std::size_t m) {
  std::vector<double> count{1};
  count.resize(n * m + 1);
  for (std::size_t i = 1; i <= n; ++i) {
    for (std::size_t u = n * m; u >= m + i; --u) count[u] -= count[u - (m + i)];
    for (std::size_t u = i; u <= n * m; ++u) count[u] += count[u - i];
  }
  return count;
}

double exact_p(double u, std::size_t n, std::size_t m) {
  const std::vector<double> count = orders_by_u(n, m);
  const auto whole = static_cast<std::size_t>(std::min(u, static_cast<double>(n * m) - u));
  const auto tail =
      std::accumulate(count.begin(), count.begin() + static_cast<std::ptrdiff_t>(whole) + 1, 0.0);
  return std::min(1.0, 2 * tail / std::accumulate(count.begin(), count.end(), 0.0));
}

// sum of t^3 - t over groups of t equal values; 0 without ties.
double tie_sum(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  double sum = 0;
  for (std::size_t first = 0; first < values.size();) {
    std::size_t end = first;
    while (end < values.size() && values[end] == values[first]) ++end;
    const auto t = static_cast<double>(end - first);
    sum += t * t * t - t;
    first = end;
  }
  return sum;
}

double normal_p(double u, double n, double m, double ties) {
  const double all = n + m;
  const double variance = n * m / 12 * (all + 1 - ties / (all * (all - 1)));
  if (variance <= 0) return 1;  // all values are equal
  const double distance = std::max(0.0, std::fabs(u - n * m / 2) - 0.5);
  return std::min(1.0, std::erfc(distance / std::sqrt(2 * variance)));
}

}  // namespace

double mean(std::span<const double> values) {
  if (values.empty()) return 0;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double deviation(std::span<const double> values) {
  const double m = mean(values);
  double sum = 0;
  for (const double v : values) sum += (v - m) * (v - m);
  return values.empty() ? 0 : std::sqrt(sum / static_cast<double>(values.size()));
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

double correlation(std::span<const double> a, std::span<const double> b) {
  const double ma = mean(a), mb = mean(b);
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    ab += (a[i] - ma) * (b[i] - mb);
    aa += (a[i] - ma) * (a[i] - ma);
    bb += (b[i] - mb) * (b[i] - mb);
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

std::vector<double> ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t i, std::size_t j) { return values[i] < values[j]; });
  std::vector<double> rank(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first;
    while (last + 1 < order.size() && values[order[last + 1]] == values[order[first]]) ++last;
    const double shared = 1 + static_cast<double>(first + last) / 2;
    for (std::size_t i = first; i <= last; ++i) rank[order[i]] = shared;
    first = last + 1;
  }
  return rank;
}

double rank_correlation(std::span<const double> a, std::span<const double> b) {
  return correlation(ranks(a), ranks(b));
}

PowerLaw fit_power_law(std::span<const double> x, std::span<const double> y) {
  const auto logarithms = [](std::span<const double> values) {
    std::vector<double> out;
    out.reserve(values.size());
    for (const double v : values) out.push_back(std::log(v));
    return out;
  };
  const std::vector<double> lx = logarithms(x), ly = logarithms(y);
  const double r = correlation(lx, ly);
  PowerLaw law;
  law.exponent = r * deviation(ly) / deviation(lx);
  law.constant = std::exp(mean(ly) - law.exponent * mean(lx));
  law.r2 = r * r;
  return law;
}

double quantile(std::vector<double> values, double q) {
  std::sort(values.begin(), values.end());
  const double rank = std::ceil(q * static_cast<double>(values.size()));
  return values[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

std::optional<MedianInterval> median_interval(std::vector<double> values, double confidence) {
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  double term = std::pow(0.5, static_cast<double>(n)), below = 0;  // P(B = k), P(B <= k)
  std::optional<MedianInterval> interval;
  for (std::size_t k = 0; 2 * (k + 1) <= n; ++k) {
    below += term;
    term *= static_cast<double>(n - k) / static_cast<double>(k + 1);
    const double coverage = 1 - 2 * below;
    if (coverage < confidence) break;
    interval = MedianInterval{values[k], values[n - 1 - k], coverage, k + 1};
  }
  return interval;
}

MannWhitney mann_whitney(std::span<const double> a, std::span<const double> b) {
  std::vector<double> all(a.begin(), a.end());
  all.insert(all.end(), b.begin(), b.end());
  MannWhitney test;
  const auto n = static_cast<double>(a.size()), m = static_cast<double>(b.size());
  test.u = n * m * probability_below(b, a);
  const double ties = tie_sum(all);
  test.exact = ties == 0 && std::max(a.size(), b.size()) <= kMostForExact;
  test.p = test.exact ? exact_p(test.u, a.size(), b.size()) : normal_p(test.u, n, m, ties);
  return test;
}

double probability_below(std::span<const double> a, std::span<const double> b) {
  double pairs = 0;
  for (const double x : a) {
    for (const double y : b) pairs += x < y ? 1.0 : x == y ? 0.5 : 0.0;
  }
  return pairs / static_cast<double>(a.size() * b.size());
}

}  // namespace tilewright
