// What an earlier compile left for searches that can learn from it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "mdp/problem.h"

namespace tilewright {

inline constexpr const char* kPolicyFile = "policy.bin";

struct Earlier {
  // Of search.csv, on whatever node and of whatever workload it was: designs, figures and margins;
  // not the states that an agent saw.
  std::vector<Evaluation> log;
  std::string learned;  // policy.bin; empty where the agent learned no policy
};
// Throws Error TW-CLI-020 when the folder has no search, and what reading a CSV throws.
Earlier read_earlier(const std::filesystem::path& folder);

// Hash of what read_earlier reads; empty for an empty path.
std::string hash_of_earlier(const std::filesystem::path& folder);

}  // namespace tilewright
