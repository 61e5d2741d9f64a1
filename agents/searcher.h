// One interface for every searcher, from random search to the full agent. It must serve them all
// without change: budget, random streams, feasibility information and initial design are the same
// for everybody.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "agents/checkpoint.h"
#include "mdp/archive.h"
#include "mdp/problem.h"
#include "support/random.h"

namespace tilewright {

struct SearchOptions {
  std::int64_t evaluations = 4613;  // full evaluations, everybody's own extra ones included
  double time_limit_s = 0;          // 0: none. A time limit gives up byte-identical results.
  std::uint64_t seed = 0;
  int threads = 1;
  bool free_model = false;  // the searcher may query the closed form L0, and it costs nothing
  // Evaluations of an earlier search, on another node or of another workload, best or all of them,
  // for searchers that can learn from them.
  std::vector<Evaluation> earlier;
  std::string earlier_learned;                  // SearchResult::learned of that search
  std::map<std::string, std::string> settings;  // searcher's own, e.g. "reward" = "paper"
  // Hears every setting that the searcher reads while it is made, and its own value of it.
  std::function<void(const std::string& key, const std::string& fallback)> on_setting;
  // Is given a checkpoint every so often, and when a stop signal ends the search.
  std::function<void(const Checkpoint&)> keep;
  double keep_every_s = 10;  // 0: whenever one could be left
  // Goes on from here: the same problem, searcher and options as when it was kept.
  std::shared_ptr<const Checkpoint> resume;
};

// The counted door to the evaluation. Every call is logged; past the budget (or the time limit, or
// after a stop signal) it throws SearchEnded, which run_search catches. What was evaluated of a
// batch by then is in the log.
//
// A search can go on from a checkpoint in two ways. A searcher that calls persist_with() and rest()
// has its state restored. Any other runs again, and is answered from the evaluations that were
// kept.
struct SearchEnded {};
class Oracle {
 public:
  Oracle(const Problem& problem, const SearchOptions& options,
         std::function<void(std::int64_t, const Evaluation&)> on_evaluation);

  const Problem& problem() const { return problem_; }
  Evaluation evaluate(const ActionVector& unit);
  // In parallel over options.threads; results and log in input order, whatever the threads.
  std::vector<Evaluation> evaluate(std::span<const ActionVector> units);
  std::int64_t used() const { return static_cast<std::int64_t>(log_.size()); }
  std::int64_t remaining() const;
  const std::vector<Evaluation>& log() const { return log_; }
  std::vector<Evaluation> take_log() { return std::move(log_); }  // once the search has ended
  const ParetoArchive& archive() const { return archive_; }
  // A named stream of this search: the same name and seed give the same numbers.
  RandomStream stream(const std::string& name) const;
  const SearchOptions& options() const { return options_; }

  // `persist` names all that the searcher's next steps depend on. Reads it at once when the search
  // goes on from a checkpoint.
  void persist_with(std::function<void(StateArchive&)> persist);
  // The searcher could go on from here. Leaves a checkpoint when one is due, and ends the search
  // after a stop signal: a searcher with a state is ended by it here alone.
  void rest();

 private:
  void end_if_spent() const;  // budget, time limit, stop signal
  void keep() const;
  void keep_if_due();
  Evaluation answer(const ActionVector& unit, std::int64_t number) const;
  void record(const Evaluation& e);
  std::vector<Evaluation> evaluate_parallel(std::span<const ActionVector> units) const;

  const Problem& problem_;
  SearchOptions options_;
  std::function<void(std::int64_t, const Evaluation&)> on_evaluation_;
  std::vector<Evaluation> log_;
  ParetoArchive archive_;
  std::function<void(StateArchive&)> persist_;
  double started_ = 0, next_keep_ = 0;
};

class Searcher {
 public:
  virtual ~Searcher() = default;
  virtual std::string name() const = 0;
  // Searches until the oracle ends it or it converges. oracle.log() holds the initial design
  // already.
  virtual void run(Oracle& oracle) = 0;
  // With SearchOptions::free_model: plans with L0 itself. Other searchers start at a design that is
  // optimal at L0 and refine it.
  virtual bool plans_with_free_model() const { return false; }
  // Columns that it adds to search.csv, one value set an evaluation (entropy, alpha, ...).
  virtual std::vector<std::string> diagnostics() const { return {}; }
  virtual std::vector<double> diagnostics_row(std::int64_t /*evaluation*/) const { return {}; }
  // What it learned that a search of another node or workload can start with; after run().
  virtual std::string learned() { return {}; }
};

struct SearcherInfo {
  std::string name, description;
  bool needs_torch;
};
std::vector<SearcherInfo> searchers();
// The settings that a searcher reads, with the values that it takes when none is given (of a budget
// where one depends on it). Throws what make_searcher throws.
std::map<std::string, std::string> default_settings(const std::string& name,
                                                    std::int64_t evaluations);
// Loads LibTorch only for searchers that need it. Throws Error TW-AGENT-001 for an unknown name.
std::unique_ptr<Searcher> make_searcher(const std::string& name, const SearchOptions& options);

struct SearchResult {
  Evaluation best;              // by better()
  std::vector<Evaluation> log;  // in order
  std::vector<Evaluation>
      pareto;  // feasible, non-dominated in (tok/s, power, area), by falling tok/s
  std::vector<std::string> diagnostic_columns;
  std::vector<std::vector<double>> diagnostics;
  std::string learned;  // Searcher::learned
  bool interrupted = false;
};
// Is told every evaluation with its number, counted from 0.
using OnEvaluation = std::function<void(std::int64_t, const Evaluation&, const Searcher&)>;
SearchResult run_search(const Problem& problem, const std::string& searcher,
                        const SearchOptions& options, const OnEvaluation& on_evaluation = {});

// What is best at L0, by CMA-ES run until it has long stopped improving: where a searcher starts
// that may query L0 freely and has no use of its own for it.
SearchResult search_closed_form(const Problem& problem, std::uint64_t seed);

}  // namespace tilewright
