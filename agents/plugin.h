// Libraries that are opened when a searcher of theirs is asked for: LibTorch takes half a second
// and 165 MB, pagmo and NLopt 30 MB, and most verbs need neither.
#pragma once

#include <string>

#include "agents/minimise.h"
#include "agents/searcher.h"

namespace tilewright {

// What such a library exports: a new searcher that the caller owns, or null for an unknown name.
// May throw Error.
using MakeSearcher = Searcher* (*)(const std::string& name, const SearchOptions& options);
inline constexpr const char* kMakeTorchSearcher = "tilewright_make_torch_searcher";
inline constexpr const char* kMakeClassicalSearcher = "tilewright_make_classical_searcher";
inline constexpr const char* kClassicalLibrary = "libtilewright_agents_classical.so";

// What the library of classical/ exports besides (agents/minimise.h).
using Minimise = void (*)(const CubeFunction& function, double start_value,
                          const CubeSearch& search, CubeBest& out);
inline constexpr const char* kMinimiseClassical = "tilewright_minimise_classical";

// Opens `library`, which lies beside this one, for the rest of the process, and finds `symbol` in
// it. Throws Error TW-AGENT-004 when it is missing, does not load or is of another version.
void* open_plugin(const char* library, const char* symbol);

// Throws as open_plugin does.
std::unique_ptr<Searcher> make_classical_searcher(const std::string& name,
                                                  const SearchOptions& options);

}  // namespace tilewright
