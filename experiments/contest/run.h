// One run of a contest, in this process.
#pragma once

#include <optional>

#include "experiments/contest/record.h"
#include "mdp/problem.h"

namespace tilewright {

// Searches and keeps what the record holds. Nothing when a stop was requested before the search was
// through. `l0_calls` are those of the whole process, the making of `problem` included. Throws what
// the searcher throws.
std::optional<RunRecord> contest_run(const Problem& problem, const RunSpec& spec,
                                     const CodeHashes& code);

}  // namespace tilewright
