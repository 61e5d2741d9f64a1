// Figure 3: exploration and the entropy of the policy against evaluations, over seeds.
#include <algorithm>
#include <cmath>

#include "agents/searcher.h"
#include "experiments/statistics.h"
#include "experiments/table_builder.h"
#include "experiments/tables.h"

namespace tilewright {
namespace {

constexpr std::size_t kMarks = 60;

struct Trace {
  const char* column;
  const char* name;
};
constexpr Trace kTraces[] = {{"epsilon", "Epsilon"},
                             {"entropy", "Entropy"},
                             {"mesh_entropy", "Mesh entropy"},
                             {"alpha", "Alpha"}};

// values[trace][evaluation] of one search, and the best feasible score so far last.
using Traces = std::vector<std::vector<double>>;

Traces traces_of(const SearchResult& search) {
  Traces traces(std::size(kTraces) + 1);
  double best = NAN;
  for (std::size_t e = 0; e < search.log.size(); ++e) {
    for (std::size_t t = 0; t < std::size(kTraces); ++t) {
      const auto& names = search.diagnostic_columns;
      const auto at = static_cast<std::size_t>(
          std::find(names.begin(), names.end(), kTraces[t].column) - names.begin());
      const bool known = e < search.diagnostics.size() && at < search.diagnostics[e].size();
      traces[t].push_back(known ? search.diagnostics[e][at] : NAN);
    }
    if (search.log[e].feasible && !(best <= search.log[e].score)) best = search.log[e].score;
    traces.back().push_back(best);
  }
  return traces;
}

}  // namespace

std::vector<ExperimentTable> figure03(const ExperimentInputs& inputs) {
  const PaperPoint& point = inputs.llama.points.front();
  const Problem problem(point.surrogate, parse_level(inputs.level));
  std::vector<Traces> seeds;
  for (std::int64_t s = 0; s < inputs.seeds; ++s) {
    SearchOptions options;
    options.evaluations = inputs.episodes;
    options.seed = inputs.seed + static_cast<std::uint64_t>(s);
    options.threads = inputs.threads;
    seeds.push_back(traces_of(run_search(problem, "paper", options)));
  }
  TableBuilder out("figure03_convergence", "Exploration of the paper's agent, Llama 3.1 8B at " +
                                               point.node + "; median, least and largest over " +
                                               std::to_string(inputs.seeds) + " seeds");
  out.label("Evaluation");
  for (std::size_t t = 0; t <= std::size(kTraces); ++t) {
    const std::string name = t < std::size(kTraces) ? kTraces[t].name : "Best score";
    for (const char* which : {"", " low", " high"}) out.figure(name + which);
  }
  const auto length = static_cast<std::size_t>(inputs.episodes);
  for (std::size_t mark = 1; mark <= std::min(kMarks, length); ++mark) {
    const std::size_t e = mark * length / std::min(kMarks, length) - 1;
    std::vector<Cell> row{Number{static_cast<double>(e + 1)}};
    for (std::size_t t = 0; t <= std::size(kTraces); ++t) {
      std::vector<double> values;
      for (const Traces& traces : seeds) {
        if (e < traces[t].size() && std::isfinite(traces[t][e])) values.push_back(traces[t][e]);
      }
      if (values.empty()) {
        row.insert(row.end(), 3, Missing{"nothing feasible yet"});
        continue;
      }
      const auto [low, high] = std::minmax_element(values.begin(), values.end());
      row.insert(row.end(), {Number{median(values), 5}, Number{*low, 5}, Number{*high, 5}});
    }
    out.ours(std::move(row));
  }
  return {out.take()};
}

}  // namespace tilewright
