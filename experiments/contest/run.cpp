#include "experiments/contest/run.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <set>

#include "agents/searcher.h"

namespace tilewright {
namespace {

constexpr std::int64_t kMarks = 100;

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

double wall_seconds() {
  using Clock = std::chrono::steady_clock;
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

SearchOptions options_of(const RunSpec& spec) {
  SearchOptions options;
  options.evaluations = spec.budget;
  options.seed = spec.seed;
  options.free_model = spec.track == Track::kWithModel;
  options.settings = searcher_settings(spec.settings);
  return options;
}

// What the earlier search found and learned.
void start_warm(SearchOptions& options, const ProblemOf& problem_of, const RunSpec& spec) {
  const auto from = warm_start_of(spec);
  if (!from) return;
  SearchOptions before = options;
  before.evaluations = from->budget;
  SearchResult earlier = run_search(problem_of(from->where), spec.searcher, before);
  options.earlier = std::move(earlier.log);
  options.earlier_learned = std::move(earlier.learned);
}

// Fills the record from the log, evaluation by evaluation.
class Tally {
 public:
  explicit Tally(RunRecord& run) : run_(run) {}

  void add(const Evaluation& e) {
    ++now_.evaluation;
    now_.feasible += e.feasible ? 1 : 0;
    if (seen_.insert(e.design).second) {
      ++now_.distinct;
      now_.distinct_feasible += e.feasible ? 1 : 0;
    }
    const bool gain = run_.improvements.empty() || e.score < run_.improvements.back().score;
    if (e.feasible && std::isfinite(e.score) && gain) {
      run_.improvements.push_back({now_.evaluation, e.score});
      run_.best_design = e.design;
      run_.best_tok_s = e.tok_s;
      run_.best_power_mw = e.power_mw;
      run_.best_area_mm2 = e.area_mm2;
    }
  }
  const Mark& now() const { return now_; }

 private:
  RunRecord& run_;
  Mark now_;
  std::set<ActionVector> seen_;
};

bool is_mark(std::int64_t evaluation, std::int64_t budget, std::int64_t end) {
  // The first evaluation at or past each hundredth of the budget.
  return evaluation == end || evaluation * kMarks / budget > (evaluation - 1) * kMarks / budget;
}

void keep(RunRecord& run, const SearchResult& result) {
  run.evaluations = std::ssize(result.log);
  run.initial_score = result.log.front().score;
  run.initial_feasible = result.log.front().feasible;
  run.diagnostic_columns = result.diagnostic_columns;
  Tally tally(run);
  for (std::size_t i = 0; i < result.log.size(); ++i) {
    tally.add(result.log[i]);
    if (!is_mark(tally.now().evaluation, run.spec.budget, run.evaluations)) continue;
    run.marks.push_back(tally.now());
    run.marks.back().diagnostics = result.diagnostics[i];
  }
}

}  // namespace

std::optional<RunRecord> contest_run(const ProblemOf& problem_of, const RunSpec& spec,
                                     const CodeHashes& code) {
  RunRecord run;
  run.spec = spec;
  run.code = code;
  const double wall = wall_seconds(), cpu = cpu_seconds();
  SearchOptions options = options_of(spec);
  start_warm(options, problem_of, spec);
  const SearchResult result = run_search(problem_of(spec.where), spec.searcher, options);
  run.wall_s = wall_seconds() - wall;
  run.cpu_s = cpu_seconds() - cpu;
  if (result.interrupted || result.log.empty()) return std::nullopt;
  run.l0_calls = Surrogate::l0_calls();
  keep(run, result);
  return run;
}

}  // namespace tilewright
