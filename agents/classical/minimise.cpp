// CMA-ES of pagmo on any function of the unit cube (agents/minimise.h).
#include <cmath>
#include <limits>
#include <pagmo/algorithms/cmaes.hpp>
#include <pagmo/population.hpp>

#include "agents/classical/objective.h"
#include "agents/minimise.h"
#include "agents/plugin.h"
#include "support/random.h"

namespace tilewright {
namespace {

constexpr unsigned kForever = 1000000000;
constexpr double kTolerance = 1e-5, kGain = 1e-6;
constexpr int kIdleRuns = 100;  // runs in a row that end before their first evaluation

// Counts, keeps the best, and ends a run by throwing RunOver.
class Counted {
 public:
  Counted(const CubeFunction& function, double start_value, const CubeSearch& search)
      : function_(function), left_(search.evaluations), best_{search.start, start_value, 0} {}

  void begin_run(std::int64_t patience) {
    run_best_ = std::numeric_limits<double>::infinity();
    without_gain_ = 0;
    patience_ = patience;
  }
  double at(const std::vector<double>& outside) {
    if (left_ == 0) throw RunOver{};
    --left_;
    ++best_.evaluations;
    std::vector<double> point = outside;
    for (double& u : point) u = mirrored(u);
    const double value = function_(point);
    without_gain_ = value < run_best_ - kGain ? 0 : without_gain_ + 1;
    run_best_ = std::min(run_best_, value);
    if (value < best_.value) {
      best_.point = std::move(point);
      best_.value = value;
    }
    if (without_gain_ >= patience_) throw RunOver{};
    return value;
  }
  std::int64_t left() const { return left_; }
  const CubeBest& best() const { return best_; }

 private:
  const CubeFunction& function_;
  std::int64_t left_;
  CubeBest best_;
  double run_best_ = 0;
  std::int64_t without_gain_ = 0, patience_ = 0;
};

// pagmo copies problems: all copies share one counter.
struct CubeProblem {
  Counted* counted = nullptr;
  std::size_t variables = 1;

  pagmo::vector_double fitness(const pagmo::vector_double& point) const {
    return {counted->at(point)};
  }
  std::pair<pagmo::vector_double, pagmo::vector_double> get_bounds() const {
    return {pagmo::vector_double(variables, 0.0), pagmo::vector_double(variables, 1.0)};
  }
};

void one_run(Counted& counted, double sigma, std::size_t size, unsigned seed) {
  const CubeBest start = counted.best();
  const std::size_t n = start.point.size();
  counted.begin_run(static_cast<std::int64_t>(10 * size + 30 * n));
  pagmo::population population(pagmo::problem(CubeProblem{&counted, n}), 0, seed);
  // The mean starts at the best member, so a population of copies sets it, and costs nothing.
  while (population.size() < size) population.push_back(start.point, {start.value});
  try {
    pagmo::cmaes(kForever, -1, -1, -1, -1, sigma, 0, kTolerance, false, false, seed)
        .evolve(std::move(population));
  } catch (const RunOver&) {
  }
}

CubeBest run(const CubeFunction& function, double start_value, const CubeSearch& search) {
  Counted counted(function, start_value, search);
  RandomStream random(search.seed, "minimise");
  const double n = static_cast<double>(search.start.size());
  auto size = static_cast<std::size_t>(4 + 3 * std::log(n));
  for (int idle = 0; counted.left() > 0 && idle < kIdleRuns; size *= 2) {
    const std::int64_t before = counted.left();
    one_run(counted, search.sigma, std::max<std::size_t>(size, 5),
            static_cast<unsigned>(random.bits() >> 32));
    idle = counted.left() < before ? 0 : idle + 1;
  }
  return counted.best();
}

}  // namespace
}  // namespace tilewright

extern "C" __attribute__((visibility("default"))) void tilewright_minimise_classical(
    const tilewright::CubeFunction& function, double start_value,
    const tilewright::CubeSearch& search, tilewright::CubeBest& out) {
  out = tilewright::run(function, start_value, search);
}
