// The log of an earlier compile, for searches that can learn from it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "mdp/problem.h"

namespace tilewright {

// Evaluations of `folder`/search.csv, on whatever node and of whatever workload it was: designs,
// figures and margins; not the states that an agent saw. Throws Error TW-CLI-020 when the folder
// has none, and what reading a CSV throws.
std::vector<Evaluation> read_earlier(const std::filesystem::path& folder);

// Hash of what read_earlier reads; empty for an empty path.
std::string hash_of_earlier(const std::filesystem::path& folder);

}  // namespace tilewright
