// A DESIGN argument: a design.json, the artifact folder that holds one, or a named design.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "arch/design.h"
#include "cli/options.h"
#include "surrogate/surrogate.h"

namespace tilewright {

struct DesignFile {
  Design design;
  std::filesystem::path folder;  // where it lies, for the files beside it
  TargetOptions target;  // node and mode of the design, the rest from manifest.json beside it
  std::optional<std::int64_t> context;  // from the manifest
};

// `path` is the file or its folder. Throws what reading it throws.
DesignFile read_design(const std::filesystem::path& path);

// "printed" and "initial" name a design by its rule; anything else is a path.
bool is_named_design(const std::string& design);
// The actions of a named design, unprojected. Throws Error TW-CLI-010 when the paper prints none.
ActionVector named_actions(const std::string& design, const Surrogate& surrogate);

}  // namespace tilewright
