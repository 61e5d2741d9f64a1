// Searchers from pagmo2 and NLopt. One line of plugin.cpp and of registry.cpp each; README.md says
// what each does with the box, the restarts and the budget, and lists the settings.
#pragma once

#include <memory>

#include "agents/searcher.h"

namespace tilewright {

std::unique_ptr<Searcher> make_cmaes(const SearchOptions& options);
std::unique_ptr<Searcher> make_xnes(const SearchOptions& options);
std::unique_ptr<Searcher> make_de(const SearchOptions& options);
std::unique_ptr<Searcher> make_sade(const SearchOptions& options);
std::unique_ptr<Searcher> make_pso(const SearchOptions& options);
std::unique_ptr<Searcher> make_sga(const SearchOptions& options);
std::unique_ptr<Searcher> make_bee(const SearchOptions& options);
std::unique_ptr<Searcher> make_nsga2(const SearchOptions& options);
std::unique_ptr<Searcher> make_annealing(const SearchOptions& options);
std::unique_ptr<Searcher> make_crs2(const SearchOptions& options);
std::unique_ptr<Searcher> make_isres(const SearchOptions& options);
std::unique_ptr<Searcher> make_cobyla(const SearchOptions& options);
std::unique_ptr<Searcher> make_sbplx(const SearchOptions& options);
std::unique_ptr<Searcher> make_bobyqa(const SearchOptions& options);

}  // namespace tilewright
