// Small statistics for the comparisons.
#pragma once

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

}  // namespace tilewright
