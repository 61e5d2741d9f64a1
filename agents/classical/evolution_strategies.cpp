// CMA-ES and xNES: a normal distribution that learns its shape.
#include <cmath>
#include <pagmo/algorithms/cmaes.hpp>
#include <pagmo/algorithms/xnes.hpp>

#include "agents/classical/classical.h"
#include "agents/classical/pagmo_problem.h"
#include "agents/settings.h"
#include "support/error.h"

namespace tilewright {
namespace {

constexpr double kTolerance = 1e-5;  // steps below it are lost in the rounding of the projection

struct StrategySettings {
  std::int64_t population = 0;
  double sigma = 0, growth = 0;
  bool centre = false;
};

// 4 + 3 ln n, Hansen's default.
std::int64_t default_population() {
  return 4 + static_cast<std::int64_t>(3 * std::log(static_cast<double>(kActionCount)));
}

StrategySettings read_settings(const std::string& name, const SearchOptions& options,
                               double sigma) {
  SettingsReader reader(name, options);
  StrategySettings s;
  s.population = reader.integer("population", default_population(), 5, 10000);
  s.sigma = reader.number("sigma", sigma, 1e-4, 1);
  s.growth = reader.number("growth", 2, 1, 10);
  const std::string start = reader.text("start", "initial");
  if (start != "initial" && start != "centre") {
    throw Error("TW-AGENT-002", "setting 'start' cannot be '" + start + "'",
                "settings of searcher '" + name + "'", "use initial or centre");
  }
  s.centre = start == "centre";
  reader.finish();
  return s;
}

class Strategy : public RestartedSearcher {
 public:
  explicit Strategy(const StrategySettings& settings) : settings_(settings) {}

 protected:
  Repair repair() const override { return Repair::kReflect; }

  void one_run(Run& run) override {
    const auto size = static_cast<std::size_t>(static_cast<double>(settings_.population) *
                                               std::pow(settings_.growth, run.index));
    // Hansen's stagnation rule: 10 + 30 n / lambda generations.
    run.objective.begin_run(static_cast<std::int64_t>(10 * size + 30 * kActionCount));
    pagmo::population population(pagmo::problem(ScalarProblem{&run.objective}), 0, run.seed());
    // The mean starts at the best member, so a population of copies sets it, and costs nothing.
    const UnitPoint mean = mean_of(run);
    const pagmo::vector_double value{fitness(run.objective.best())};
    while (population.size() < size) population.push_back(mean, value);
    evolve(std::move(population), settings_.sigma, run.seed());
  }

 private:
  virtual void evolve(pagmo::population population, double sigma, unsigned seed) const = 0;

  UnitPoint mean_of(Run& run) const {
    return settings_.centre && run.first() ? UnitPoint(kActionCount, 0.5) : start_point(run);
  }

  StrategySettings settings_;
};

constexpr unsigned kForever = 1000000000;

class Cmaes final : public Strategy {
 public:
  using Strategy::Strategy;
  std::string name() const override { return "cmaes"; }

 private:
  void evolve(pagmo::population population, double sigma, unsigned seed) const override {
    pagmo::cmaes(kForever, -1, -1, -1, -1, sigma, 0, kTolerance, false, false, seed)
        .evolve(std::move(population));
  }
};

class Xnes final : public Strategy {
 public:
  using Strategy::Strategy;
  std::string name() const override { return "xnes"; }

 private:
  void evolve(pagmo::population population, double sigma, unsigned seed) const override {
    pagmo::xnes(kForever, -1, -1, -1, sigma, 0, kTolerance, false, false, seed)
        .evolve(std::move(population));
  }
};

}  // namespace

std::unique_ptr<Searcher> make_cmaes(const SearchOptions& options) {
  return std::make_unique<Cmaes>(read_settings("cmaes", options, 0.1));
}

std::unique_ptr<Searcher> make_xnes(const SearchOptions& options) {
  return std::make_unique<Xnes>(read_settings("xnes", options, 0.05));
}

}  // namespace tilewright
