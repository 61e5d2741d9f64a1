// Libraries of ours that are opened when something of theirs is asked for.
#pragma once

#include <string>

namespace tilewright {

// The Error for one that does not serve.
struct PluginError {
  std::string id, fix;
};

// Opens `library`, which lies beside this one, for the rest of the process, and finds `symbol` in
// it. Throws Error `error` when it is missing, does not load or is of another version.
void* plugin_symbol(const char* library, const char* symbol, const PluginError& error);

}  // namespace tilewright
