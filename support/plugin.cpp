#include "support/plugin.h"

#include <dlfcn.h>

#include <filesystem>

#include "support/error.h"

namespace tilewright {
namespace {

std::filesystem::path beside_this_library(const char* library) {
  Dl_info info{};
  if (::dladdr(reinterpret_cast<void*>(&plugin_symbol), &info) == 0) return library;
  return std::filesystem::path(info.dli_fname).parent_path() / library;
}

Error unusable(const std::string& what, const std::filesystem::path& library,
               const PluginError& error) {
  const char* text = ::dlerror();
  return {error.id, what + ": " + (text != nullptr ? text : "unknown error"), library.string(),
          error.fix};
}

}  // namespace

void* plugin_symbol(const char* library, const char* symbol, const PluginError& error) {
  const std::filesystem::path path = beside_this_library(library);
  void* handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) throw unusable("a library does not load", path, error);
  void* found = ::dlsym(handle, symbol);
  if (found == nullptr) throw unusable("a library is of another version", path, error);
  return found;
}

}  // namespace tilewright
