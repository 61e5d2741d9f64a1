// One run of a contest, in this process.
#pragma once

#include <functional>
#include <optional>

#include "experiments/contest/record.h"
#include "mdp/problem.h"

namespace tilewright {

using ProblemOf = std::function<Problem(const ContestCase&)>;

// Searches and keeps what the record holds. Nothing when a stop was requested before the search was
// through. `l0_calls` are those of the whole process, the making of the problem included. A warm
// start (plan.h) is the same searcher's run of the other case at the same seed; it is no part of
// the record but for the times. Throws what the searcher throws.
std::optional<RunRecord> contest_run(const ProblemOf& problem_of, const RunSpec& spec,
                                     const CodeHashes& code);

}  // namespace tilewright
