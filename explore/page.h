// One self-contained HTML page to look around in finished searches. It asks no network for anything
// (and its content security policy forbids it).
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "arch/design.h"
#include "explore/search_log.h"
#include "mdp/problem.h"
#include "support/json.h"
#include "surrogate/surrogate.h"

namespace tilewright {

// One artifact folder.
struct Explored {
  std::string name;               // of its folder
  std::string unit;               // "token" or "inference"
  Json options = Json::object();  // of manifest.json
  Design design;
  Json ppa;                         // ppa.json
  SearchLog log;                    // without columns when the design was given and not searched
  std::vector<std::size_t> pareto;  // rows of the log
  std::shared_ptr<const Surrogate> surrogate;  // what maps its designs
  Level level = Level::kL1;
};

// What has room in a page below 5 MB. Maps: those of final designs first, then of Pareto sets and
// best designs of all folders in turn. Evaluations: every folder has an equal part.
struct PageRoom {
  std::size_t evaluations = 6000;
  std::size_t map_bytes = 1'900'000;
  std::size_t best_mapped = 24;  // of a folder, beside its Pareto set
};

// The data of the page: schema "tilewright.explore".
Json explore_data(const std::vector<Explored>& folders, const PageRoom& room,
                  const std::string& version);

std::string explore_page(const Json& data);

}  // namespace tilewright
