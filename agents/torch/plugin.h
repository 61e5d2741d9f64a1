// The one symbol between the agents and the library that holds LibTorch. Includes nothing of torch.
#pragma once

#include <string>

#include "agents/searcher.h"

namespace tilewright {

// A new searcher that the caller owns, or null for an unknown name. May throw Error.
using MakeTorchSearcher = Searcher* (*)(const std::string& name, const SearchOptions& options);
inline constexpr const char* kMakeTorchSearcher = "tilewright_make_torch_searcher";

}  // namespace tilewright
