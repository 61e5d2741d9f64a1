// Simulated annealing (Corana), one coordinate at a time.
#include <algorithm>
#include <cmath>
#include <pagmo/algorithms/simulated_annealing.hpp>

#include "agents/classical/classical.h"
#include "agents/classical/pagmo_problem.h"
#include "agents/settings.h"

namespace tilewright {
namespace {

class Annealing final : public RestartedSearcher {
 public:
  explicit Annealing(const SearchOptions& options) {
    SettingsReader reader("sa", options);
    hot_ = reader.number("hot", 0.02, 1e-9, 10);
    cold_ = reader.number("cold", 1e-4, 1e-9, 10);
    bin_ = reader.integer("bin", 1, 1, 1000);
    range_ = reader.number("range", 0.6, 1e-3, 1);
    runs_ = reader.integer("runs", 1, 1, 1000);
    reader.finish();
  }
  std::string name() const override { return "sa"; }

 protected:
  // One cooling takes a share of the budget; what is left over at the end cools faster.
  void one_run(Run& run) override {
    const std::int64_t sweep = bin_ * static_cast<std::int64_t>(kActionCount);
    const std::int64_t share = std::min(run.remaining(), run.budget / runs_);
    const auto temperatures = static_cast<unsigned>(std::max<std::int64_t>(1, share / sweep));
    run.objective.begin_run(Objective::kUnlimited);
    auto population = make_population<ScalarProblem>(run, 1, 0);
    pagmo::simulated_annealing(std::max(hot_, cold_), cold_, temperatures, 1,
                               static_cast<unsigned>(bin_), range_, run.seed())
        .evolve(std::move(population));
  }

 private:
  double hot_ = 0, cold_ = 0, range_ = 0;
  std::int64_t bin_ = 0, runs_ = 0;
};

}  // namespace

std::unique_ptr<Searcher> make_annealing(const SearchOptions& options) {
  return std::make_unique<Annealing>(options);
}

}  // namespace tilewright
