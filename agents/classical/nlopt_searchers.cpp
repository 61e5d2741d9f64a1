// Searchers from NLopt.
#include <algorithm>

#include "agents/classical/classical.h"
#include "agents/classical/nlopt_run.h"
#include "agents/settings.h"

namespace tilewright {
namespace {

// A local method, restarted from the best design, shaken.
class Local final : public RestartedSearcher {
 public:
  Local(std::string name, nlopt::algorithm algorithm, bool constraints, double step,
        double tolerance, const SearchOptions& options)
      : name_(std::move(name)) {
    SettingsReader reader(name_, options);
    plan_.algorithm = algorithm;
    plan_.constraints = constraints;
    step_ = reader.number("step", step, 1e-4, 0.5);
    plan_.tolerance = reader.number("tolerance", tolerance, 1e-9, 1);
    shake_ = reader.number("shake", 0.05, 0, 1);
    patience_ = reader.integer("patience", 300, 10, 1000000);
    reader.finish();
  }
  std::string name() const override { return name_; }

 protected:
  void one_run(Run& run) override {
    run.objective.begin_run(patience_);
    UnitPoint start = start_point(run);
    if (!run.first()) start = scattered_point(run, start, shake_);
    NloptPlan plan = plan_;
    plan.first_steps = drawn_steps(run.random, step_);
    nlopt_run(run.objective, plan, start, run.seed());
  }

 private:
  std::string name_;
  NloptPlan plan_;
  double step_ = 0, shake_ = 0;
  std::int64_t patience_ = 0;
};

class Global final : public RestartedSearcher {
 public:
  Global(std::string name, nlopt::algorithm algorithm, bool constraints, double per_budget,
         const SearchOptions& options)
      : name_(std::move(name)), per_budget_(per_budget) {
    SettingsReader reader(name_, options);
    plan_.algorithm = algorithm;
    plan_.constraints = constraints;
    plan_.population = reader.integer("population", 0, 0, 100000);
    patience_ = reader.integer("patience", 20, 1, 100000);
    reader.finish();
  }
  std::string name() const override { return name_; }

 protected:
  void one_run(Run& run) override {
    NloptPlan plan = plan_;
    if (plan.population == 0) {
      plan.population = std::max<std::int64_t>(
          kActionCount + 2,
          static_cast<std::int64_t>(per_budget_ * static_cast<double>(run.budget)));
    }
    run.objective.begin_run(patience_ * plan.population);
    nlopt_run(run.objective, plan, start_point(run), run.seed());
  }

 private:
  std::string name_;
  NloptPlan plan_;
  double per_budget_ = 0;
  std::int64_t patience_ = 0;
};

}  // namespace

std::unique_ptr<Searcher> make_crs2(const SearchOptions& options) {
  return std::make_unique<Global>("crs2", nlopt::GN_CRS2_LM, false, 0.02, options);
}
std::unique_ptr<Searcher> make_isres(const SearchOptions& options) {
  return std::make_unique<Global>("isres", nlopt::GN_ISRES, true, 0.013, options);
}
std::unique_ptr<Searcher> make_cobyla(const SearchOptions& options) {
  return std::make_unique<Local>("cobyla", nlopt::LN_COBYLA, true, 0.2, 0.01, options);
}
std::unique_ptr<Searcher> make_sbplx(const SearchOptions& options) {
  return std::make_unique<Local>("sbplx", nlopt::LN_SBPLX, false, 0.2, 1e-3, options);
}
std::unique_ptr<Searcher> make_bobyqa(const SearchOptions& options) {
  return std::make_unique<Local>("bobyqa", nlopt::LN_BOBYQA, false, 0.1, 1e-3, options);
}

}  // namespace tilewright
