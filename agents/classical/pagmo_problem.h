// The search as pagmo sees it.
#pragma once

#include <pagmo/population.hpp>
#include <pagmo/types.hpp>

#include "agents/classical/restarts.h"

namespace tilewright {

// The unit box with one objective, fitness(). pagmo copies problems: all copies share one door.
struct ScalarProblem {
  Objective* objective = nullptr;

  pagmo::vector_double fitness(const pagmo::vector_double& point) const;
  std::pair<pagmo::vector_double, pagmo::vector_double> get_bounds() const;
};

// The unit box with three objectives: the terms of the score (references over rate, power and area
// over references, each as 2 r / (1 + r); lower is better). An infeasible design has its fitness()
// in all three, so every feasible design dominates it.
struct ParetoProblem {
  Objective* objective = nullptr;

  pagmo::vector_double fitness(const pagmo::vector_double& point) const;
  std::pair<pagmo::vector_double, pagmo::vector_double> get_bounds() const;
  pagmo::vector_double::size_type get_nobj() const { return 3; }
};

// A population of `size`: the start point of the run, whose evaluation is known and not paid again,
// and points scattered as in restarts.h.
template <typename Udp>
pagmo::population make_population(Run& run, std::size_t size, double spread) {
  const Udp udp{&run.objective};
  pagmo::population population(pagmo::problem(udp), 0, run.seed());
  const UnitPoint start = start_point(run);
  population.push_back(start, udp.fitness(start));
  while (population.size() < size) {
    const UnitPoint point = scattered_point(run, start, spread);
    population.push_back(point, udp.fitness(point));
  }
  return population;
}

}  // namespace tilewright
