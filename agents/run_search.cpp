#include "agents/searcher.h"
#include "support/stop.h"

namespace tilewright {
namespace {

const Evaluation& best_of(const std::vector<Evaluation>& log) {
  const Evaluation* best = &log.front();
  for (const Evaluation& e : log) {
    if (better(e, *best)) best = &e;
  }
  return *best;
}

}  // namespace

SearchResult search_closed_form(const Problem& problem, std::uint64_t seed) {
  SearchOptions free;
  free.evaluations = 20000;  // 200 generations
  free.seed = seed;
  free.settings["population"] = "100";
  return run_search(problem.at_level(Level::kL0), "cmaes", free);
}

SearchResult run_search(const Problem& given, const std::string& searcher,
                        const SearchOptions& options, const OnEvaluation& on_evaluation) {
  const std::unique_ptr<Searcher> agent = make_searcher(searcher, options);
  const Problem problem = options.free_model && !agent->plans_with_free_model()
                              ? given.starting_at(search_closed_form(given, options.seed).best.unit)
                              : given;
  Oracle oracle(problem, options, [&](std::int64_t number, const Evaluation& e) {
    if (on_evaluation) on_evaluation(number, e, *agent);
  });
  SearchResult result;
  try {
    if (oracle.used() == 0) oracle.evaluate(problem.initial_unit());
    agent->run(oracle);
  } catch (const SearchEnded&) {
    result.interrupted = stop_requested() && oracle.remaining() > 0;
  }
  // A search that is stopped before its first evaluation still has the initial design to show.
  result.best =
      oracle.log().empty() ? problem.evaluate(problem.initial_unit()) : best_of(oracle.log());
  const std::int64_t used = oracle.used();
  result.log = oracle.take_log();
  result.pareto = oracle.archive().members();
  result.learned = agent->learned();
  result.diagnostic_columns = agent->diagnostics();
  for (std::int64_t i = 0; i < used; ++i) {
    result.diagnostics.push_back(agent->diagnostics_row(i));
  }
  return result;
}

}  // namespace tilewright
