// The default agent: descents planned in a learned model of the evaluation, with a SAC policy that
// learns beside them and proposes.
#pragma once

#include <memory>

#include "agents/searcher.h"

namespace tilewright::rl {

std::unique_ptr<Searcher> make_hybrid(const SearchOptions& options);

}  // namespace tilewright::rl
