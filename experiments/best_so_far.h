// The best score after each evaluation of a log.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "mdp/problem.h"

namespace tilewright {

// One value an evaluation: the lowest score of the feasible designs so far, infinite before the
// first of them.
std::vector<double> best_so_far(std::span<const Evaluation> log);

// Evaluations, counted from 1, until `curve` is finite and at most `score`; its length when
// it never is.
std::int64_t evaluations_until(const std::vector<double>& curve, double score);

}  // namespace tilewright
