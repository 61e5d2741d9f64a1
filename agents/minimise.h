// CMA-ES on any function of the unit cube, for experiments that search something other than the 30
// variables of a Problem.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace tilewright {

// Lower is better; never NaN.
using CubeFunction = std::function<double(std::span<const double> point)>;

struct CubeSearch {
  std::vector<double> start;     // of as many variables as the function has, at least two
  double sigma = 0.1;            // first standard deviation of a coordinate
  std::int64_t evaluations = 0;  // at most
  std::uint64_t seed = 0;
};

// The best of all that was evaluated and the start, whose value is given and not paid for.
struct CubeBest {
  std::vector<double> point;
  double value = 0;
  std::int64_t evaluations = 0;
};

// Restarted as the searcher `cmaes` is (classical/README.md): from the best, with twice the
// population, after Hansen's stagnation; coordinates are mirrored at the faces. Spends the whole
// budget. Throws what the function throws, and Error TW-AGENT-003 or TW-AGENT-004.
CubeBest minimise(const CubeFunction& function, double start_value, const CubeSearch& search);

}  // namespace tilewright
