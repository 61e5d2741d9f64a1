#include <array>

#include "agents/builtin.h"
#include "agents/torch_loader.h"
#include "support/error.h"

namespace tilewright {
namespace {

struct Row {
  const char* name;
  const char* description;
  std::unique_ptr<Searcher> (*make)(const SearchOptions&);  // null: in the LibTorch library
};

// The first is the default agent.
constexpr std::array kRows{
    Row{"sac", "soft actor-critic over steps of a design (the default)", nullptr},
    Row{"random", "uniform in the unit box", make_random_search},
    Row{"grid", "full grid over mesh, VLEN, DMEM, KV compaction, FETCH and WMEM", make_grid_search},
};

}  // namespace

std::vector<SearcherInfo> searchers() {
  std::vector<SearcherInfo> infos;
  for (const Row& row : kRows) infos.push_back({row.name, row.description, row.make == nullptr});
  return infos;
}

std::unique_ptr<Searcher> make_searcher(const std::string& name, const SearchOptions& options) {
  std::string names;
  for (const Row& row : kRows) {
    if (name == row.name) {
      return row.make != nullptr ? row.make(options) : make_torch_searcher(name, options);
    }
    names += (names.empty() ? "" : ", ") + std::string(row.name);
  }
  throw Error("TW-AGENT-001", "no searcher is called '" + name + "'", "--agent",
              "known searchers: " + names);
}

}  // namespace tilewright
