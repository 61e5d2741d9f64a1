// A DESIGN argument: a design.json, the artifact folder that holds one, or a named design.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "arch/design.h"
#include "cli/options.h"

namespace tilewright {

struct DesignFile {
  Design design;
  std::filesystem::path folder;  // where it lies, for the files beside it
  TargetOptions target;  // node and mode of the design, the rest from manifest.json beside it
  std::optional<std::int64_t> context;  // from the manifest
};

// `path` is the file or its folder. Throws what reading it throws.
DesignFile read_design(const std::filesystem::path& path);

}  // namespace tilewright
