// Reads the source tree and says where it breaks the floors.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace tilewright {

struct Floor {
  int level = 0;
  std::set<std::string>
      libraries;  // third-party include folders (or headers) that it alone may use
};
using Floors = std::map<std::string, Floor>;

Floors read_floors(const std::filesystem::path& csv);

// One line a breach: "mdp/state.cpp:4: includes agents/searcher.h, which is on a higher floor".
std::vector<std::string> include_breaches(const std::filesystem::path& root, const Floors& floors);

// Folders of the table that exist below `root` without a README.md, and the same for the folders of
// tests/.
std::vector<std::string> folders_without_readme(const std::filesystem::path& root,
                                                const Floors& floors);

}  // namespace tilewright
