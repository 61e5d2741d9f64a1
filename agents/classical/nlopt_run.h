// One run of an NLopt algorithm on the search.
#pragma once

#include <nlopt.hpp>

#include "agents/classical/restarts.h"

namespace tilewright {

struct NloptPlan {
  nlopt::algorithm algorithm = nlopt::LN_SBPLX;
  // Constraints apart from the score: the objective is the score and every margin a constraint
  // margin >= 0. Otherwise the objective is fitness().
  bool constraints = false;
  std::vector<double> first_steps;  // of local methods, one a coordinate; empty: NLopt's own
  std::int64_t population = 0;      // of global methods; 0: NLopt's own
  double tolerance = 1e-5;          // of coordinates
};

// First steps of about `step` in a drawn direction along each coordinate: direction and, within a
// factor of 3, size are arbitrary, and a deterministic method has no other chance in it.
std::vector<double> drawn_steps(RandomStream& random, double step);

// Runs from `start` until the algorithm converges. Throws what the objective throws.
void nlopt_run(Objective& objective, const NloptPlan& plan, const UnitPoint& start, unsigned seed);

}  // namespace tilewright
