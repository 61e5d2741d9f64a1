// How far a scale reaches: the threshold beyond which values saturate, from a histogram of
// magnitudes.
#pragma once

#include <cstdint>
#include <vector>

namespace tilewright {

enum class CalibrationMethod {
  kMinMax,      // nothing saturates
  kPercentile,  // all but a small share
  kKl,          // the least information lost (Migacz 2017: 8-bit inference with TensorRT)
  kBest,        // of these the one that changes the model's outputs least
};

// 2,048 bins of |x| over [0, most].
class Histogram {
 public:
  static constexpr std::size_t kBins = 2048;
  explicit Histogram(double most) : most_(most), counts_(kBins) {}
  void add(double x);
  double most() const { return most_; }
  // The threshold for `levels` steps of magnitude (127 for int8, 7 for int4). `percentile` in per
  // cent.
  double threshold(CalibrationMethod method, int levels, double percentile) const;

 private:
  double of_percentile(double percentile) const;
  double of_least_divergence(int levels) const;

  double most_;
  std::vector<double> counts_;
};

}  // namespace tilewright
