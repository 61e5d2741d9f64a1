#include "agents/plugin.h"

#include <dlfcn.h>

#include <filesystem>

#include "support/error.h"

namespace tilewright {
namespace {

std::filesystem::path beside_this_library(const char* library) {
  Dl_info info{};
  if (::dladdr(reinterpret_cast<void*>(&open_plugin), &info) == 0) return library;
  return std::filesystem::path(info.dli_fname).parent_path() / library;
}

Error unusable(const std::string& what, const std::filesystem::path& library) {
  const char* text = ::dlerror();
  return Error(
      "TW-AGENT-004", what + ": " + (text != nullptr ? text : "unknown error"), library.string(),
      "reinstall Tilewright and the packages that it needs, or use --agent random or grid");
}

}  // namespace

void* open_plugin(const char* library, const char* symbol) {
  const std::filesystem::path path = beside_this_library(library);
  void* handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) throw unusable("a library of searchers does not load", path);
  void* found = ::dlsym(handle, symbol);
  if (found == nullptr) throw unusable("a library of searchers is of another version", path);
  return found;
}

std::unique_ptr<Searcher> make_classical_searcher(const std::string& name,
                                                  const SearchOptions& options) {
  static const auto kMake =
      reinterpret_cast<MakeSearcher>(open_plugin(kClassicalLibrary, kMakeClassicalSearcher));
  return std::unique_ptr<Searcher>(kMake(name, options));
}

}  // namespace tilewright
