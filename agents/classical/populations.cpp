// Differential evolution, particle swarm, genetic algorithms and the bee colony.
#include <algorithm>
#include <pagmo/algorithms/bee_colony.hpp>
#include <pagmo/algorithms/de.hpp>
#include <pagmo/algorithms/nsga2.hpp>
#include <pagmo/algorithms/pso.hpp>
#include <pagmo/algorithms/sade.hpp>
#include <pagmo/algorithms/sga.hpp>

#include "agents/classical/classical.h"
#include "agents/classical/pagmo_problem.h"
#include "agents/settings.h"

namespace tilewright {
namespace {

constexpr unsigned kForever = 1000000000;
constexpr double kTolerance = 1e-5;

// What every population method has.
class Population {
 public:
  // By default share x budget members, between `least` and `most`. Always a multiple of `multiple`.
  struct Rule {
    double share;
    std::int64_t least, most, multiple;
  };

  Population(SettingsReader& reader, const Rule& rule, double spread) : rule_(rule) {
    size_ = reader.integer("population", 0, 0, 10000);
    spread_ = reader.number("spread", spread, 0, 1);
    patience_ = reader.integer("patience", 50, 2, 100000);
  }

  // Starts the run's clock and makes its first generation.
  template <typename Udp>
  pagmo::population make(Run& run) const {
    const std::int64_t members = size(run.budget);
    run.objective.begin_run(patience_ * members);
    return make_population<Udp>(run, static_cast<std::size_t>(members), spread_);
  }

 private:
  std::int64_t size(std::int64_t budget) const {
    const auto share = static_cast<std::int64_t>(rule_.share * static_cast<double>(budget));
    const std::int64_t members =
        size_ > 0 ? std::max(size_, kFewest) : std::clamp(share, rule_.least, rule_.most);
    return (members + rule_.multiple - 1) / rule_.multiple * rule_.multiple;
  }

  static constexpr std::int64_t kFewest = 8;  // that every algorithm here accepts
  Rule rule_;
  std::int64_t size_ = 0;  // 0: by the rule
  double spread_ = 0;
  std::int64_t patience_ = 0;  // generations without a gain
};

unsigned choice(SettingsReader& reader, const std::string& key, unsigned fallback, unsigned most) {
  return static_cast<unsigned>(reader.integer(key, fallback, 1, most));
}

class De final : public RestartedSearcher {
 public:
  explicit De(const SearchOptions& options) : De(SettingsReader("de", options)) {}
  std::string name() const override { return "de"; }

 protected:
  void one_run(Run& run) override {
    pagmo::de(kForever, scale_, crossover_, variant_, kTolerance, kTolerance, run.seed())
        .evolve(population_.make<ScalarProblem>(run));
  }

 private:
  explicit De(SettingsReader reader)
      : population_(reader, {0.04, 15, 60, 1}, 0),
        scale_(reader.number("scale", 0.5, 0, 1)),
        crossover_(reader.number("crossover", 0.9, 0, 1)),
        variant_(choice(reader, "variant", 8, 10)) {
    reader.finish();
  }

  Population population_;
  double scale_, crossover_;
  unsigned variant_;
};

class Sade final : public RestartedSearcher {
 public:
  explicit Sade(const SearchOptions& options) : Sade(SettingsReader("sade", options)) {}
  std::string name() const override { return "sade"; }

 protected:
  void one_run(Run& run) override {
    pagmo::sade(kForever, variant_, adaptation_, kTolerance, kTolerance, false, run.seed())
        .evolve(population_.make<ScalarProblem>(run));
  }

 private:
  explicit Sade(SettingsReader reader)
      : population_(reader, {0.04, 15, 60, 1}, 0.2),
        variant_(choice(reader, "variant", 6, 18)),
        adaptation_(choice(reader, "adaptation", 1, 2)) {
    reader.finish();
  }

  Population population_;
  unsigned variant_, adaptation_;
};

class Pso final : public RestartedSearcher {
 public:
  explicit Pso(const SearchOptions& options) : Pso(SettingsReader("pso", options)) {}
  std::string name() const override { return "pso"; }

 protected:
  // Constriction and accelerations are those of Clerc and Kennedy (2002).
  void one_run(Run& run) override {
    pagmo::pso(kForever, 0.7298, 2.05, 2.05, velocity_, variant_, topology_, neighbours_, false,
               run.seed())
        .evolve(population_.make<ScalarProblem>(run));
  }

 private:
  explicit Pso(SettingsReader reader)
      : population_(reader, {0.04, 20, 40, 1}, 0.15),
        velocity_(reader.number("velocity", 0.2, 1e-4, 1)),
        variant_(choice(reader, "variant", 5, 6)),
        topology_(choice(reader, "topology", 2, 4)),
        neighbours_(choice(reader, "neighbours", 4, 7)) {
    reader.finish();
  }

  Population population_;
  double velocity_;
  unsigned variant_, topology_, neighbours_;
};

class Sga final : public RestartedSearcher {
 public:
  explicit Sga(const SearchOptions& options) : Sga(SettingsReader("sga", options)) {}
  std::string name() const override { return "sga"; }

 protected:
  void one_run(Run& run) override {
    pagmo::sga(kForever, crossover_, crossover_index_, mutation_, mutation_index_, tournament_,
               "sbx", "polynomial", "tournament", run.seed())
        .evolve(population_.make<ScalarProblem>(run));
  }

 private:
  explicit Sga(SettingsReader reader)
      : population_(reader, {0.04, 16, 60, 2}, 0.15),
        crossover_(reader.number("crossover", 0.9, 0, 0.999)),
        crossover_index_(reader.number("crossover-index", 3, 1, 100)),
        mutation_(reader.number("mutation", 0.1, 0, 1)),
        mutation_index_(reader.number("mutation-index", 20, 1, 100)),
        tournament_(choice(reader, "tournament", 2, 8)) {
    reader.finish();
  }

  Population population_;
  double crossover_, crossover_index_, mutation_, mutation_index_;
  unsigned tournament_;
};

class Bee final : public RestartedSearcher {
 public:
  explicit Bee(const SearchOptions& options) : Bee(SettingsReader("bee", options)) {}
  std::string name() const override { return "bee"; }

 protected:
  void one_run(Run& run) override {
    pagmo::bee_colony(kForever, limit_, run.seed()).evolve(population_.make<ScalarProblem>(run));
  }

 private:
  explicit Bee(SettingsReader reader)
      : population_(reader, {0.02, 10, 40, 1}, 0.2), limit_(choice(reader, "limit", 100, 100000)) {
    reader.finish();
  }

  Population population_;
  unsigned limit_;
};

class Nsga2 final : public RestartedSearcher {
 public:
  explicit Nsga2(const SearchOptions& options) : Nsga2(SettingsReader("nsga2", options)) {}
  std::string name() const override { return "nsga2"; }

 protected:
  void one_run(Run& run) override {
    pagmo::nsga2(kForever, crossover_, crossover_index_, mutation_, mutation_index_, run.seed())
        .evolve(population_.make<ParetoProblem>(run));
  }

 private:
  explicit Nsga2(SettingsReader reader)
      : population_(reader, {0.04, 16, 60, 4}, 0.2),
        crossover_(reader.number("crossover", 0.95, 0, 0.999)),
        crossover_index_(reader.number("crossover-index", 10, 1, 100)),
        mutation_(reader.number("mutation", 0.1, 0, 1)),
        mutation_index_(reader.number("mutation-index", 20, 1, 100)) {
    reader.finish();
  }

  Population population_;
  double crossover_, crossover_index_, mutation_, mutation_index_;
};

}  // namespace

std::unique_ptr<Searcher> make_de(const SearchOptions& options) {
  return std::make_unique<De>(options);
}
std::unique_ptr<Searcher> make_sade(const SearchOptions& options) {
  return std::make_unique<Sade>(options);
}
std::unique_ptr<Searcher> make_pso(const SearchOptions& options) {
  return std::make_unique<Pso>(options);
}
std::unique_ptr<Searcher> make_sga(const SearchOptions& options) {
  return std::make_unique<Sga>(options);
}
std::unique_ptr<Searcher> make_bee(const SearchOptions& options) {
  return std::make_unique<Bee>(options);
}
std::unique_ptr<Searcher> make_nsga2(const SearchOptions& options) {
  return std::make_unique<Nsga2>(options);
}

}  // namespace tilewright
