// Written by the build into code_hash_sources.cpp (cmake/HashSources.cmake).
#pragma once

#include <span>

namespace tilewright {

struct HashedFolder {
  const char* name;    // "evaluation", "agents", "agents/torch", ...
  const char* sha256;  // of its sources
};
std::span<const HashedFolder> hashed_folders();

}  // namespace tilewright
