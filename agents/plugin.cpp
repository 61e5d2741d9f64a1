#include "agents/plugin.h"

#include "support/plugin.h"

namespace tilewright {

MakeSearcher open_plugin(const char* library, const char* symbol) {
  return reinterpret_cast<MakeSearcher>(
      plugin_symbol(library, symbol,
                    {"TW-AGENT-004",
                     "reinstall Tilewright and the packages that it needs, or use --agent random "
                     "or grid"}));
}

std::unique_ptr<Searcher> make_classical_searcher(const std::string& name,
                                                  const SearchOptions& options) {
  static const MakeSearcher kMake =
      open_plugin("libtilewright_agents_classical.so", kMakeClassicalSearcher);
  return std::unique_ptr<Searcher>(kMake(name, options));
}

}  // namespace tilewright
