#include "agents/classical/objective.h"

#include <algorithm>
#include <cmath>

namespace tilewright {
namespace {

constexpr double kGain = 1e-6;

}  // namespace

double mirrored(double u) {
  const double period = std::fabs(std::remainder(u, 2));  // distance to the nearest even number
  return std::isfinite(period) ? period : 0;
}

namespace {

double repaired(double u, Repair repair) {
  if (repair == Repair::kReflect) return mirrored(u);
  return std::isnan(u) ? 0 : std::clamp(u, 0.0, 1.0);
}

}  // namespace

Objective::Objective(Oracle& oracle, Repair repair) : oracle_(oracle), repair_(repair) {
  const std::vector<Evaluation>& log = oracle_.log();
  for (std::size_t i = 0; i < log.size(); ++i) {
    seen_.emplace(log[i].design, i);
    if (better(log[i], log[best_])) best_ = i;
  }
}

void Objective::begin_run(std::int64_t patience, std::int64_t evaluations) {
  run_best_ = std::numeric_limits<double>::infinity();
  calls_without_gain_ = 0;
  patience_ = patience;
  evaluations_left_ = evaluations;
}

const Evaluation& Objective::at(std::span<const double> point) {
  ActionVector unit{};
  for (std::size_t i = 0; i < kActionCount; ++i) unit[i] = repaired(point[i], repair_);
  const Evaluation& e = look_up_or_evaluate(unit);
  watch(fitness(e));
  return e;
}

const Evaluation& Objective::look_up_or_evaluate(const ActionVector& unit) {
  const DesignBox& box = oracle_.problem().box();
  const ActionVector design = project(from_unit(unit, box), box);
  if (const auto found = seen_.find(design); found != seen_.end()) {
    return oracle_.log()[found->second];
  }
  if (evaluations_left_ <= 0) throw RunOver{};
  --evaluations_left_;
  oracle_.evaluate(unit);
  const std::size_t place = oracle_.log().size() - 1;
  seen_.emplace(design, place);
  if (better(oracle_.log()[place], oracle_.log()[best_])) best_ = place;
  return oracle_.log()[place];
}

void Objective::watch(double value) {
  if (value < run_best_ - kGain) {
    run_best_ = value;
    calls_without_gain_ = 0;
  } else if (++calls_without_gain_ >= patience_) {
    throw RunOver{};
  }
}

const Evaluation& Objective::best() const {
  return oracle_.log()[best_];
}

}  // namespace tilewright
