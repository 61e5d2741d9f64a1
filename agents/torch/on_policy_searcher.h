// PPO and REINFORCE as searchers: walks to their horizon, learned from in rounds.
#pragma once

#include <memory>

#include "agents/searcher.h"

namespace tilewright::rl {

std::unique_ptr<Searcher> make_ppo(const SearchOptions& options);
std::unique_ptr<Searcher> make_reinforce(const SearchOptions& options);

}  // namespace tilewright::rl
