#include "agents/classical/pagmo_problem.h"

#include "mdp/normalise.h"

namespace tilewright {
namespace {

std::pair<pagmo::vector_double, pagmo::vector_double> unit_box() {
  return {pagmo::vector_double(kActionCount, 0.0), pagmo::vector_double(kActionCount, 1.0)};
}

}  // namespace

pagmo::vector_double ScalarProblem::fitness(const pagmo::vector_double& point) const {
  return {tilewright::fitness(objective->at(point))};
}

std::pair<pagmo::vector_double, pagmo::vector_double> ScalarProblem::get_bounds() const {
  return unit_box();
}

pagmo::vector_double ParetoProblem::fitness(const pagmo::vector_double& point) const {
  const Evaluation& e = objective->at(point);
  if (!e.feasible) return pagmo::vector_double(3, tilewright::fitness(e));
  const References& r = objective->oracle().problem().surrogate().references();
  return {bounded_ratio(r.tok_s, e.tok_s), bounded_ratio(e.power_mw, r.power_mw),
          bounded_ratio(e.area_mm2, r.area_mm2)};
}

std::pair<pagmo::vector_double, pagmo::vector_double> ParetoProblem::get_bounds() const {
  return unit_box();
}

}  // namespace tilewright
