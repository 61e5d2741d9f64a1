#include <array>

#include "agents/builtin.h"
#include "agents/plugin.h"
#include "agents/torch_loader.h"
#include "support/error.h"

namespace tilewright {
namespace {

struct Row {
  const char* name;
  const char* description;
  std::unique_ptr<Searcher> (*make)(const std::string& name, const SearchOptions&);
};

// A searcher that is linked in has its own maker.
template <std::unique_ptr<Searcher> (*Make)(const SearchOptions&)>
std::unique_ptr<Searcher> here(const std::string& /*name*/, const SearchOptions& options) {
  return Make(options);
}

// The first is the default agent.
constexpr std::array kRows{
    Row{"hybrid", "planned in a learned model of the evaluation, beside a SAC policy (the default)",
        make_torch_searcher},
    Row{"sac", "soft actor-critic over steps of a design", make_torch_searcher},
    Row{"model", "expected improvement in a learned model of the evaluation",
        here<make_model_search>},
    Row{"paper", "the paper's plain configuration: SAC, experts, world model, MPC",
        make_torch_searcher},
    Row{"ppo", "proximal policy optimisation over steps of a design", make_torch_searcher},
    Row{"reinforce", "REINFORCE with a running baseline over steps of a design",
        make_torch_searcher},
    Row{"random", "uniform in the unit box", here<make_random_search>},
    Row{"grid", "full grid over mesh, VLEN, DMEM, KV compaction, FETCH and WMEM",
        here<make_grid_search>},
    Row{"cmaes", "CMA-ES with growing restarts (pagmo)", make_classical_searcher},
    Row{"xnes", "exponential natural evolution strategy (pagmo)", make_classical_searcher},
    Row{"de", "differential evolution (pagmo)", make_classical_searcher},
    Row{"sade", "self-adaptive differential evolution, jDE (pagmo)", make_classical_searcher},
    Row{"pso", "particle swarm (pagmo)", make_classical_searcher},
    Row{"sga", "genetic algorithm (pagmo)", make_classical_searcher},
    Row{"nsga2", "NSGA-II over rate, power and area (pagmo)", make_classical_searcher},
    Row{"bee", "artificial bee colony (pagmo)", make_classical_searcher},
    Row{"sa", "simulated annealing (pagmo)", make_classical_searcher},
    Row{"crs2", "controlled random search with local mutation (NLopt)", make_classical_searcher},
    Row{"isres", "ISRES, an evolution strategy with ranked constraints (NLopt)",
        make_classical_searcher},
    Row{"cobyla", "COBYLA: linear models of score and constraints, restarted (NLopt)",
        make_classical_searcher},
    Row{"sbplx", "Subplex: Nelder-Mead in subspaces, restarted (NLopt)", make_classical_searcher},
    Row{"bobyqa", "BOBYQA: quadratic models, restarted (NLopt)", make_classical_searcher},
};

}  // namespace

std::vector<SearcherInfo> searchers() {
  std::vector<SearcherInfo> infos;
  infos.reserve(kRows.size());
  for (const Row& row : kRows)
    infos.push_back({row.name, row.description, row.make == make_torch_searcher});
  return infos;
}

std::map<std::string, std::string> default_settings(const std::string& name,
                                                    std::int64_t evaluations) {
  std::map<std::string, std::string> settings;
  SearchOptions options;
  options.evaluations = evaluations;
  options.on_setting = [&](const std::string& key, const std::string& fallback) {
    settings[key] = fallback;
  };
  make_searcher(name, options);
  return settings;
}

std::unique_ptr<Searcher> make_searcher(const std::string& name, const SearchOptions& options) {
  std::string names;
  for (const Row& row : kRows) {
    if (name == row.name) return row.make(name, options);
    names += (names.empty() ? "" : ", ") + std::string(row.name);
  }
  throw Error("TW-AGENT-001", "no searcher is called '" + name + "'", "--agent",
              "known searchers: " + names);
}

}  // namespace tilewright
