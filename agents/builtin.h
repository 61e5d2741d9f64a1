// Searchers that need no LibTorch. One file and one line of registry.cpp each.
#pragma once

#include <memory>

#include "agents/searcher.h"

namespace tilewright {

// Uniform in the unit box.
std::unique_ptr<Searcher> make_random_search(const SearchOptions& options);

// A full grid over the six variables that move the score most, the others at the initial design
// (surrogate.md section 8): mesh side, VLEN, DMEM, KV compaction, FETCH, WMEM in the proportions
// 10:4:5:3:2:4, scaled to the budget (4,800 points at exactly those counts). Levels are the centres
// of equal parts of the unit interval; W and H move together.
std::unique_ptr<Searcher> make_grid_search(const SearchOptions& options);

// Learns the evaluation by Gaussian processes and plans in what it learned (agents/model).
std::unique_ptr<Searcher> make_model_search(const SearchOptions& options);

}  // namespace tilewright
