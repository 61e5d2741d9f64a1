// SAC as a searcher: walks from good designs, learns from every evaluation.
#pragma once

#include <memory>

#include "agents/searcher.h"

namespace tilewright::rl {

std::unique_ptr<Searcher> make_sac(const SearchOptions& options);
// The same with the paper's plain configuration for defaults.
std::unique_ptr<Searcher> make_paper(const SearchOptions& options);

}  // namespace tilewright::rl
