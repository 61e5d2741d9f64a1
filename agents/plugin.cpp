#include "agents/plugin.h"

#include "support/plugin.h"

namespace tilewright {

void* open_plugin(const char* library, const char* symbol) {
  return plugin_symbol(
      library, symbol,
      {"TW-AGENT-004",
       "reinstall Tilewright and the packages that it needs, or use --agent random or grid"});
}

std::unique_ptr<Searcher> make_classical_searcher(const std::string& name,
                                                  const SearchOptions& options) {
  static const auto kMake =
      reinterpret_cast<MakeSearcher>(open_plugin(kClassicalLibrary, kMakeClassicalSearcher));
  return std::unique_ptr<Searcher>(kMake(name, options));
}

}  // namespace tilewright
