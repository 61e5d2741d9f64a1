// Weights in files of their own. A model names them by a path relative to its folder; nothing it
// names may lead out of that folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace tilewright {

// The path `location` names inside `folder`. Throws Error TW-ONNX-020 when it is empty, absolute,
// holds a ".." or a NUL, or goes through a symbolic link (as far as the path exists). The file may
// be absent.
std::filesystem::path check_external_path(const std::filesystem::path& folder,
                                          std::string_view location, const std::string& where);

// Bytes [offset, offset + bytes) of the file at `path`, which check_external_path gave for
// `folder`. Every step of the path is opened without following links, so that a link put there
// since the check cannot lead out. Throws Error TW-ONNX-021 when absent, -022 when too short.
std::string read_external(const std::filesystem::path& folder, const std::filesystem::path& path,
                          std::int64_t offset, std::int64_t bytes, const std::string& where);

}  // namespace tilewright
