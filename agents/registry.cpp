#include <array>

#include "agents/builtin.h"
#include "agents/classical/classical.h"
#include "agents/torch_loader.h"
#include "support/error.h"

namespace tilewright {
namespace {

struct Row {
  const char* name;
  const char* description;
  std::unique_ptr<Searcher> (*make)(const SearchOptions&);  // null: in the LibTorch library
};

// The first is the default agent.
constexpr std::array kRows{
    Row{"sac", "soft actor-critic over steps of a design (the default)", nullptr},
    Row{"model", "expected improvement in a learned model of the evaluation", make_model_search},
    Row{"random", "uniform in the unit box", make_random_search},
    Row{"grid", "full grid over mesh, VLEN, DMEM, KV compaction, FETCH and WMEM", make_grid_search},
    Row{"cmaes", "CMA-ES with growing restarts (pagmo)", make_cmaes},
    Row{"xnes", "exponential natural evolution strategy (pagmo)", make_xnes},
    Row{"de", "differential evolution (pagmo)", make_de},
    Row{"sade", "self-adaptive differential evolution, jDE (pagmo)", make_sade},
    Row{"pso", "particle swarm (pagmo)", make_pso},
    Row{"sga", "genetic algorithm (pagmo)", make_sga},
    Row{"nsga2", "NSGA-II over rate, power and area (pagmo)", make_nsga2},
    Row{"bee", "artificial bee colony (pagmo)", make_bee},
    Row{"sa", "simulated annealing (pagmo)", make_annealing},
    Row{"crs2", "controlled random search with local mutation (NLopt)", make_crs2},
    Row{"isres", "ISRES, an evolution strategy with ranked constraints (NLopt)", make_isres},
    Row{"cobyla", "COBYLA: linear models of score and constraints, restarted (NLopt)", make_cobyla},
    Row{"sbplx", "Subplex: Nelder-Mead in subspaces, restarted (NLopt)", make_sbplx},
    Row{"bobyqa", "BOBYQA: quadratic models, restarted (NLopt)", make_bobyqa},
};

}  // namespace

std::vector<SearcherInfo> searchers() {
  std::vector<SearcherInfo> infos;
  for (const Row& row : kRows) infos.push_back({row.name, row.description, row.make == nullptr});
  return infos;
}

std::unique_ptr<Searcher> make_searcher(const std::string& name, const SearchOptions& options) {
  std::string names;
  for (const Row& row : kRows) {
    if (name == row.name) {
      return row.make != nullptr ? row.make(options) : make_torch_searcher(name, options);
    }
    names += (names.empty() ? "" : ", ") + std::string(row.name);
  }
  throw Error("TW-AGENT-001", "no searcher is called '" + name + "'", "--agent",
              "known searchers: " + names);
}

}  // namespace tilewright
