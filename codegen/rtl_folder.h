// The rtl/ folder of an artifact: library, generated modules, and what tools need to read them.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "codegen/chip.h"

namespace tilewright {

struct NamedText {
  std::string name;  // plain file name in rtl/
  std::string text;
};

// The hand-written library: headers first, then the files of tcc.f in its order. Throws Error
// TW-GEN-002 when tcc.f is missing, names a file that is absent, or anything but plain file names.
std::vector<NamedText> read_rtl_library(const std::filesystem::path& folder);

// Package, wrappers, shell, selector, top: in compilation order.
std::vector<NamedText> generated_modules(const Chip& chip);

// filelist.f, <id>.core, and constraints.sdc when the clock is known, for `sources` in that order.
std::vector<NamedText> project_files(const Chip& chip, const std::vector<NamedText>& sources,
                                     const EmitOptions& options);

// Writes all of that to folder/rtl. Returns the paths relative to `folder`.
std::vector<std::filesystem::path> write_rtl(const Chip& chip, const EmitOptions& options,
                                             const std::filesystem::path& folder);

}  // namespace tilewright
