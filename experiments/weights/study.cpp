#include "experiments/weights/study.h"

#include <algorithm>
#include <limits>

#include "agents/searcher.h"
#include "experiments/statistics.h"

namespace tilewright {
namespace {

constexpr const char* kSearcher = "model";
constexpr const char* kFrontSearcher = "nsga2";
// Neighbouring optima are told apart by descents from what is best known: many cheap small steps.
constexpr const char* kRefiner = "cmaes";
constexpr const char* kRefinerSigma = "0.03";
constexpr std::int64_t kRefinementsPerEpisode = 5;

class Weighing {
 public:
  Weighing(const ExperimentInputs& inputs, const Study& study, const PaperPoint& point)
      : inputs_(inputs), study_(study), calibration_(load_calibration(inputs.calibration)) {
    case_.workload = study.workload;
    case_.node = point.node;
    case_.f_max_mhz = point.surrogate->node().f_max_mhz();
    case_.references = point.surrogate->references();
    case_.settings = weight_settings(case_.references.weights);
    for (auto& way : case_.choices) way.resize(case_.settings.size());
  }

  WeightCase run() {
    std::vector<Problem> problems;
    for (const WeightSetting& setting : case_.settings)
      problems.push_back(problem_of(setting.weights));
    for (std::int64_t s = 0; s < inputs_.seeds; ++s) {
      const std::uint64_t seed = inputs_.seed + static_cast<std::uint64_t>(s);
      const SearchResult front = search(problems.front(), kFrontSearcher, seed);
      select_all(Chosen::kFromFront, front);
      for (std::size_t i = 0; i < problems.size(); ++i) {
        const SearchResult anew = search(problems[i], kSearcher, seed);
        if (i == 0) {
          select_all(Chosen::kFromArchive, anew);
          case_.evaluations_once = std::ssize(anew.log);
        }
        if (s == 0) case_.evaluations_anew += std::ssize(anew.log);
        add(Chosen::kAnew, i, anew.best.feasible ? &anew.best : nullptr);
      }
    }
    for (const PpaWeights& weights : weights_around(case_.references.weights)) refine(weights);
    for (auto& way : case_.choices) {
      for (std::size_t i = 0; i < way.size(); ++i) {
        for (WeightChoice& choice : way[i]) choice.best_known = best_known(i);
      }
    }
    return std::move(case_);
  }

 private:
  Problem problem_of(const PpaWeights& weights) const {
    Overrides overrides;
    overrides.ppa_weights = weights;
    return Problem(
        std::make_shared<const Surrogate>(calibration_, find_node(calibration_, case_.node),
                                          study_.mode, workload_of(study_), overrides),
        parse_level(inputs_.level));
  }

  SearchResult search(const Problem& problem, const char* searcher, std::uint64_t seed) {
    SearchOptions options;
    options.evaluations = inputs_.episodes;
    options.seed = seed;
    options.threads = inputs_.threads;
    SearchResult result = run_search(problem, searcher, options);
    for (const Evaluation& e : result.pareto) case_.visited.add(e);
    return result;
  }

  // From the best known under these weights.
  void refine(const PpaWeights& weights) {
    const Evaluation* start = case_.visited.select(weights, case_.references);
    if (start == nullptr) return;
    SearchOptions options;
    options.evaluations = kRefinementsPerEpisode * inputs_.episodes;
    options.seed = inputs_.seed;
    options.threads = inputs_.threads;
    options.settings["sigma"] = kRefinerSigma;
    const Problem problem = problem_of(weights).starting_at(start->unit);
    for (const Evaluation& e : run_search(problem, kRefiner, options).pareto) case_.visited.add(e);
  }

  void select_all(Chosen way, const SearchResult& result) {
    ParetoArchive archive;
    for (const Evaluation& e : result.pareto) archive.add(e);
    for (std::size_t i = 0; i < case_.settings.size(); ++i)
      add(way, i, archive.select(case_.settings[i].weights, case_.references));
  }

  void add(Chosen way, std::size_t setting, const Evaluation* found) {
    WeightChoice choice;
    choice.score = std::numeric_limits<double>::infinity();
    if (found != nullptr) {
      choice.design = *found;
      choice.score = weighted_score(*found, case_.settings[setting].weights, case_.references);
    }
    case_.choices[static_cast<std::size_t>(way)][setting].push_back(choice);
  }

  double best_known(std::size_t setting) const {
    const PpaWeights& weights = case_.settings[setting].weights;
    const Evaluation* best = case_.visited.select(weights, case_.references);
    return best == nullptr ? std::numeric_limits<double>::infinity()
                           : weighted_score(*best, weights, case_.references);
  }

  const ExperimentInputs& inputs_;
  const Study& study_;
  Calibration calibration_;
  WeightCase case_;
};

}  // namespace

const char* way_name(Chosen way) {
  switch (way) {
    case Chosen::kFromArchive:
      return "from the mode's archive";
    case Chosen::kFromFront:
      return "from nsga2's archive";
    case Chosen::kAnew:
      return "searched anew";
  }
  return "";
}

const WeightChoice& median_choice(const WeightCase& c, Chosen way, std::size_t setting) {
  const std::vector<WeightChoice>& runs = c.choices[static_cast<std::size_t>(way)][setting];
  std::vector<double> scores;
  for (const WeightChoice& run : runs) scores.push_back(run.score);
  const auto at = std::find(scores.begin(), scores.end(), quantile(scores, 0.5));
  return runs[static_cast<std::size_t>(at - scores.begin())];
}

WeightCase weigh(const ExperimentInputs& inputs, const Study& study, const PaperPoint& point) {
  return Weighing(inputs, study, point).run();
}

}  // namespace tilewright
